#include "http/resources/fleet/overview_resource.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "http/message/query.hpp"
#include "http/resources/fleet/fleet_json.hpp"

namespace ubiety::http {
namespace {

// The bars of a histogram: the first and the last are open.
constexpr int battery_bar = 5, signal_bar = 5, weakest_bar = -100, strongest_bar = -30;
// How long an outage that is over is shown.
constexpr std::chrono::hours outage_shown{24};
constexpr std::chrono::minutes minutes_shown{60};

template <class Counts>
void append_values(json::Object& overview, std::string_view name, const Counts& counts, const std::vector<int>& bounds,
                   int lowest) {
  overview.object(name, [&](json::Object& values) {
    values.member("median", counts.median());
    values.array("bars", [&](json::Array& bars) {
      auto from = lowest;
      for (const auto below : bounds) {
        bars.object([&](json::Object& bar) {
          bar.member("below", below);
          bar.member("devices", counts.between(std::exchange(from, below), below));
        });
      }
    });
  });
}

std::vector<int> bounds_of(int first, int last, int width, int end) {
  std::vector<int> bounds;
  for (int bound = first; bound <= last; bound += width) bounds.push_back(bound);
  bounds.push_back(end);
  return bounds;
}

// The last whole minutes of listening, the oldest first.
void append_minutes(json::Array& list, const ReportMinutes& minutes, const Listening& listening) {
  const auto present = ReportMinutes::number_of(listening.saved().listened);
  const auto first = std::max(minutes.first().value_or(present), present - minutes_shown.count());
  for (auto number = first; number < present; ++number) {
    const auto counts = minutes.at(number);
    list.object([&](json::Object& minute) {
      minute.member("from", listening.wall_time_of(ListeningTime(std::chrono::minutes(number))));
      minute.member("reports", counts.reports);
      minute.member("heard", counts.heard);
    });
  }
}

bool is_shown(const SavedOutage& outage, Timestamp now) {
  return !outage.ended_at || now - *outage.ended_at < outage_shown;
}

std::optional<std::string_view> group_by(const Groups& groups) {
  if (!groups.are_used()) return std::nullopt;
  return groups.are_by_key() ? "key" : "prefix";
}

// The newest first.
Answer events_answer(std::vector<FleetEvent> events) {
  std::reverse(events.begin(), events.end());
  std::string body;
  json::append_object(body, [&](json::Object& object) {
    object.array("events", [&](json::Array& list) {
      for (const auto& event : events) append_event(list.begin_element(), event);
    });
  });
  return json_answer(200, std::move(body));
}

}  // namespace

std::string overview_body(const Service& service, const FleetTotals& totals) {
  const auto& state = service.engine.state();
  const auto now = service.clock.now();
  std::string body;
  json::append_object(body, [&](json::Object& overview) {
    overview.member("time", now);
    overview.member("devices", totals.devices);
    overview.member("online", totals.online);
    overview.member("silent", totals.silent);
    overview.member("muted", totals.muted);
    overview.object("problems", [&](json::Object& problems) {
      for (std::size_t i = 0; i < problem_kinds; ++i) problems.member(problem_names[i], totals.problems[i]);
    });
    overview.member("devices_with_problems", totals.troubled);
    overview.member("reports_per_second", state.fleet.reports_per_second());
    overview.array("minutes", [&](json::Array& list) { append_minutes(list, totals.minutes, state.listening); });
    append_values(overview, "battery_level", totals.battery_levels,
                  bounds_of(battery_bar, max_battery_level - battery_bar, battery_bar, max_battery_level + 1),
                  min_battery_level);
    append_values(overview, "rssi", totals.signals, bounds_of(weakest_bar, strongest_bar, signal_bar, max_rssi + 1),
                  min_rssi);
    overview.array("outages", [&](json::Array& list) {
      for (const auto& outage : state.fleet.outages())
        if (is_shown(outage.saved, now)) append_outage(list.begin_element(), outage);
    });
    overview.member("stale_after_seconds", service.engine.stale_after().count());
    overview.member("group_by", group_by(state.groups));
  });
  return body;
}

OverviewResource::OverviewResource(Service& service)
    : service_(service), answers_(service, [&service](const Fleet* fleet) {
        if (fleet == nullptr) return unavailable_answer("the fleet cannot be counted now");
        return json_answer(200, overview_body(service, fleet->totals));
      }) {}

void OverviewResource::get(Exchange&& exchange) {
  if (auto refusal = service_.refusal_of(Activity::read)) return exchange.answer(std::move(*refusal));
  answers_.answer(std::move(exchange));
}

void OverviewResource::get_events(Exchange&& exchange) {
  QueryReader reader(exchange.query());
  const auto limit = reader.integer("limit", 1, FleetBoard::kept_events);
  if (auto refusal = reader.refusal()) return exchange.answer(std::move(*refusal));
  const auto most = static_cast<std::size_t>(limit.value_or(100));
  exchange.answer(events_answer(service_.engine.state().fleet.last_events(most)));
}

void OverviewResource::get_downtimes(Exchange&& exchange) const {
  std::string body;
  json::append_object(body, [&](json::Object& object) {
    object.array("downtimes", [&](json::Array& list) {
      for (const auto& [from, to] : service_.engine.state().fleet.downtimes())
        list.object([&, from = from, to = to](json::Object& downtime) {
          downtime.member("from", from);
          downtime.member("to", to);
        });
    });
  });
  exchange.answer(json_answer(200, std::move(body)));
}

}  // namespace ubiety::http

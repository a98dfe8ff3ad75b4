#include "http/resources/stream/fleet_news.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "http/resources/fleet/fleet_json.hpp"

namespace ubiety::http {
namespace {

FleetNewsItem item_of(const FleetEvent& event) {
  using Kind = FleetNewsItem::Kind;
  FleetNewsItem item{Kind::action, {}, {}};
  if (std::holds_alternative<OutageEvent>(event.what)) item.kind = Kind::outage;
  if (const auto* problem = std::get_if<ProblemEvent>(&event.what)) item = {Kind::problem, problem->device_id, {}};
  append_event(item.json, event);
  return item;
}

FleetNewsItem item_of(const DeviceGone& gone) {
  FleetNewsItem item{FleetNewsItem::Kind::removed, gone.device_id, {}};
  json::append_object(item.json, [&](json::Object& object) { object.member("device_id", gone.device_id); });
  return item;
}

}  // namespace

void FleetNews::follow(const FleetBoard& board) {
  for (const auto& [number, what] : board.changes_after(last_number_)) {
    if (number != last_number_ + 1) items_.clear();
    last_number_ = number - 1;
    add(std::visit([](const auto& each) { return item_of(each); }, what));
  }
}

std::optional<std::vector<const FleetNewsItem*>> FleetNews::after(std::uint64_t number) const {
  if (number > last_number_ || last_number_ - number > items_.size()) return std::nullopt;
  std::vector<const FleetNewsItem*> items;
  for (auto i = items_.size() - static_cast<std::size_t>(last_number_ - number); i < items_.size(); ++i)
    items.push_back(&items_[i]);
  return items;
}

void FleetNews::add(FleetNewsItem item) {
  if (items_.size() == FleetBoard::kept_changes) items_.pop_front();
  items_.push_back(std::move(item));
  ++last_number_;
}

// An overview begins with its time.
void FleetNews::set_overview(std::string json) {
  const auto without_time = [](std::string_view text) { return text.substr(std::min(text.find(','), text.size())); };
  if (without_time(json) == without_time(overview_)) return;
  overview_ = std::move(json);
  ++overview_version_;
}

}  // namespace ubiety::http

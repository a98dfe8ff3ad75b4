#include "http/resources/stream/stream_request.hpp"

#include <array>
#include <utility>

#include "http/message/query.hpp"
#include "http/resources/filter_parameters.hpp"
#include "http/resources/fleet/device_members.hpp"
#include "http/resources/stream/event_text.hpp"

namespace ubiety::http {
namespace {

struct NamedKind {
  std::string_view name;
  bool StreamKinds::*member;
};
constexpr std::array named_kinds{NamedKind{"status", &StreamKinds::status}, NamedKind{"problem", &StreamKinds::problem},
                                 NamedKind{"outage", &StreamKinds::outage}, NamedKind{"action", &StreamKinds::action},
                                 NamedKind{"overview", &StreamKinds::overview}};

// Returns nullopt if the list names anything else, or nothing.
std::optional<StreamKinds> kinds_of(std::string_view list) {
  StreamKinds kinds{false, false, false, false, false};
  for (;;) {
    const auto comma = list.find(',');
    const auto name = list.substr(0, comma);
    bool is_known = false;
    for (const auto& kind : named_kinds)
      if (kind.name == name) is_known = kinds.*kind.member = true;
    if (!is_known) return std::nullopt;
    if (comma == std::string_view::npos) return kinds;
    list.remove_prefix(comma + 1);
  }
}

ValidationMessage bad_kinds() {
  return {"value is not a list of: status, problem, outage, action, overview", "value_error.events"};
}

}  // namespace

Result<StreamRequest, Answer> parse_stream_request(std::string_view query,
                                                   std::optional<std::string_view> last_event_id,
                                                   const Groups& groups) {
  QueryReader reader(query);
  const auto filter = read_filter(reader, groups);
  StreamRequest request{
      {}, {true, filter, append_status_event, append_left_event, read_members(reader), append_members_event}, {}};
  if (const auto list = reader.text("events")) {
    if (const auto kinds = kinds_of(*list))
      request.kinds = *kinds;
    else
      reader.fault("events", bad_kinds());
  }
  request.view.has_statuses = request.kinds.status;
  if (last_event_id)
    request.after = StreamPlace{parse_position(*last_event_id)};
  else if (const auto after = reader.text("after"))
    request.after = StreamPlace{parse_position(*after)};
  if (auto refusal = reader.refusal()) return Failure{std::move(*refusal)};
  return request;
}

}  // namespace ubiety::http

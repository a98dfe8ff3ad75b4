// What a client of GET /fleet/stream asks for. Values; pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/feed.hpp"
#include "domain/result.hpp"
#include "http/message/answer.hpp"
#include "http/resources/feed_position.hpp"

namespace ubiety::http {

// The kinds of events that a client chooses. A device that left its filter, or was removed, goes with `status`.
struct StreamKinds {
  bool status = true, problem = true, outage = true, action = true, overview = true;

  auto operator<=>(const StreamKinds&) const = default;
};

// A place to go on from. Text that is no position of this service is a position that nobody knows.
struct StreamPlace {
  std::optional<FeedPosition> position;
};

struct StreamRequest {
  StreamKinds kinds;
  FeedView view;
  std::optional<StreamPlace> after;  // nullopt: the stream begins now
};

// Reads the filter, `fields`, `events` and `after`. Last-Event-ID, which a client sends when it connects again, goes
// before `after`. The error is the 400 to answer.
Result<StreamRequest, Answer> parse_stream_request(std::string_view query,
                                                   std::optional<std::string_view> last_event_id, const Groups& groups);

}  // namespace ubiety::http

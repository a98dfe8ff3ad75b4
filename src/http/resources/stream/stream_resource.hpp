// GET /fleet/stream: what changes in the fleet, as server-sent events, for as long as the client likes. A stream is no
// request that waits: it has no deadline, and a stop of the service ends it at once. The loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "http/access/key_check.hpp"
#include "http/http1/exchange.hpp"
#include "http/resources/stream/event_stream.hpp"
#include "http/resources/stream/stream_feed.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class StreamResource {
 public:
  explicit StreamResource(Service& service);

  void get(Exchange&& exchange);

  // The service is about to stop: ends all streams, and begins no more.
  void end_all();

 private:
  using Streams = std::map<std::uint64_t, EventStream>;

  bool is_ready(std::uint64_t number) const;
  bool send(std::uint64_t number, const StreamPiece& piece);
  void begin(EventStream& stream);
  void note_sent(std::uint64_t number, bool is_sent);
  void look_after_some();
  // Returns whether the stream goes on.
  bool look_after(std::uint64_t number, EventStream& stream, SteadyTime now);
  bool is_to_end(const EventStream& stream, SteadyTime now);
  Streams::iterator end(Streams::iterator at);

  Service& service_;
  KeyCheck key_check_;
  const std::chrono::milliseconds heartbeat_interval_;
  StreamFeed feed_;
  Streams streams_;                   // by number
  std::uint64_t last_number_ = 0;     // that a stream got
  std::uint64_t last_looked_at_ = 0;  // the stream that was looked after last
  bool is_closing_ = false;
};

}  // namespace ubiety::http

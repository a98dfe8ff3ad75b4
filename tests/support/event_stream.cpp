#include "support/event_stream.hpp"

#include "support/json.hpp"

namespace ubiety::test {
namespace {

// How many changes each shard had: without the number of the fleet's last event, which goes on by itself.
// docs/FORMATS.md describes positions.
std::string_view changes_of(std::string_view position) {
  for (int part = 0; part < 3; ++part) {
    const auto dash = position.find('-');
    if (dash == std::string_view::npos) return {};
    position.remove_prefix(dash + 1);
  }
  return position;
}

}  // namespace

EventStream::EventStream(int port, std::string_view query, const Headers& fields) : client_(port) {
  client_.send_raw(format_request("127.0.0.1", "GET", "/fleet/stream" + std::string(query), fields));
  head_ = client_.read_head();
}

StreamedEvent EventStream::next() {
  for (;;) {
    StreamedEvent event;
    std::size_t end = 0;
    while ((end = text_.find("\n\n")) == std::string::npos)
      if (!fill()) return {};
    for (std::size_t at = 0; at <= end;) {
      const auto line = text_.substr(at, text_.find('\n', at) - at);
      at += line.size() + 1;
      if (line.starts_with("event: ")) event.name = line.substr(7);
      if (line.starts_with("data: ")) event.data = line.substr(6);
      if (line.starts_with("id: ")) last_id_ = line.substr(4);
      if (line.starts_with(":")) ++heartbeats_;
    }
    text_.erase(0, end + 2);
    if (event.name.empty()) continue;
    ++events_;
    follow(event);
    return event;
  }
}

bool EventStream::read_through(std::string_view position) {
  return read_until([&] { return changes_of(last_id_) == changes_of(position); });
}

StreamedEvent EventStream::next(std::string_view name) {
  for (;;) {
    auto event = next();
    if (event.name == name || event.name.empty()) return event;
  }
}

bool EventStream::fill() {
  const auto chunk = client_.read_chunk();
  text_ += chunk;
  return !chunk.empty();
}

void EventStream::follow(const StreamedEvent& event) {
  if (event.name == "reset") {
    ++resets_;
    devices.clear();
  }
  if (event.name == "status") devices[Json(event.data)["device_id"].text()] = event.data;
  if (event.name == "left" || event.name == "removed") devices.erase(Json(event.data)["device_id"].text());
}

}  // namespace ubiety::test

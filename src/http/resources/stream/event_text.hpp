// The text of server-sent events (HTML Living Standard, 9.2). Data is JSON, which has no line breaks. Pure functions,
// any thread; objects: one thread at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "actors/device_state.hpp"
#include "http/resources/device_status.hpp"
#include "http/resources/fleet/device_members.hpp"

namespace ubiety::http {

inline void append_event(std::string& out, std::string_view name, std::string_view data) {
  out.append("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
}

// FeedView::render_status.
inline void append_status_event(std::string& out, std::string_view device_id, const DeviceState& state) {
  out += "event: status\ndata: ";
  append_summary_device(out, device_id, state);
  out += "\n\n";
}

// FeedView::render_members.
inline void append_members_event(std::string& out, std::string_view device_id, const DeviceDetails& details,
                                 const DeviceMembers& members) {
  out += "event: status\ndata: ";
  const auto comma = out.size();
  render_members(out, device_id, details, members);
  out.erase(comma, 1);
  out += "\n\n";
}

// FeedView::render_left.
inline void append_left_event(std::string& out, std::string_view device_id) {
  out += "event: left\ndata: ";
  append_member(out, R"({"device_id":)", device_id);
  out += "}\n\n";
}

// A line that is no event, which keeps the connection alive. It brings the position of a client that gets no events up
// to date.
inline std::string heartbeat(std::string_view id) {
  return id.empty() ? ":\n\n" : std::string(":\nid: ").append(id).append("\n\n");
}

// Events for one piece of a stream.
class EventText {
 public:
  void add(std::string_view name, std::string_view data) {
    last_ = text_.size();
    append_event(text_, name, data);
  }
  // Events that are text already, of which the last begins there.
  void add(std::string_view events, std::size_t last) {
    if (events.empty()) return;
    last_ = text_.size() + last;
    text_ += events;
  }

  void add(EventText& events) { add(std::exchange(events.text_, {}), events.last_); }

  bool is_empty() const { return text_.empty(); }

  // Returns the events. The last one has the id, if it is not empty: a client that gets only a part of them goes on
  // from the piece before.
  std::string take(std::string_view id) {
    if (!id.empty() && !is_empty()) text_.insert(last_, std::string("id: ").append(id).append("\n"));
    return std::exchange(text_, {});
  }

 private:
  std::string text_;
  std::size_t last_ = 0;
};

}  // namespace ubiety::http

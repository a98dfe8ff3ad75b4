// A client of GET /fleet/stream: reads events, and keeps what they say of the fleet. Calls block, each with a time-out.
// One thread at a time.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "support/http_client.hpp"

namespace ubiety::test {

struct StreamedEvent {
  std::string name;
  std::string data;
};

class EventStream {
 public:
  // Sends the request and reads the head of the answer.
  EventStream(int port, std::string_view query, const Headers& fields = {});

  const HttpResponse& head() const { return head_; }

  // Returns the next event; one without a name at the end of the stream. Throws ConnectionClosed if the answer is
  // incomplete.
  StreamedEvent next();
  // Reads up to the next event with this name, and returns it; one without a name if the stream ends before.
  StreamedEvent next(std::string_view name);

  // Reads until the predicate, which is called after each event, returns true. Returns false at the end of the stream.
  template <class Predicate>
  bool read_until(Predicate predicate) {
    while (!predicate())
      if (next().name.empty()) return false;
    return true;
  }

  // Reads until the stream has shown each change of a device that a summary with this position has. Nobody reports
  // meanwhile, and the last report was of a device that the client wants. Returns false at the end of the stream.
  bool read_through(std::string_view position);

  // The position of all that was read.
  const std::string& last_id() const { return last_id_; }
  int events() const { return events_; }          // that were read
  int heartbeats() const { return heartbeats_; }  // comments
  int resets() const { return resets_; }

  // What a client knows by the events: the JSON of each device, by its id. A client that goes on from elsewhere begins
  // with what it has.
  std::map<std::string, std::string> devices;

 private:
  bool fill();
  void follow(const StreamedEvent& event);

  HttpClient client_;
  HttpResponse head_;
  std::string text_;  // that was not read yet
  std::string last_id_;
  int events_ = 0, heartbeats_ = 0, resets_ = 0;
};

}  // namespace ubiety::test

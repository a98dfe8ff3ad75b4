// One HTTP/1.1 connection that is kept, with one request under way at most. One thread, and non-blocking.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety::open_loop {

using Time = std::chrono::steady_clock::time_point;

class Connection {
 public:
  // Connects to 127.0.0.1, and registers for input at `poller` under the number `index`. Throws std::system_error.
  Connection(std::uint16_t port, int poller, std::uint32_t index);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends a request that was due at `due`. Throws std::system_error, also when the socket does not take all of it:
  // requests are small and the one before has been answered.
  void send(std::string_view request, Time due);

  struct Answer {
    int status;
    Time due;  // when its request was
  };
  // Reads what has come; an answer when one is complete. Throws std::runtime_error when the server ends the connection.
  std::optional<Answer> receive();

  // When the request that is under way was due.
  std::optional<Time> waiting_since() const { return due_; }

 private:
  int socket_;
  std::optional<Time> due_;
  std::string received_;
};

}  // namespace ubiety::open_loop

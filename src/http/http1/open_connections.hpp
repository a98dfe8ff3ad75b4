// The open connections, by RESTinio's ids for them, and whether their clients are still there. RESTinio does not read
// while it waits for an answer, so it does not notice a client that has gone. The loop's thread.
#pragma once

#include <cstdint>
#include <unordered_map>

namespace ubiety::http::gate {

class OpenConnections {
 public:
  class Entry;

  // Whether the client has closed its side, or the connection is broken or no longer listed. Unread bytes make no
  // difference.
  bool is_gone(std::uint64_t connection) const;

 private:
  std::unordered_map<std::uint64_t, int> sockets_;
};

// Lists a connection while its socket is open.
class OpenConnections::Entry {
 public:
  Entry(OpenConnections& all, std::uint64_t connection, int socket) : all_(all), connection_(connection) {
    all_.sockets_.emplace(connection, socket);
  }
  ~Entry() { all_.sockets_.erase(connection_); }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

 private:
  OpenConnections& all_;
  const std::uint64_t connection_;
};

}  // namespace ubiety::http::gate

#include "http/http1/open_connections.hpp"

#include <poll.h>

namespace ubiety::http::gate {

bool OpenConnections::is_gone(std::uint64_t connection) const {
  const auto found = sockets_.find(connection);
  if (found == sockets_.end()) return true;
  pollfd look{found->second, POLLRDHUP, 0};  // POLLHUP and POLLERR are always reported
  return poll(&look, 1, 0) == 1;
}

}  // namespace ubiety::http::gate

#include "support/socket_wait.hpp"

#include <poll.h>

#include <cerrno>
#include <cstring>

#include "support/http_message.hpp"

namespace ubiety::test {

void wait_for(int socket, short event, std::chrono::milliseconds timeout) {
  pollfd poll{socket, event, 0};
  int ready = 0;
  do ready = ::poll(&poll, 1, static_cast<int>(timeout.count()));
  while (ready < 0 && errno == EINTR);
  if (ready < 0) throw HttpError(std::string("poll: ") + std::strerror(errno));
  if (ready == 0) throw HttpError("the server is silent");
}

}  // namespace ubiety::test

// Waits for a socket, with a time-out.
#pragma once

#include <chrono>

namespace ubiety::test {

// Until the socket can be read (POLLIN) or written (POLLOUT). Throws HttpError when that takes too long.
void wait_for(int socket, short event, std::chrono::milliseconds timeout);

}  // namespace ubiety::test

// Waits for a socket, with a time-out. Any thread.
#pragma once

#include <chrono>

namespace ubiety::test {

// Blocks until the socket can be read (POLLIN) or written (POLLOUT). Throws HttpError after the time-out.
void wait_for(int socket, short event, std::chrono::milliseconds timeout);

}  // namespace ubiety::test

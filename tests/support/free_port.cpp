#include "support/free_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <system_error>

namespace ubiety::test {
namespace {

void check(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

FreePort::FreePort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  check(socket_.number(), "socket");
  const int yes = 1;
  check(::setsockopt(socket_.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), "SO_REUSEADDR");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  check(::bind(socket_.number(), reinterpret_cast<sockaddr*>(&address), size), "bind");
  check(::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  number_ = ntohs(address.sin_port);
}

}  // namespace ubiety::test

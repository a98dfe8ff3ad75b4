#include "support/tls_channel.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <algorithm>
#include <csignal>
#include <string>

#include "support/http_message.hpp"
#include "support/socket_wait.hpp"

namespace ubiety::test {
namespace {

SSL* new_ssl(const std::filesystem::path& trusted) {
  std::signal(SIGPIPE, SIG_IGN);  // which OpenSSL would get from a server that has closed
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_locations(context.get(), trusted.c_str(), nullptr) != 1)
    throw HttpError("no certificate in " + trusted.string());
  auto* const ssl = SSL_new(context.get());
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), "127.0.0.1");
  return ssl;
}

}  // namespace

TlsChannel::TlsChannel(int socket, const std::filesystem::path& trusted, std::chrono::milliseconds timeout)
    : socket_(socket), timeout_(timeout), ssl_(new_ssl(trusted), SSL_free) {
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
  SSL_set_fd(ssl_.get(), socket);
  if (!finish([&] { return SSL_connect(ssl_.get()); })) throw ConnectionClosed("closed during the handshake");
}

void TlsChannel::write(std::string_view bytes) {
  std::size_t size = 0;
  if (!bytes.empty() && !finish([&] { return SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &size); }))
    throw ConnectionClosed("closed while we write");
}

std::size_t TlsChannel::read(std::span<char> space) {
  std::size_t size = 0;
  return finish([&] { return SSL_read_ex(ssl_.get(), space.data(), space.size(), &size); }) ? size : 0;
}

void TlsChannel::close_sending() { SSL_shutdown(ssl_.get()); }

template <class Step>
bool TlsChannel::finish(Step step) {
  for (;;) {
    ERR_clear_error();
    const int result = step();
    if (result == 1) return true;
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ: wait_for(socket_, POLLIN, timeout_); break;
      case SSL_ERROR_WANT_WRITE: wait_for(socket_, POLLOUT, timeout_); break;
      case SSL_ERROR_ZERO_RETURN: return false;
      case SSL_ERROR_SYSCALL: return false;  // a reset is a close too
      default: {
        const char* reason = ERR_reason_error_string(ERR_peek_error());
        throw HttpError(std::string("TLS: ") + (reason == nullptr ? "failed" : reason));
      }
    }
  }
}

}  // namespace ubiety::test

#include "http/http1/tls_session.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <new>

namespace ubiety::http::transport {

void TlsSession::Free::operator()(SSL* ssl) const { SSL_free(ssl); }

TlsSession::TlsSession(const TlsContext& context, int socket) : ssl_(context.new_ssl()) {
  if (SSL_set_fd(ssl_.get(), socket) != 1) throw std::bad_alloc();
}

// A TLS record begins with its type, 20 to 24 (RFC 8446, 5.1); an HTTP request with a letter, or an empty line.
bool TlsSession::begins_in_plain_text() {
  if (has_begun_) return false;
  char first = 0;
  if (::recv(SSL_get_fd(ssl_.get()), &first, 1, MSG_PEEK) != 1) return false;
  has_begun_ = true;
  return first == '\r' || first == '\n' || (first > 0x20 && first < 0x7F);
}

TlsSession::Progress TlsSession::read(std::span<char> space) {
  if (begins_in_plain_text()) {
    is_broken_ = true;
    return {Outcome::plain_text};
  }
  ERR_clear_error();
  std::size_t size = 0;
  const int result = SSL_read_ex(ssl_.get(), space.data(), space.size(), &size);
  return progress_of(result, size);
}

TlsSession::Progress TlsSession::write(std::span<const char> bytes) {
  ERR_clear_error();
  std::size_t size = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &size);
  return progress_of(result, size);
}

bool TlsSession::has_input() const { return SSL_has_pending(ssl_.get()) == 1; }

bool TlsSession::is_established() const { return SSL_is_init_finished(ssl_.get()) == 1; }

void TlsSession::send_close_notify() {
  if (is_broken_ || !is_established()) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
}

TlsSession::Progress TlsSession::progress_of(int result, std::size_t size) {
  if (result == 1) return {Outcome::done, size};
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: return {Outcome::wants_input};
    case SSL_ERROR_WANT_WRITE: return {Outcome::wants_output};
    case SSL_ERROR_ZERO_RETURN: return {Outcome::ended};
    default: break;
  }
  is_broken_ = true;
  return {Outcome::failed};
}

}  // namespace ubiety::http::transport

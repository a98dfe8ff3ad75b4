#include "http/http1/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <ctime>
#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace ubiety::http::transport {
namespace {

// Mozilla's "intermediate" configuration, version 5.7 (https://wiki.mozilla.org/Security/Server_Side_TLS), less its
// three DHE ciphers: every client since 2014 has ECDHE, and a DHE handshake costs the server many times as much.
constexpr const char* tls_1_2_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* tls_1_3_ciphers = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* groups = "X25519:prime256v1:secp384r1";

// Sessions that can be resumed, about a kilobyte each. They are kept here, not in the clients' tickets: those would all
// be encrypted with one key for the process's lifetime.
constexpr long max_sessions = 10'000;

// OpenSSL's first error: the later ones only name the functions it passed through.
std::string first_complaint() {
  const auto code = ERR_peek_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "unknown error" : reason;
}

// A client that offers only other protocols is refused with an alert (RFC 7301, 3.2).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  static constexpr std::string_view http_1_1 = "\x08http/1.1";
  unsigned char* match = nullptr;
  const int found = SSL_select_next_proto(&match, size, reinterpret_cast<const unsigned char*>(http_1_1.data()),
                                          static_cast<unsigned int>(http_1_1.size()), offered, offered_size);
  *chosen = match;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Without this OpenSSL would prompt on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

std::shared_ptr<SSL_CTX> new_context() {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  auto* const c = context.get();
  const bool is_good = c != nullptr && SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1 &&
                       SSL_CTX_set_cipher_list(c, tls_1_2_ciphers) == 1 &&
                       SSL_CTX_set_ciphersuites(c, tls_1_3_ciphers) == 1 && SSL_CTX_set1_groups_list(c, groups) == 1;
  if (!is_good) throw std::runtime_error("OpenSSL does not support the TLS configuration: " + first_complaint());
  // A client may close without close_notify: HTTP/1.1 messages carry their length, so truncation is noticed (RFC 9112,
  // 9.8). All ciphers are good, so the client chooses its fastest.
  SSL_CTX_set_options(
      c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_clear_options(c, SSL_OP_CIPHER_SERVER_PREFERENCE);
  // An idle connection has no buffers. A read fetches all that has arrived, not a record's head and then its rest.
  SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(c, 1);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_SERVER);
  SSL_CTX_sess_set_cache_size(c, max_sessions);
  SSL_CTX_set_num_tickets(c, 1);
  SSL_CTX_set_alpn_select_cb(c, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(c, no_passphrase);
  return context;
}

Timestamp expiry_of(const X509* certificate) {
  std::tm time{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) != 1) return latest_timestamp;
  return {std::int64_t{timegm(&time)} * 1'000'000};
}

Timestamp first_expiry(SSL_CTX* context) {
  auto first = expiry_of(SSL_CTX_get0_certificate(context));
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(context, &chain);
  for (int i = 0; i < sk_X509_num(chain); ++i) first = std::min(first, expiry_of(sk_X509_value(chain, i)));
  return first;
}

}  // namespace

Result<TlsContext::Loaded, std::string> TlsContext::read(const TlsOptions& options) {
  ERR_clear_error();
  auto context = new_context();
  if (SSL_CTX_use_certificate_chain_file(context.get(), options.certificate.c_str()) != 1)
    return Failure{"TLS_CERT: " + options.certificate + ": " + first_complaint()};
  // Also fails if the key does not belong to the certificate.
  if (SSL_CTX_use_PrivateKey_file(context.get(), options.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return Failure{"TLS_KEY: " + options.key + ": " + first_complaint()};
  const auto expires = first_expiry(context.get());
  return Loaded{std::move(context), expires};
}

Result<std::shared_ptr<TlsContext>, std::string> TlsContext::load(TlsOptions options) {
  auto loaded = read(options);
  if (!loaded) return Failure{loaded.error()};
  return std::shared_ptr<TlsContext>(new TlsContext(std::move(options), std::move(*loaded)));
}

std::optional<std::string> TlsContext::reload() {
  auto loaded = read(options_);
  if (!loaded) return loaded.error();
  const MutexLock lock(mutex_);
  loaded_ = std::move(*loaded);
  return std::nullopt;
}

Timestamp TlsContext::expires() const {
  const MutexLock lock(mutex_);
  return loaded_.expires;
}

SSL* TlsContext::new_ssl() const {
  const MutexLock lock(mutex_);
  auto* const ssl = SSL_new(loaded_.context.get());
  if (ssl == nullptr) throw std::bad_alloc();
  SSL_set_accept_state(ssl);
  return ssl;
}

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

// TLS on the server's side: the configuration that all connections share, and the session of each. A context: any
// thread. A session: one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "domain/result.hpp"
#include "domain/thread_safety.hpp"
#include "domain/timestamp.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX, whose header stays in this room's sources
struct ssl_st;      // its SSL

namespace ubiety::http::transport {

struct TlsOptions {
  // Files in PEM. The certificate's file may contain its chain, the server's certificate first.
  std::string certificate;
  std::string key;
};

// Certificate and key, which can be reloaded while the server runs, versions and ciphers.
class TlsContext {
 public:
  // The error says what is wrong with a file, and begins with the file's setting: TLS_CERT or TLS_KEY.
  static Result<std::shared_ptr<TlsContext>, std::string> load(TlsOptions options);

  // Reads the files again, for new connections. Returns what is wrong with them, if anything is; then nothing changes.
  std::optional<std::string> reload();

  // When the first of the chain's certificates expires.
  Timestamp expires() const;

  // A new connection's SSL, in the server's role and without a socket. The caller frees it.
  ssl_st* new_ssl() const;

  const TlsOptions& options() const { return options_; }

 private:
  struct Loaded {
    std::shared_ptr<ssl_ctx_st> context;
    Timestamp expires;
  };

  static Result<Loaded, std::string> read(const TlsOptions& options);

  TlsContext(TlsOptions options, Loaded loaded) : options_(std::move(options)), loaded_(std::move(loaded)) {}

  const TlsOptions options_;
  mutable Mutex mutex_;  // a connection locks it once
  Loaded loaded_ GUARDED_BY(mutex_);
};

// One connection's TLS over its socket: the handshake, which the first read does, then plaintext. Never blocks: the
// outcome says what to wait for.
class TlsSession {
 public:
  // The capacity of a record; larger writes gain nothing.
  static constexpr std::size_t max_record_bytes = 16 * 1024;

  enum class Outcome {
    done,
    wants_input,   // try again when the socket is readable
    wants_output,  // try again when it is writable, with the same bytes or more
    ended,         // the client has ended the session, or is gone
    failed,        // the session is unusable
    plain_text,    // unusable, because the client does not speak TLS; its bytes are still in the socket
  };
  struct Progress {
    Outcome outcome;
    std::size_t size = 0;  // bytes read or written, if done
  };

  // `socket` is connected and non-blocking, and outlives the session, which does not close it.
  TlsSession(const TlsContext& context, int socket);

  Progress read(std::span<char> space);
  Progress write(std::span<const char> bytes);  // all of them or none, as one record
  // Whether a read may return bytes without the socket.
  bool has_input() const;
  // Sends the alert that ends the session, unless the socket's buffer is full.
  void send_close_notify();

 private:
  bool is_established() const;  // the handshake is over
  bool begins_in_plain_text();
  Progress progress_of(int result, std::size_t size);

  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  std::unique_ptr<ssl_st, Free> ssl_;
  bool has_begun_ = false;
  bool is_broken_ = false;
};

}  // namespace ubiety::http::transport

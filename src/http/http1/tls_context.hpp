// The server's TLS configuration: certificate and key, which can be reloaded while it runs, versions and ciphers. Any
// thread.
#pragma once

#include <memory>
#include <optional>
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

}  // namespace ubiety::http::transport

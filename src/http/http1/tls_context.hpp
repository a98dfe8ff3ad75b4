// With what and how the server speaks TLS: its certificate and key, read anew while it runs, and the versions and
// ciphers that it takes. Any thread.
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
  // Files in PEM. The certificate's may hold its chain, the server's own certificate first.
  std::string certificate;
  std::string key;
};

class TlsContext {
 public:
  // What is wrong with the files, beginning with the setting that names the one to blame, is the error.
  static Result<std::shared_ptr<TlsContext>, std::string> load(TlsOptions options);

  // Reads the files anew: connections that begin from now on get what they hold. If that is no good nothing changes,
  // and what is wrong is returned.
  std::optional<std::string> reload();

  // The first of the chain's certificates to expire does so then.
  Timestamp expires() const;

  // A connection's SSL, in the server's part and without a socket; who gets it frees it.
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
  mutable Mutex mutex_;  // a connection takes it once
  Loaded loaded_ GUARDED_BY(mutex_);
};

}  // namespace ubiety::http::transport

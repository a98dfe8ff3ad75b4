// TlsChannel: a client's TLS over a connected socket, blocking, with a time-out on everything. One thread at a time.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace ubiety::test {

class TlsChannel {
 public:
  // Shakes hands with the server, which must prove by the certificate in `trusted` that it is 127.0.0.1; throws
  // HttpError if it does not. The socket outlives the channel.
  TlsChannel(int socket, const std::filesystem::path& trusted, std::chrono::milliseconds timeout);

  void write(std::string_view bytes);
  std::size_t read(std::span<char> space);  // 0 at the end
  void close_sending();                     // no more will come from us

 private:
  template <class Step>
  bool finish(Step step);  // false at the end of the stream

  int socket_;
  std::chrono::milliseconds timeout_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace ubiety::test

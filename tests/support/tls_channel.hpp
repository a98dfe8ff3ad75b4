// The client's side of TLS over a connected socket. Calls block, each with a time-out. One thread at a time.
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
  // Performs the handshake. Throws HttpError unless the certificate in `trusted` proves that the server is 127.0.0.1.
  // The socket outlives the channel.
  TlsChannel(int socket, const std::filesystem::path& trusted, std::chrono::milliseconds timeout);

  void write(std::string_view bytes);
  std::size_t read(std::span<char> space);  // 0 at the end
  void close_sending();                     // ends this side of the stream

 private:
  template <class Step>
  bool finish(Step step);  // false at the end of the stream

  int socket_;
  std::chrono::milliseconds timeout_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace ubiety::test

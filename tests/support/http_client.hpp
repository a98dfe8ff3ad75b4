// An HTTP/1.1 connection to the loopback. Calls block, each with a time-out. It can send what no library would send. It
// uses TLS if the whole run does (certificate.hpp) or if the test names a certificate to trust. One thread at a
// time.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "support/file_descriptor.hpp"
#include "support/http_message.hpp"
#include "support/tls_channel.hpp"

namespace ubiety::test {

class HttpClient {
 public:
  explicit HttpClient(int port, std::chrono::milliseconds timeout = std::chrono::seconds{20});
  HttpClient(int port, const std::filesystem::path& trusted,
             std::chrono::milliseconds timeout = std::chrono::seconds{20});

  // Sends a request with Host, and with Content-Length if there is a body or the method has one. Reads the answer.
  HttpResponse request(std::string_view method, std::string_view target, const Headers& headers = {},
                       std::string_view body = {});
  HttpResponse get(std::string_view target) { return request("GET", target); }
  HttpResponse post(std::string_view target, std::string_view json);  // as application/json

  void send_raw(std::string_view bytes);
  void close_sending();  // ends this side of the stream; the other side is still read
  HttpResponse read_response(bool is_to_head = false);
  // The parts of a response that takes long; see http_message.hpp.
  HttpResponse read_head();
  std::string read_chunk();

  std::string read_until_close();  // returns all bytes until the server closes
  bool is_closed_by_server();      // whether it closes now, without another byte

 private:
  ByteSource source();
  std::string take_line();
  std::string take(std::size_t size);
  bool fill();  // false at the end of the stream

  std::chrono::milliseconds timeout_;
  std::string host_;
  FileDescriptor socket_;
  std::optional<TlsChannel> tls_;
  std::string received_;  // bytes that are not consumed yet
};

// Returns the bytes that HttpClient::request() sends.
std::string format_request(std::string_view host, std::string_view method, std::string_view target,
                           const Headers& headers = {}, std::string_view body = {});

}  // namespace ubiety::test

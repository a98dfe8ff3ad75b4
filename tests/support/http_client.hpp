// HttpClient: one HTTP/1.1 connection to the loopback, blocking, with a time-out on everything. Raw enough to send what
// no library would. Over TLS where the whole run is (certificate.hpp), or it is told what to trust. One thread at a
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

  // Sends a request with Host, and Content-Length if there is a body or the method has one, and reads the answer.
  HttpResponse request(std::string_view method, std::string_view target, const Headers& headers = {},
                       std::string_view body = {});
  HttpResponse get(std::string_view target) { return request("GET", target); }
  HttpResponse post(std::string_view target, std::string_view json);  // as application/json

  void send_raw(std::string_view bytes);
  void close_sending();  // no more will come from us; what comes to us is still read
  HttpResponse read_response(bool is_to_head = false);

  std::string read_until_close();  // all that comes until the server closes
  bool is_closed_by_server();      // true if it closes now, without another byte

 private:
  std::string take_line();
  std::string take(std::size_t size);
  bool fill();  // false at the end of the stream

  std::chrono::milliseconds timeout_;
  std::string host_;
  FileDescriptor socket_;
  std::optional<TlsChannel> tls_;
  std::string received_;  // and not yet taken
};

// The request's bytes, as HttpClient::request() sends them.
std::string format_request(std::string_view host, std::string_view method, std::string_view target,
                           const Headers& headers = {}, std::string_view body = {});

}  // namespace ubiety::test

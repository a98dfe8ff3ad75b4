// What a server sent, and the strict reader of it: anything RFC 9112 does not allow throws, so that every test checks
// the framing too.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ubiety::test {

// A malformed response, a time-out, a refused connection.
struct HttpError : std::runtime_error {
  using runtime_error::runtime_error;
};

// The server closed the connection where more was due.
struct ConnectionClosed : HttpError {
  using HttpError::HttpError;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpResponse {
  int status = 0;
  std::string reason_phrase;
  Headers headers;
  std::string body;

  // The header's only value, whatever the case of its name; empty if it is absent, an HttpError if it stands twice.
  std::string header(std::string_view name) const;
  std::size_t count(std::string_view name) const;
};

// Gives one line without its CRLF, or exactly so many bytes, of the connection.
struct ByteSource {
  std::function<std::string()> line;
  std::function<std::string(std::size_t)> bytes;
};

HttpResponse read_response(const ByteSource& source, bool is_to_head);

}  // namespace ubiety::test

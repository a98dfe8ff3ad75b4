// A server's response, and its strict reader, which throws for anything that RFC 9112 does not allow. So every test
// checks the framing too. One thread.
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

// The server closed the connection before the end of a response.
struct ConnectionClosed : HttpError {
  using HttpError::HttpError;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpResponse {
  int status = 0;
  std::string reason_phrase;
  Headers headers;
  std::string body;

  // Returns the header's value, for a name in any case; empty if it is absent. Throws HttpError if it occurs twice.
  std::string header(std::string_view name) const;
  std::size_t count(std::string_view name) const;
};

// Reads from a connection: a line, returned without its CRLF, or an exact number of bytes.
struct ByteSource {
  std::function<std::string()> line;
  std::function<std::string(std::size_t)> bytes;
};

HttpResponse read_response(const ByteSource& source, bool is_to_head);

// The parts of a response that takes long: its head, then its chunks until an empty one.
HttpResponse read_head(const ByteSource& source);
std::string read_chunk(const ByteSource& source);

}  // namespace ubiety::test

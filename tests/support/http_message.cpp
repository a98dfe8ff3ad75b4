#include "support/http_message.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace ubiety::test {
namespace {

bool is_equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

std::size_t number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size())
    throw HttpError("not a number: '" + std::string(text) + "'");
  return value;
}

int status_of(std::string_view line) {
  const bool is_status_line = line.size() >= 13 && line.substr(0, 9) == "HTTP/1.1 " && line[12] == ' ';
  if (!is_status_line) throw HttpError("not a status line: '" + std::string(line) + "'");
  return static_cast<int>(number(line.substr(9, 3), 10));
}

Headers read_headers(const ByteSource& source) {
  Headers headers;
  for (std::string line = source.line(); !line.empty(); line = source.line()) {
    const auto colon = line.find(':');
    const bool is_name = colon != std::string::npos && colon > 0 && line.find_first_of(" \t") > colon;
    if (!is_name) throw HttpError("not a header: '" + line + "'");
    const auto first = line.find_first_not_of(" \t", colon + 1);
    const auto last = line.find_last_not_of(" \t");
    headers.emplace_back(line.substr(0, colon), first == std::string::npos ? "" : line.substr(first, last - first + 1));
  }
  return headers;
}

std::string read_chunks(const ByteSource& source) {
  std::string body;
  for (;;) {
    const auto chunk = read_chunk(source);
    if (chunk.empty()) return body;
    body += chunk;
  }
}

}  // namespace

std::string read_chunk(const ByteSource& source) {
  const auto size = number(source.line(), 16);
  if (size == 0) {
    if (!read_headers(source).empty()) throw HttpError("trailers, of which there are none here");
    return {};
  }
  auto chunk = source.bytes(size);
  if (!source.line().empty()) throw HttpError("a chunk is longer than it says");
  return chunk;
}

std::string HttpResponse::header(std::string_view name) const {
  if (count(name) > 1) throw HttpError("header given twice: " + std::string(name));
  for (const auto& [key, value] : headers)
    if (is_equal_ignoring_case(key, name)) return value;
  return {};
}

std::size_t HttpResponse::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(), [&](const auto& header) { return is_equal_ignoring_case(header.first, name); }));
}

HttpResponse read_head(const ByteSource& source) {
  HttpResponse response;
  const auto line = source.line();
  response.status = status_of(line);
  response.reason_phrase = line.substr(13);
  response.headers = read_headers(source);
  return response;
}

HttpResponse read_response(const ByteSource& source, bool is_to_head) {
  auto response = read_head(source);
  const bool is_chunked = response.count("Transfer-Encoding") != 0;
  if (is_chunked && response.header("Transfer-Encoding") != "chunked") throw HttpError("unknown transfer coding");
  const bool has_length = response.count("Content-Length") != 0;
  if (is_chunked && has_length) throw HttpError("Transfer-Encoding and Content-Length together");
  const bool has_no_body = response.status == 204 || response.status == 304 || response.status < 200;
  if (response.status == 204 && (is_chunked || has_length)) throw HttpError("a 204 announces a body");
  if (is_to_head || has_no_body) return response;
  if (!is_chunked && !has_length) throw HttpError("a body without a length");
  response.body = is_chunked ? read_chunks(source) : source.bytes(number(response.header("Content-Length"), 10));
  return response;
}

}  // namespace ubiety::test

// One request head, checked line by line as it comes, by RFC 9112 and RFC 9110 and stricter than http_parser in every
// place where two parsers might read it differently. Each line is read once, and each byte of a line that comes in
// drips is looked at once before that: the cost is linear however the head is cut. Knows nothing of where the bytes
// come from. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/http1/characters.hpp"
#include "http/http1/gate_limits.hpp"
#include "http/http1/request_line.hpp"

namespace ubiety::http::gate {

class HeadValidator {
 public:
  explicit HeadValidator(const GateLimits& limits) : limits_(&limits) {}

  // `head` holds `size` bytes from the first of the head on: those of the call before and perhaps more. Overwrites, in
  // place and only within lines that are complete, what http_parser must not see (see field_line in the source).
  //
  // A faulty head is read to its end where its lines can be told apart, and then refused for its first fault: the
  // fields behind the fault say how to answer.
  Scan advance(char* head, std::size_t size);

  // Has the head refused for this reason at its end, unless it has had a fault already.
  void keep_fault(Reason reason);
  std::optional<Reason> fault() const { return fault_; }

  // Of a head that is done.
  std::size_t length() const { return line_at_; }
  std::uint32_t content_length() const { return content_length_; }
  std::uint32_t max_body_bytes() const { return max_body_bytes_; }  // by the request's target
  bool is_chunked() const { return has_coding_; }
  bool expects_continue() const { return expects_continue_ && (has_coding_ || content_length_ != 0); }

  // Of any head, as far as it has come.
  std::size_t lines_size() const { return line_at_; }  // of the lines that are complete
  bool is_head_method() const { return request_line_.is_head; }
  // Whether anything but the empty line that may stand before a request has come.
  bool has_begun(std::size_t size) const { return size > start_; }

  // Makes the Transfer-Encoding field of a head that is done a Content-Length field of the same size.
  void replace_coding_by_length(char* head, std::uint32_t length) const;

 private:
  enum class Phase : std::uint8_t { start, request_line, fields };

  Scan advance_line(char* head, std::size_t size);
  bool is_readable_behind(Reason fault) const;
  Scan skip_line(const char* head, std::size_t size);
  Scan wait_for_line_end(const char* head, std::size_t size);
  Scan start_line(const char* head, std::size_t size);
  Scan request_line(const char* head, std::size_t size);
  Scan field_line(char* head, std::size_t size);
  Scan known_field(char* name, std::size_t name_size, char* value, char* value_end, char* line_end);
  Scan expect_field(std::string_view value);
  void connection_field(char* value, char* line_end);
  Scan content_length_field(std::string_view value);
  Scan transfer_encoding_field(std::string_view value);
  Scan finish(const char* head, std::size_t size);

  const GateLimits* limits_;
  RequestLine request_line_;
  std::size_t start_ = 0;    // where the request line begins
  std::size_t line_at_ = 0;  // where the line begins that is not complete
  std::size_t scanned_ = 0;  // no line end before this
  std::size_t field_count_ = 0;
  std::size_t coding_at_ = 0;  // where the Transfer-Encoding line begins
  std::size_t coding_size_ = 0;
  std::uint32_t content_length_ = 0;
  std::uint32_t max_body_bytes_ = 0;
  std::optional<Reason> fault_;  // the first
  Phase phase_ = Phase::start;
  bool has_host_ = false;
  bool has_length_ = false;
  bool has_coding_ = false;
  bool expects_continue_ = false;
};

}  // namespace ubiety::http::gate

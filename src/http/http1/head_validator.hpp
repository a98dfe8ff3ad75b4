// Checks one request head line by line as it arrives, by RFC 9112 and RFC 9110, and more strictly than http_parser
// wherever two parsers might read it differently. Each complete line is read once, and each byte of an incomplete line
// is looked at once before that: the cost is linear however the head is cut. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/http1/head_grammar.hpp"

namespace ubiety::http::gate {

class HeadValidator {
 public:
  explicit HeadValidator(const GateLimits& limits) : limits_(&limits) {}

  // `head` holds the head's first `size` bytes: those of the last call and perhaps more. Overwrites, in place and only
  // within complete lines, what http_parser must not see (see known_field in the source).
  //
  // A faulty head is read to its end if its lines can be separated, and then refused for its first fault, because the
  // fields after the fault determine the answer.
  Scan advance(char* head, std::size_t size);

  // Refuses the head for this reason at its end, unless it has a fault already.
  void keep_fault(Reason reason);
  std::optional<Reason> fault() const { return fault_; }

  // For a complete head.
  std::size_t length() const { return line_at_; }
  std::uint32_t content_length() const { return content_length_; }
  std::uint32_t max_body_bytes() const { return max_body_bytes_; }  // by the request's target
  bool is_chunked() const { return has_coding_; }
  bool is_http_1_0() const { return request_line_.is_http_1_0; }
  bool expects_continue() const { return expects_continue_ && (has_coding_ || content_length_ != 0); }

  // For a head that may be incomplete.
  std::size_t lines_size() const { return line_at_; }  // of its complete lines
  bool is_head_method() const { return request_line_.is_head; }
  // Whether anything has arrived but the empty line that may precede a request.
  bool has_begun(std::size_t size) const { return size > start_; }

  // Overwrites the Transfer-Encoding field of a complete head with a Content-Length field of the same size.
  void replace_coding_by_length(char* head, std::uint32_t length) const;

 private:
  enum class Phase : std::uint8_t { start, request_line, fields };

  // A complete field line, which may be overwritten.
  struct FieldLine {
    char *name_begin, *name_end;
    char *value_begin, *value_end;  // without the white space around the value
    char* end;                      // before the line end

    std::string_view name() const { return {name_begin, static_cast<std::size_t>(name_end - name_begin)}; }
    std::string_view value() const { return {value_begin, static_cast<std::size_t>(value_end - value_begin)}; }
    bool has_name(std::string_view wanted) const { return ascii::equal_ignoring_case(name(), wanted); }
  };

  Scan advance_line(char* head, std::size_t size);
  bool is_readable_behind(Reason fault) const;
  Scan skip_line(const char* head, std::size_t size);
  Scan wait_for_line_end(const char* head, std::size_t size);
  Scan start_line(const char* head, std::size_t size);
  Scan request_line(const char* head, std::size_t size);
  Scan field_line(char* head, std::size_t size);
  Scan known_field(const FieldLine& line);
  Scan host_field(std::string_view value);
  Scan expect_field(std::string_view value);
  void connection_field(const FieldLine& line);
  Scan content_length_field(std::string_view value);
  Scan transfer_encoding_field(std::string_view value);
  Scan finish(const char* head, std::size_t size);

  const GateLimits* limits_;
  RequestLine request_line_;
  std::size_t start_ = 0;    // where the request line begins
  std::size_t line_at_ = 0;  // where the first incomplete line begins
  std::size_t scanned_ = 0;  // there is no line end before this
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

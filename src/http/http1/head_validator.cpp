#include "http/http1/head_validator.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "http/message/header_fields.hpp"

namespace ubiety::http::gate {
namespace {

constexpr std::string_view transfer_encoding = "transfer-encoding";
constexpr std::string_view coding = "chunked";

// Returns the end of a field value. Skips eight bytes at a time while none of them is a control character: the first
// subtraction sets the top bit of a byte below 0x20, the second that of a DEL. A borrow may set more bits; the slow
// loop then decides.
const char* skip_value(const char* at, const char* end) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t tops = ones * 0x80;
  while (end - at >= 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    const std::uint64_t without_del = bytes ^ (ones * 0x7F);
    const std::uint64_t controls = ((bytes - ones * 0x20) & ~bytes) | ((without_del - ones) & ~without_del);
    if ((controls & tops) != 0) break;
    at += 8;
  }
  return character::skip(at, end, character::field_value);
}

}  // namespace

Scan HeadValidator::advance(char* head, std::size_t size) {
  for (;;) {
    const std::size_t line_at = line_at_;
    Scan scan = advance_line(head, size);
    if (scan.progress == Progress::refused && is_readable_behind(scan.reason)) {
      keep_fault(scan.reason);
      scan = skip_line(head, size);
    }
    if (scan.progress == Progress::more && line_at_ != line_at) {
      scanned_ = line_at_;
      continue;
    }
    const std::size_t head_size = scan.progress == Progress::done ? length() : size;
    if (scan.progress != Progress::refused && head_size > limits_->max_head_bytes)
      scan = scan_refused(phase_ == Phase::fields ? Reason::head_too_large : Reason::target_too_long);
    return fault_ && scan.progress != Progress::more ? scan_refused(*fault_) : scan;
  }
}

// Whether the lines after the fault can still be separated. Input that does not begin with a method is no request.
bool HeadValidator::is_readable_behind(Reason fault) const {
  if (phase_ == Phase::request_line && request_line_.target_at == 0) return false;
  return fault != Reason::bare_lf && fault != Reason::bare_cr && fault != Reason::control_character;
}

void HeadValidator::keep_fault(Reason reason) {
  if (!fault_) fault_ = reason;
}

// Continues after a faulty line, once it is complete.
Scan HeadValidator::skip_line(const char* head, std::size_t size) {
  const std::size_t end = std::string_view(head, size).find("\r\n", line_at_);
  if (end == std::string_view::npos) return scan_more();
  line_at_ = end + 2;
  phase_ = Phase::fields;
  return scan_more();
}

// Reads one line. scan_more() with an advanced line_at_ asks for the next one.
Scan HeadValidator::advance_line(char* head, std::size_t size) {
  if (scanned_ > line_at_) {
    const Scan waited = wait_for_line_end(head, size);
    if (waited.progress != Progress::done) return waited;
  }
  scanned_ = size;
  switch (phase_) {
    case Phase::start: return start_line(head, size);
    case Phase::request_line: return request_line(head, size);
    case Phase::fields: break;
  }
  return field_line(head, size);
}

// Looks at the new bytes of an incomplete line, and refuses at once what makes the lines unreadable: a client that
// waits for an answer after such a byte would otherwise run into a timeout.
Scan HeadValidator::wait_for_line_end(const char* head, std::size_t size) {
  // The method is short, so reading the line again costs little.
  if (phase_ == Phase::request_line && request_line_.target_at == 0) return scan_done();
  const char* const end = head + size;
  for (const char* at = head + scanned_; at != end; ++at) {
    if (*at == '\n') return scan_done();
    if (at[-1] == '\r') return scan_refused(Reason::bare_cr);
    if (ascii::is_control(*at) && *at != '\t' && *at != '\r') return scan_refused(Reason::control_character);
  }
  scanned_ = size;
  return scan_more();
}

// One empty line before the request line is ignored (RFC 9112, 2.2).
Scan HeadValidator::start_line(const char* head, std::size_t size) {
  if (size == 0) return scan_more();
  if (head[0] == '\r') {
    const Scan scan = expect_line_end(head, head + size, Reason::bad_request_line);
    if (scan.progress != Progress::done) return scan;
    line_at_ = start_ = 2;
  }
  phase_ = Phase::request_line;
  return request_line(head, size);
}

Scan HeadValidator::request_line(const char* head, std::size_t size) {
  const Scan scan = scan_request_line(head + line_at_, head + size, limits_->max_target_bytes, request_line_);
  if (scan.progress != Progress::done) return scan;
  max_body_bytes_ = limits_->max_body_bytes_of({head + line_at_ + request_line_.target_at, request_line_.target_size});
  line_at_ += request_line_.length;
  phase_ = Phase::fields;
  return scan_more();
}

Scan HeadValidator::field_line(char* head, std::size_t size) {
  char* const begin = head + line_at_;
  const char* const end = head + size;
  if (begin == end) return scan_more();
  if (*begin == '\r') return finish(head, size);
  // A folded line (RFC 9112, 5.2; 2.2 for the line after the request line).
  if (character::is_blank(*begin)) return scan_refused(Reason::folded_field);

  // Nothing is allowed between the name and the colon (RFC 9112, 5.1).
  const char* at = character::skip(begin, end, character::token);
  if (at == end) return scan_more();
  const auto name_size = static_cast<std::size_t>(at - begin);
  if (*at != ':' || name_size == 0) return refuse_at(at, end, Reason::bad_field_name);

  ++at;
  while (at != end && character::is_blank(*at)) ++at;
  const char* const value = at;
  at = skip_value(at, end);
  const Scan line_end = expect_line_end(at, end, Reason::bad_field_value);
  if (line_end.progress != Progress::done) return line_end;

  if (++field_count_ > limits_->max_header_count) return scan_refused(Reason::too_many_fields);
  char* const line_end_at = begin + (at - begin);
  FieldLine line{begin, begin + name_size, begin + (value - begin), line_end_at, line_end_at};
  while (line.value_end != line.value_begin && character::is_blank(line.value_end[-1])) --line.value_end;
  const Scan known = known_field(line);
  if (known.progress == Progress::refused) return known;
  line_at_ = static_cast<std::size_t>(at - head) + 2;
  return scan_more();
}

// Chosen by the size of the name: most fields of a request have none of these sizes, and cost one comparison.
Scan HeadValidator::known_field(const FieldLine& line) {
  switch (line.name().size()) {
    case 4: return line.has_name("host") ? host_field(line.value()) : scan_done();
    case 6: return line.has_name("expect") ? expect_field(line.value()) : scan_done();
    case 7:
      // A server may ignore Upgrade (RFC 9110, 7.8). http_parser does not, and RESTinio then stops the connection's
      // timers. Both ignore a field with another name.
      if (line.has_name("upgrade")) std::memcpy(line.name_begin, "Ignored", line.name().size());
      return scan_done();
    case 10:
      if (line.has_name("connection")) connection_field(line);
      return scan_done();
    case 14:
      if (!line.has_name("content-length")) return scan_done();
      // http_parser does not accept HTAB as white space here.
      std::memset(line.value_end, ' ', static_cast<std::size_t>(line.end - line.value_end));
      return content_length_field(line.value());
    case 17:
      if (!line.has_name(transfer_encoding)) return scan_done();
      coding_size_ = static_cast<std::size_t>(line.end - line.name_begin);
      coding_at_ = line_at_;
      return transfer_encoding_field(line.value());
    default: break;
  }
  // http_parser 2.9.4 takes every name that begins with this for Transfer-Encoding, and then misses the coding.
  const bool confuses_parser =
      ascii::equal_ignoring_case(line.name().substr(0, transfer_encoding.size()), transfer_encoding);
  return confuses_parser ? scan_refused(Reason::bad_field_name) : scan_done();
}

// Any other number of Host fields than one, and an invalid one, is a 400 (RFC 9112, 3.2).
Scan HeadValidator::host_field(std::string_view value) {
  if (has_host_) return scan_refused(Reason::repeated_host);
  if (!is_valid_authority(value)) return scan_refused(Reason::bad_host);
  has_host_ = true;
  return scan_done();
}

// RFC 9110, 10.1.1.
Scan HeadValidator::expect_field(std::string_view value) {
  bool is_known = true;
  for_each_element(value, [&](std::string_view expectation) {
    expects_continue_ = !request_line_.is_http_1_0;
    is_known = is_known && ascii::equal_ignoring_case(expectation, "100-continue");
  });
  return is_known ? scan_done() : scan_refused(Reason::unknown_expectation);
}

// RFC 9112, 9.3. http_parser stops at an empty element and at HTAB, and in HTTP/1.0 prefers keep-alive to close. So it
// sees only the option that counts.
void HeadValidator::connection_field(const FieldLine& line) {
  std::string_view option;
  for_each_element(line.value(), [&](std::string_view element) {
    if (ascii::equal_ignoring_case(element, "close")) option = "close";
    if (option.empty() && ascii::equal_ignoring_case(element, "keep-alive")) option = "keep-alive";
  });
  std::memset(line.value_begin, ' ', static_cast<std::size_t>(line.end - line.value_begin));
  std::copy(option.begin(), option.end(), line.value_begin);
}

// Two parsers may disagree about anything but one plain number (RFC 9112, 6.3). A list of equal numbers may be refused,
// too (RFC 9110, 8.6).
Scan HeadValidator::content_length_field(std::string_view value) {
  if (has_length_) return scan_refused(Reason::repeated_content_length);
  if (has_coding_) return scan_refused(Reason::length_and_coding);
  const char* const end = value.data() + value.size();
  if (value.empty() || character::skip(value.data(), end, character::digit) != end) {
    return scan_refused(Reason::bad_content_length);
  }
  const auto [stop, error] = std::from_chars(value.data(), end, content_length_);
  if (error != std::errc{} || content_length_ > max_body_bytes_) return scan_refused(Reason::body_too_large);
  has_length_ = true;
  return scan_done();
}

// RFC 9112, 6.1 and 6.3. A second line is refused, although it might only continue the list of the first.
Scan HeadValidator::transfer_encoding_field(std::string_view value) {
  if (has_coding_) return scan_refused(Reason::repeated_transfer_coding);
  if (has_length_) return scan_refused(Reason::length_and_coding);
  if (request_line_.is_http_1_0) return scan_refused(Reason::coding_in_http_1_0);
  std::size_t codings = 0, chunked = 0;
  bool is_last_chunked = false;
  for_each_element(value, [&](std::string_view element) {
    is_last_chunked = ascii::equal_ignoring_case(element, coding);
    ++codings;
    if (is_last_chunked) ++chunked;
  });
  if (chunked > 1) return scan_refused(Reason::chunked_twice);
  if (!is_last_chunked) return scan_refused(Reason::bad_transfer_coding);
  if (codings > 1) return scan_refused(Reason::unknown_transfer_coding);
  has_coding_ = true;
  return scan_done();
}

Scan HeadValidator::finish(const char* head, std::size_t size) {
  const Scan scan = expect_line_end(head + line_at_, head + size, Reason::bad_field_name);
  if (scan.progress != Progress::done) return scan;
  if (!has_host_ && !request_line_.is_http_1_0) keep_fault(Reason::missing_host);
  line_at_ += 2;
  return scan_done();
}

// Puts the white space before the number, because http_parser does not accept any after it.
void HeadValidator::replace_coding_by_length(char* head, std::uint32_t length) const {
  constexpr std::string_view name = "Content-Length:";
  std::array<char, 10> digits;
  static_assert(name.size() + digits.size() <= std::string_view("Transfer-Encoding:").size() + coding.size());
  const char* const digits_end = std::to_chars(digits.data(), digits.data() + digits.size(), length).ptr;
  const std::string_view number(digits.data(), static_cast<std::size_t>(digits_end - digits.data()));
  char* const line = head + coding_at_;
  std::memset(line, ' ', coding_size_);
  std::memcpy(line, name.data(), name.size());
  std::memcpy(line + coding_size_ - number.size(), number.data(), number.size());
}

}  // namespace ubiety::http::gate

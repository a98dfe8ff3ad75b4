#include "http/http1/chunked_decoder.hpp"

#include <algorithm>
#include <cstring>

#include "domain/text.hpp"

namespace ubiety::http::gate {
namespace {

constexpr std::uint8_t max_size_digits = 16;

// For all chunks of a body together. Clients do not use extensions, but the grammar has them (RFC 9112, 7.1.1 advises a
// limit).
constexpr std::size_t max_extension_bytes = 4096;

Scan bad_chunk() { return scan_refused(Reason::bad_chunk); }

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::decode(char* bytes, std::size_t size) {
  Step step{scan_more()};
  while (step.consumed < size) {
    if (state_ == State::data) {
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, size - step.consumed));
      std::memmove(bytes + step.produced, bytes + step.consumed, part);
      step.consumed += part;
      step.produced += part;
      chunk_left_ -= part;
      if (chunk_left_ == 0) state_ = State::data_cr;
      continue;
    }
    step.scan = take(bytes[step.consumed]);
    if (step.scan.progress == Progress::refused) return step;
    ++step.consumed;
    if (step.scan.progress == Progress::done) return step;
  }
  return step;
}

Scan ChunkedDecoder::take(char c) {
  switch (state_) {
    case State::size_first:
      if (!character::is(c, character::hex)) return bad_chunk();
      chunk_left_ = 0;
      size_digits_ = 0;
      state_ = State::size;
      return take_size(c);
    case State::size: return take_size(c);
    case State::size_lf:
      if (c != '\n') return bad_chunk();
      content_size_ += static_cast<std::uint32_t>(chunk_left_);
      state_ = is_last_chunk_ ? State::trailer_first : State::data;
      return scan_more();
    case State::data_cr: state_ = State::data_lf; return c == '\r' ? scan_more() : bad_chunk();
    case State::data_lf: state_ = State::size_first; return c == '\n' ? scan_more() : bad_chunk();
    case State::trailer_first:
    case State::trailer_name:
    case State::trailer_value:
    case State::trailer_lf:
    case State::end_lf: return take_trailer(c);
    case State::data:
    case State::done: return scan_done();
    default: return take_extension(c);
  }
}

Scan ChunkedDecoder::take_size(char c) {
  if (character::is(c, character::hex)) {
    if (++size_digits_ > max_size_digits) return bad_chunk();
    chunk_left_ = chunk_left_ * 16 + static_cast<unsigned>(hexadecimal_value(c));
    // Also prevents an overflow.
    if (chunk_left_ > max_body_bytes_ - content_size_) return scan_refused(Reason::body_too_large);
    return scan_more();
  }
  is_last_chunk_ = chunk_left_ == 0;
  return after_extension_part(c, State::before_extension);
}

// Reads what may follow a size, an extension's name or its value. The grammar allows white space only before something
// else.
Scan ChunkedDecoder::after_extension_part(char c, State blank) {
  if (c == '\r') {
    state_ = State::size_lf;
  } else if (c == ';') {
    state_ = State::before_extension_name;
  } else if (character::is_blank(c)) {
    state_ = blank;
  } else {
    return bad_chunk();
  }
  return scan_more();
}

// chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
Scan ChunkedDecoder::take_extension(char c) {
  if (++extension_bytes_ > max_extension_bytes) return scan_refused(Reason::chunk_extensions_too_large);
  const bool is_token = character::is(c, character::token);
  switch (state_) {
    case State::before_extension: return c == '\r' ? bad_chunk() : after_extension_part(c, State::before_extension);
    case State::before_extension_name:
      if (is_token) state_ = State::extension_name;
      return is_token || character::is_blank(c) ? scan_more() : bad_chunk();
    case State::extension_name:
      if (is_token) return scan_more();
      if (c != '=') return after_extension_part(c, State::after_extension_name);
      state_ = State::before_extension_value;
      return scan_more();
    case State::after_extension_name:
      if (c == '\r') return bad_chunk();
      if (c != '=') return after_extension_part(c, State::after_extension_name);
      state_ = State::before_extension_value;
      return scan_more();
    case State::before_extension_value:
      if (character::is_blank(c)) return scan_more();
      state_ = c == '"' ? State::extension_quoted : State::extension_token;
      return is_token || c == '"' ? scan_more() : bad_chunk();
    case State::extension_token: return is_token ? scan_more() : after_extension_part(c, State::before_extension);
    case State::extension_quoted:
      if (c == '"') state_ = State::after_extension_value;
      if (c == '\\') state_ = State::extension_escape;
      return c == '"' || c == '\\' || character::is(c, character::quoted_text) ? scan_more() : bad_chunk();
    case State::extension_escape:
      state_ = State::extension_quoted;
      return character::is(c, character::field_value) ? scan_more() : bad_chunk();
    default: return after_extension_part(c, State::before_extension);  // after a quoted value
  }
}

// Trailer fields look like header fields, and may be discarded (RFC 9112, 7.1.2).
Scan ChunkedDecoder::take_trailer(char c) {
  if (++trailer_bytes_ > limits_->max_head_bytes) return scan_refused(Reason::head_too_large);
  switch (state_) {
    case State::trailer_first:
      if (c == '\r') {
        state_ = State::end_lf;
        return scan_more();
      }
      if (++trailer_count_ > limits_->max_header_count) return scan_refused(Reason::too_many_fields);
      state_ = State::trailer_name;
      return character::is(c, character::token) ? scan_more() : bad_chunk();
    case State::trailer_name:
      if (c == ':') state_ = State::trailer_value;
      return c == ':' || character::is(c, character::token) ? scan_more() : bad_chunk();
    case State::trailer_value:
      if (c == '\r') state_ = State::trailer_lf;
      return c == '\r' || character::is(c, character::field_value) ? scan_more() : bad_chunk();
    case State::trailer_lf: state_ = State::trailer_first; return c == '\n' ? scan_more() : bad_chunk();
    default: state_ = State::done; return c == '\n' ? scan_done() : bad_chunk();
  }
}

}  // namespace ubiety::http::gate

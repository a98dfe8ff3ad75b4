#include "http/http1/request_gate.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ubiety::http::gate {
namespace {

// An idle connection keeps at most this much memory.
constexpr std::size_t kept_bytes = 4096;

constexpr std::size_t min_room = 8 * 1024;
constexpr std::size_t max_room = 256 * 1024;

}  // namespace

std::size_t RequestGate::filter(std::span<char> input) {
  wants_continue_ = false;
  if (is_refused()) return 0;
  std::size_t cleared = 0;
  if (held_.empty()) {
    cleared = clear(input);
    input = input.subspan(cleared);
    if (is_refused()) answer_refusal(input);
  }
  if (is_refused() || input.empty()) return cleared;
  hold(input);
  if (is_refused()) answer_refusal(std::span(held_).subspan(ready_));
  return cleared;
}

// Returns how many bytes at the front of the window are complete messages, which may pass. The window begins with a
// message. After the complete ones comes a part of a message, a refused head, or the head of a chunked message.
std::size_t RequestGate::clear(std::span<char> window) {
  std::size_t at = 0;
  while (at < window.size()) {
    if (state_ == State::head) {
      const Scan scan = head_.advance(window.data() + at, window.size() - at);
      if (scan.progress == Progress::more) break;
      if (scan.progress == Progress::refused) {
        state_ = State::refused;
        reason_ = scan.reason;
        break;
      }
      if (head_.is_http_1_0()) speaks_http_1_0_ = true;
      if (head_.expects_continue()) note_expectation(at + ready_ == 0, at + head_.length() == window.size());
      is_first_request_ = false;
      if (head_.is_chunked()) {
        state_ = State::chunked;
        chunks_ = ChunkedDecoder(*limits_, head_.max_body_bytes());
        decoded_ = head_.length();
        break;
      }
      state_ = State::body;
    }
    const std::size_t size = head_.length() + head_.content_length();
    if (window.size() - at < size) break;
    at += size;
    head_ = HeadValidator(*limits_);
    state_ = State::head;
  }
  return at;
}

// Holds the input, and clears what it completes. The input continues what clear() or the last call left.
void RequestGate::hold(std::span<char> input) {
  held_.append(input.data(), input.size());
  for (;;) {
    if (state_ == State::chunked) {
      const Scan scan = decode_held();
      if (scan.progress == Progress::more) return;
      if (scan.progress == Progress::refused) {
        state_ = State::refused;
        reason_ = scan.reason;
        return;
      }
      head_.replace_coding_by_length(held_.data() + ready_, chunks_.content_size());
      ready_ += decoded_;
      head_ = HeadValidator(*limits_);
      state_ = State::head;
    }
    ready_ += clear(std::span(held_).subspan(ready_));
    if (state_ != State::chunked) return;
  }
}

// Decodes what is held of a chunked body, and closes the gap that this leaves.
Scan RequestGate::decode_held() {
  const std::size_t at = ready_ + decoded_;
  const ChunkedDecoder::Step step = chunks_.decode(held_.data() + at, held_.size() - at);
  decoded_ += step.produced;
  held_.erase(at + step.produced, step.consumed - step.produced);
  return step.scan;
}

std::span<char> RequestGate::room() {
  if (state_ != State::body || has_ready()) return {};
  const std::size_t size = held_.size();
  const std::size_t message_size = head_.length() + head_.content_length();
  // No more than has arrived: a Content-Length alone must not take memory.
  room_ = std::min(message_size - size, std::clamp(size, min_room, max_room));
  if (held_.capacity() < size + room_) held_.reserve(std::min(message_size, 2 * (size + room_)));
  held_.resize(size + room_);
  return std::span(held_).subspan(size);
}

bool RequestGate::fill(std::size_t size) {
  if (room_ == 0) return false;
  held_.resize(held_.size() - room_ + size);
  room_ = 0;
  ready_ = clear(held_);
  return true;
}

// `message` is the refused one, as far as it has arrived.
void RequestGate::answer_refusal(std::span<const char> message) {
  const std::string_view lines(message.data(), head_.lines_size());
  const std::string stand_in = stand_in_request(reason_, head_.is_head_method(), lines);
  held_.resize(ready_);
  held_.shrink_to_fit();
  held_ += stand_in;
  ready_ = held_.size();
  wants_continue_ = false;
}

// Whether an incomplete message has begun.
bool RequestGate::has_begun() const {
  return state_ == State::body || state_ == State::chunked ||
         (state_ == State::head && head_.has_begun(held_.size() - ready_));
}

void RequestGate::refuse_incomplete(Reason reason) {
  if (!has_begun()) return;
  state_ = State::refused;
  reason_ = head_.fault().value_or(reason);
  answer_refusal(std::span(held_).subspan(ready_));
}

void RequestGate::end_of_input() { refuse_incomplete(Reason::truncated); }

void RequestGate::end_of_time() {
  refuse_incomplete(awaited() == Awaited::body ? Reason::late_body : Reason::late_head);
}

void RequestGate::end_of_room() { refuse_incomplete(Reason::too_many_bytes); }

Awaited RequestGate::awaited() const {
  if (state_ == State::body || state_ == State::chunked) return Awaited::body;
  return is_first_request_ || has_begun() ? Awaited::head : Awaited::request;
}

std::size_t RequestGate::take(std::span<char> output) {
  const std::size_t part = std::min(output.size(), ready_ - delivered_);
  std::memcpy(output.data(), held_.data() + delivered_, part);
  delivered_ += part;
  if (delivered_ == ready_) {
    held_.erase(0, ready_);
    if (held_.empty() && held_.capacity() > kept_bytes) std::string().swap(held_);
    delivered_ = ready_ = 0;
  }
  return part;
}

// The client waits if it has sent nothing after the head. The answer to a request before this one in the same read is
// still unsent, and so may be the answer to any earlier one.
void RequestGate::note_expectation(bool is_first_of_read, bool is_last_of_read) {
  wants_continue_ = is_first_of_read && is_last_of_read && (is_first_request_ || limits_->one_request_at_a_time);
}

bool RequestGate::take_continue_request() { return std::exchange(wants_continue_, false); }

}  // namespace ubiety::http::gate

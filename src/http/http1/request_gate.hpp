// What stands between the bytes of a connection and RESTinio: gives out only requests that are well-formed beyond
// doubt, in place of the first that is not a request that says so (refusal.hpp), and nothing after that.
//
// A read that holds only complete messages with Content-Length passes where it stands, without a copy. A message in
// parts is held back until it is complete, so that until then it can be refused as a whole: for what it says, because
// the client goes, or because it takes too long. So is a chunked one, which goes on as one with Content-Length (RFC
// 9112, 7.1.3): RESTinio never sees the chunked coding. What is held is bounded by the limits.
//
// No I/O. One thread at a time; a GatedSocket calls it from its connection's strand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "http/http1/chunked_decoder.hpp"
#include "http/http1/gate_limits.hpp"
#include "http/http1/head_validator.hpp"
#include "http/http1/refusal.hpp"

namespace ubiety::http::gate {

class RequestGate {
 public:
  // The limits must outlive the gate.
  explicit RequestGate(const GateLimits& limits) : limits_(&limits), head_(limits), chunks_(limits) {}

  // Takes what was read, and returns how many bytes at its front are to be delivered; after them come those of take().
  // Only to be called when take() has nothing left.
  std::size_t filter(std::span<char> input);

  // The request under way is refused for this reason as soon as its head is read.
  void refuse(Reason reason) { head_.keep_fault(reason); }

  // Where the rest of a body that is held back may be read to, past filter() and in larger pieces; empty when none is.
  // It is as large as what came so far, so that memory is taken only for what is sent. fill() has to follow before any
  // other call: so many bytes were read. It gives whether there was room at all.
  std::span<char> room();
  bool fill(std::size_t size);

  // The client has sent its last byte: a request that is still held back never becomes one.
  void end_of_input();

  // What the client is to send next. Of the first request the head is awaited before it begins.
  Awaited awaited() const;
  // The time for that is over: a request that has begun is refused.
  void end_of_time();

  // What it keeps in memory of what has come, and for what is to come next.
  std::size_t held_bytes() const { return held_.empty() ? 0 : held_.capacity(); }
  // There is no room for that: whatever has come is refused, but for the whole requests before it.
  void end_of_room();

  bool has_ready() const { return given_ != ready_; }
  // Copies bytes that are to be delivered, as many as fit.
  std::size_t take(std::span<char> output);

  bool is_refused() const { return state_ == State::refused; }

  // Whether a client waits for "100 Continue" (RFC 9110, 10.1.1) and may be told. True once for each such request.
  bool take_continue_request();

 private:
  enum class State : std::uint8_t { head, body, chunked, refused };

  bool has_begun() const;
  void refuse_incomplete(Reason reason);
  std::size_t clear(std::span<char> window);
  void hold(std::span<char> input);
  Scan decode_held();
  void note_expectation(bool is_first_of_read, bool is_last_of_read);
  void answer_refusal(std::span<const char> message);

  // Constant after construction.
  const GateLimits* limits_;

  // The message under way.
  HeadValidator head_;
  ChunkedDecoder chunks_;
  std::size_t decoded_ = 0;  // of a chunked message: its head and content, from held_[ready_] on
  State state_ = State::head;
  Reason reason_ = Reason::truncated;

  std::string held_;  // delivered up to given_, cleared up to ready_, then the message that is not complete
  std::size_t given_ = 0;
  std::size_t ready_ = 0;
  std::size_t room_ = 0;  // at the end of held_, still to be filled

  bool is_first_request_ = true;
  bool wants_continue_ = false;
};

}  // namespace ubiety::http::gate

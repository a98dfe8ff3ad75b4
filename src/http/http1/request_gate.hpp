// Stands between the bytes of a connection and RESTinio, and passes only requests that are well-formed beyond doubt.
// The first that is not is replaced by a request that says so (refusal.hpp), and nothing passes after it.
//
// A read that contains only complete messages with Content-Length passes in place, without a copy. An incomplete
// message is held until it is complete, so that it can be refused as a whole: for its content, because the client
// leaves, or because it takes too long. A chunked message is held, too, and passes with a Content-Length (RFC
// 9112, 7.1.3): RESTinio never sees the chunked coding. The limits bound what is held.
//
// No I/O. One thread at a time; a GatedSocket calls it from its connection's strand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "http/http1/chunked_decoder.hpp"
#include "http/http1/connections.hpp"
#include "http/http1/head_grammar.hpp"
#include "http/http1/head_validator.hpp"
#include "http/http1/refusal.hpp"

namespace ubiety::http::gate {

class RequestGate {
 public:
  // The limits must outlive the gate.
  explicit RequestGate(const GateLimits& limits) : limits_(&limits), head_(limits), chunks_(limits) {}

  // Checks what was read, and returns how many bytes at its front may be delivered; those of take() follow them. Call
  // it only while has_ready() is false.
  std::size_t filter(std::span<char> input);

  // Refuses the current request for this reason, once its head is read.
  void refuse(Reason reason) { head_.keep_fault(reason); }

  // Where the rest of a held body may be read to, in larger pieces and without filter(); empty when no body is held.
  // The room is as large as what has arrived so far, so that memory is used only for what a client sends. Then call
  // fill() with the number of bytes read, before any other function. It returns false if there was no room.
  std::span<char> room();
  bool fill(std::size_t size);

  // The client has sent its last byte: an incomplete request is refused.
  void end_of_input();

  // The phase in which the gate waits for the client. A new connection begins with the head of its first request.
  Awaited awaited() const;
  // The time of the phase is over: a request that has begun is refused.
  void end_of_time();

  // The memory for what has arrived and for what will be read next, in bytes.
  std::size_t held_bytes() const { return held_.empty() ? 0 : held_.capacity(); }
  // That memory is not available: the incomplete request is refused; complete ones before it pass.
  void end_of_room();

  bool has_ready() const { return delivered_ != ready_; }
  // Copies bytes that may be delivered, as many as fit.
  std::size_t take(std::span<char> output);

  bool is_refused() const { return state_ == State::refused; }

  // Whether a request of the client was HTTP/1.0, so that it may not understand chunks.
  bool speaks_http_1_0() const { return speaks_http_1_0_; }

  // Whether a client waits for "100 Continue" (RFC 9110, 10.1.1) and it may be sent. True once for each such request.
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

  // The current message.
  HeadValidator head_;
  ChunkedDecoder chunks_;
  std::size_t decoded_ = 0;  // for a chunked message: bytes of its head and content, from held_[ready_] on
  State state_ = State::head;
  Reason reason_ = Reason::truncated;

  std::string held_;  // delivered up to delivered_, checked up to ready_, then the incomplete message
  std::size_t delivered_ = 0;
  std::size_t ready_ = 0;
  std::size_t room_ = 0;  // at the end of held_, still to be filled

  bool is_first_request_ = true;
  bool wants_continue_ = false;
  bool speaks_http_1_0_ = false;
};

}  // namespace ubiety::http::gate

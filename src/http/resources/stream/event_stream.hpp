// One client of GET /fleet/stream. The loop's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "actors/admission.hpp"
#include "domain/clock.hpp"
#include "http/http1/exchange.hpp"

namespace ubiety::http {

class EventStream {
 public:
  // `unread` outlives it.
  EventStream(Exchange&& exchange, ByteBudget& unread) : exchange_(std::move(exchange)), held_(unread) {}

  const Exchange& exchange() const { return exchange_; }

  // Whether the head of the answer was sent.
  bool has_begun() const { return has_begun_; }
  // Whether the client has taken what was sent before. A slow client has one piece on its way, and costs no more.
  bool is_ready() const { return on_its_way_ == 0 && !is_broken_; }
  // Whether the connection failed.
  bool is_broken() const { return is_broken_; }
  SteadyTime last_sent() const { return last_sent_; }

  void begin(Answer head, bool takes_chunks, SteadyTime now) {
    exchange_.begin_answer(std::move(head), takes_chunks);
    has_begun_ = true;
    last_sent_ = now;
  }

  // Sends a piece to a client that is ready. Returns false, and sends nothing, if clients have too much to read.
  // note_sent() has to follow when `sent` is called.
  bool send(const std::shared_ptr<const std::string>& piece, SteadyTime now, std::function<void(bool is_sent)> sent) {
    if (!held_.grow(static_cast<std::int64_t>(piece->size()))) return false;
    on_its_way_ = static_cast<std::int64_t>(piece->size());
    last_sent_ = now;
    exchange_.send_piece(piece, std::move(sent));
    return true;
  }
  void note_sent(bool is_sent) {
    held_.shrink(std::exchange(on_its_way_, 0));
    is_broken_ = !is_sent;
  }

  // Ends the answer, or answers with this if none has begun. A client that has not taken its piece sees an incomplete
  // answer.
  void end(Answer otherwise) {
    if (!exchange_.is_to_be_answered()) return;
    if (has_begun_ && is_ready())
      exchange_.end_answer();
    else
      exchange_.answer(std::move(otherwise));
  }

 private:
  Exchange exchange_;
  ByteBudget::Share held_;
  bool has_begun_ = false, is_broken_ = false;
  std::int64_t on_its_way_ = 0;  // bytes
  SteadyTime last_sent_{};
};

}  // namespace ubiety::http

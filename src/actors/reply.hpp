// Passes an answer from an actor to the thread that waits for it, which the actor need not know.
#pragma once

#include <cstdint>
#include <utility>

namespace ubiety {

// Trivially copyable; never allocates. Call it once, from any thread. The receiver outlives all actors.
template <class Outcome>
class Reply {
 public:
  using Deliver = void (*)(void* receiver, std::uint64_t ticket, Outcome&& outcome);

  Reply() = default;
  Reply(Deliver deliver, void* receiver, std::uint64_t ticket)
      : deliver_(deliver), receiver_(receiver), ticket_(ticket) {}

  void operator()(Outcome outcome) const { deliver_(receiver_, ticket_, std::move(outcome)); }

 private:
  Deliver deliver_ = [](void*, std::uint64_t, Outcome&&) {};
  void* receiver_ = nullptr;
  std::uint64_t ticket_ = 0;
};

}  // namespace ubiety

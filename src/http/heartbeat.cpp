#include "http/heartbeat.hpp"

#include <cstdint>
#include <utility>

namespace ubiety::http {

Heartbeat::Heartbeat(EventLoop& loop, Engine& engine, HeartbeatOptions options)
    : engine_(engine), options_(std::move(options)), answers_(loop, [this](std::uint64_t, Alive&&) { note_answer(); }) {
  if (!options_.beat) return;
  loop.every(options_.interval, [this] { ask(); });
}

// Asks only when all shards have answered, so that a shard that hangs does not find many messages afterwards.
void Heartbeat::ask() {
  if (stopped_ || missing_answers_ != 0) return;
  missing_answers_ = engine_.shards();
  engine_.prove_alive(answers_.reply_to(0));
}

void Heartbeat::note_answer() {
  if (--missing_answers_ == 0 && !stopped_) options_.beat();
}

}  // namespace ubiety::http

// The signals of the process. Except for wait_within(), the main thread.
#pragma once

#include <chrono>
#include <csignal>

namespace ubiety::program {

// The service sends it to itself to start over. SIGTERM would not do: an administrator may send that at the same time.
inline constexpr int start_over_signal = SIGUSR2;

struct Signals {
  sigset_t stop;     // SIGTERM and SIGINT
  sigset_t handled;  // these, SIGHUP, SIGUSR1 and start_over_signal
};

// Blocks the handled signals, so that only the functions below receive them, and ignores SIGPIPE. Call it before
// threads start, because threads inherit the mask.
Signals block_signals();

// Blocks until one of `signals` arrives, and returns it.
int wait_for(const sigset_t& signals);

// Blocks until one of `signals` arrives, at most for `limit`. Returns whether one did. Any thread.
bool wait_within(std::chrono::nanoseconds limit, const sigset_t& signals);

}  // namespace ubiety::program

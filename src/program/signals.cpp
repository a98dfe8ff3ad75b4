#include "program/signals.hpp"

#include <algorithm>
#include <cerrno>

namespace ubiety::program {

Signals block_signals() {
  Signals signals{};
  sigemptyset(&signals.stop);
  sigaddset(&signals.stop, SIGTERM);
  sigaddset(&signals.stop, SIGINT);
  signals.handled = signals.stop;
  for (const int signal : {SIGHUP, SIGUSR1, start_over_signal}) sigaddset(&signals.handled, signal);
  ::pthread_sigmask(SIG_BLOCK, &signals.handled, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

int wait_for(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
  return signal;
}

// A pause of the process, as by Ctrl-Z or a debugger, interrupts the wait; it then goes on for the time that is left.
bool wait_within(std::chrono::nanoseconds limit, const sigset_t& signals) {
  using namespace std::chrono;
  const auto deadline = steady_clock::now() + limit;
  int signal = 0;
  do {
    const auto left = std::max(deadline - steady_clock::now(), steady_clock::duration::zero());
    const auto whole = duration_cast<seconds>(left);
    const timespec time{.tv_sec = whole.count(), .tv_nsec = nanoseconds(left - whole).count()};
    signal = ::sigtimedwait(&signals, nullptr, &time);
  } while (signal < 0 && errno == EINTR);
  return signal > 0;
}

}  // namespace ubiety::program

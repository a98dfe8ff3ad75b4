// A library to preload (LD_PRELOAD): the process sees the machine's clock shifted by as many nanoseconds as the file
// that UBIETY_TESTS_CLOCK_SHIFT names has in its first eight bytes, at any moment. The steady clock stays as it is.
//
// The kernel ends a wait for a time of day when its own clock comes there. So such waits are taken in slices here,
// which end by the shifted clock.
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

constexpr std::int64_t nanoseconds = 1'000'000'000;
constexpr std::int64_t slice = nanoseconds / 200;
constexpr std::time_t earliest_time_of_day = 1'000'000'000;  // a smaller number is a time of the steady clock

const std::atomic<std::int64_t>* mapped_shift() {
  static const std::atomic<std::int64_t> none{0};
  const char* path = std::getenv("UBIETY_TESTS_CLOCK_SHIFT");
  const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return &none;
  void* mapped = ::mmap(nullptr, sizeof none, PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  return mapped == MAP_FAILED ? &none : static_cast<const std::atomic<std::int64_t>*>(mapped);
}

std::int64_t shift() {
  static const auto* const mapped = mapped_shift();
  return mapped->load(std::memory_order_relaxed);
}

std::int64_t in_nanoseconds(const timespec& time) { return time.tv_sec * nanoseconds + time.tv_nsec; }
timespec timespec_of(std::int64_t time) { return {time / nanoseconds, time % nanoseconds}; }

std::int64_t read_clock(clockid_t clock) {
  timespec time{};
  ::syscall(SYS_clock_gettime, clock, &time);
  return in_nanoseconds(time);
}

std::int64_t time_of_day() { return read_clock(CLOCK_REALTIME) + shift(); }

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (::syscall(SYS_clock_gettime, clock, time) != 0) return -1;
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) *time = timespec_of(in_nanoseconds(*time) + shift());
  return 0;
}

int gettimeofday(timeval* time, void*) noexcept {
  const auto now = time_of_day();
  *time = {now / nanoseconds, now % nanoseconds / 1000};
  return 0;
}

std::time_t time(std::time_t* time) noexcept {
  const auto now = time_of_day() / nanoseconds;
  if (time != nullptr) *time = now;
  return now;
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  if (until->tv_sec < earliest_time_of_day) return ::pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, until);
  for (;;) {
    const auto left = in_nanoseconds(*until) - time_of_day();
    if (left <= 0) return ETIMEDOUT;
    const auto slice_ends = timespec_of(read_clock(CLOCK_MONOTONIC) + (left < slice ? left : slice));
    const int outcome = ::pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, &slice_ends);
    if (outcome != ETIMEDOUT) return outcome;
  }
}
}

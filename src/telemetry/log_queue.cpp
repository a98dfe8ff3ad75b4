#include "telemetry/log_queue.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <thread>
#include <utility>

namespace ubiety::log {

LogQueue& LogQueue::start(int descriptor, std::size_t max_bytes, DroppedLine dropped_line) {
  auto* const queue = new LogQueue(descriptor, max_bytes, std::move(dropped_line));  // never destroyed
  std::thread([queue] { queue->write_forever(); }).detach();
  return *queue;
}

LogQueue::LogQueue(int descriptor, std::size_t max_bytes, DroppedLine dropped_line)
    : descriptor_(descriptor), max_bytes_(max_bytes), dropped_line_(std::move(dropped_line)) {}

void LogQueue::push(std::string_view line) {
  bool was_empty = false;
  {
    const MutexLock lock(mutex_);
    if (waiting_.size() + line.size() + 1 > max_bytes_) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    was_empty = waiting_.empty();
    waiting_.append(line).append("\n");
    ++waiting_lines_;
    pushed_bytes_.fetch_add(line.size() + 1, std::memory_order_release);
  }
  if (was_empty) arrived_.notify_one();
}

void LogQueue::write_forever() {
  std::string text;
  for (std::uint64_t reported = 0;;) {
    std::uint64_t lines = 0;
    {
      const MutexLock lock(mutex_);
      arrived_.wait(mutex_, [this]() REQUIRES(mutex_) { return !waiting_.empty(); });
      text.clear();
      text.swap(waiting_);
      lines = std::exchange(waiting_lines_, 0);
    }
    const auto size = text.size();
    // The dropped lines came after these.
    const auto dropped = dropped_.load(std::memory_order_relaxed);
    if (dropped != reported) text.append(dropped_line_(dropped - std::exchange(reported, dropped))).append("\n");
    if (!write_all(descriptor_, text)) dropped_.fetch_add(lines, std::memory_order_relaxed);
    done_bytes_.fetch_add(size, std::memory_order_release);
  }
}

bool LogQueue::flush(std::chrono::milliseconds limit) const {
  const auto all = pushed_bytes_.load(std::memory_order_acquire);
  const timespec millisecond{.tv_sec = 0, .tv_nsec = 1'000'000};
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (done_bytes_.load(std::memory_order_acquire) < all) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    ::nanosleep(&millisecond, nullptr);
  }
  return true;
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd writable{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace ubiety::log

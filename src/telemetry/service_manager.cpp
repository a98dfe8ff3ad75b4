#include "telemetry/service_manager.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "domain/text.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;

// A start that waits for its store counts as done after this time: the service then answers, if only with 503.
constexpr auto max_start = 30s;
constexpr auto max_beat_interval = 500ms;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before there are threads
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

ServiceManager::ServiceManager() {
  const auto path = environment("NOTIFY_SOCKET");
  if (path.size() < 2 || path.size() >= sizeof address_.sun_path || (path[0] != '/' && path[0] != '@')) return;
  address_.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), std::begin(address_.sun_path));
  if (path[0] == '@') address_.sun_path[0] = '\0';  // the abstract namespace
  address_size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  const auto watched = environment("WATCHDOG_PID");
  if (watched.empty() || parse_integer<std::int64_t>(watched) == ::getpid())
    watchdog_ = std::chrono::microseconds{
        std::max<std::int64_t>(0, parse_integer<std::int64_t>(environment("WATCHDOG_USEC")).value_or(0))};
}

ServiceManager::~ServiceManager() {
  if (is_there()) ::close(socket_);
}

std::chrono::milliseconds ServiceManager::beat_interval() const {
  if (watchdog_ == 0us) return max_beat_interval;
  const auto third = std::chrono::duration_cast<std::chrono::milliseconds>(watchdog_ / 3);
  return std::clamp<std::chrono::milliseconds>(third, 1ms, max_beat_interval);
}

void ServiceManager::beat(bool serving, std::chrono::steady_clock::time_point now) {
  if (stops_.load(std::memory_order_relaxed)) return;
  if (!ready_ && (serving || now - begin_ >= max_start)) {
    ready_ = true;
    notify("READY=1");
  }
  const std::string_view status = serving ? "STATUS=Serving" : "STATUS=Answering 503: the store is down or being read";
  if (status != status_) notify(status_ = status);
  if (watchdog_ != 0us && now >= next_watchdog_) {
    next_watchdog_ = now + watchdog_ / 3 - beat_interval() / 2;
    notify("WATCHDOG=1");
  }
}

void ServiceManager::stopping() {
  stops_.store(true, std::memory_order_relaxed);
  notify("STOPPING=1\nSTATUS=Finishing the requests in flight");
}

void ServiceManager::notify(std::string_view text) const {
  if (!is_there()) return;
  ::sendto(socket_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&address_),
           address_size_);
}

}  // namespace ubiety

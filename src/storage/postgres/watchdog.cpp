#include "storage/postgres/watchdog.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {
namespace {

constexpr std::chrono::milliseconds look_interval{50};

int duplicate_of(int socket) {
  const int duplicate = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (duplicate < 0) throw std::system_error(errno, std::generic_category(), "the database's socket");
  return duplicate;
}

// Waits up to two seconds for the process to end. Returns no row if it has already ended.
constexpr const char* terminate = R"sql(
  SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2)sql";

}  // namespace

WatchedSocket::WatchedSocket(Watchdog& watchdog, int socket) : watchdog_(watchdog), socket_(duplicate_of(socket)) {
  watchdog_.add(this);
}

WatchedSocket::~WatchedSocket() {
  watchdog_.remove(this);
  ::close(socket_);
}

void WatchedSocket::begin_call(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  deadline_.store(deadline.time_since_epoch().count(), std::memory_order_release);
}

// The call may end at this moment and another one begin. The new call then fails needlessly, and is retried like any
// call that lost its connection.
void WatchedSocket::shut_down_if_late(std::chrono::steady_clock::time_point now) {
  const auto deadline = deadline_.load(std::memory_order_acquire);
  if (deadline == none || deadline > now.time_since_epoch().count()) return;
  timed_out_.store(true, std::memory_order_release);
  ::shutdown(socket_, SHUT_RDWR);
}

Watchdog::Watchdog() : thread_([this](const std::stop_token& stopping) { run(stopping); }) {}

void Watchdog::add(WatchedSocket* socket) {
  const MutexLock lock(mutex_);
  sockets_.push_back(socket);
  changed_.notify_one();
}

void Watchdog::remove(WatchedSocket* socket) {
  const MutexLock lock(mutex_);
  std::erase(sockets_, socket);
}

void Watchdog::run(const std::stop_token& stopping) {
  const MutexLock lock(mutex_);
  while (changed_.wait(mutex_, stopping, [this]() REQUIRES(mutex_) { return !sockets_.empty(); })) {
    const auto now = std::chrono::steady_clock::now();
    for (auto* socket : sockets_) socket->shut_down_if_late(now);
    changed_.wait_for(mutex_, stopping, look_interval, [] { return false; });
  }
}

void AbandonedBackends::add(Backend backend) {
  const MutexLock lock(mutex_);
  backends_.push_back(std::move(backend));
}

void AbandonedBackends::end_all(Connection& connection) {
  const MutexLock lock(mutex_);
  while (!backends_.empty()) {
    const auto& [pid, started] = backends_.back();
    const auto rows = connection.query(terminate, {pid, started});
    if (!rows.empty() && !rows[0].boolean(0))
      throw SqlError("", "process " + std::to_string(pid) + " of the server does not end");
    backends_.pop_back();
  }
}

}  // namespace ubiety::postgres

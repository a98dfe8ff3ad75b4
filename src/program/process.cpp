#include "program/process.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "domain/text.hpp"

// jemalloc(3). Weak, because a sanitizer brings its own allocator.
extern "C" __attribute__((weak)) int mallctl(const char* name, void* old_value, std::size_t* old_size, void* new_value,
                                             std::size_t new_size);

// The options of jemalloc; the environment variable MALLOC_CONF overrides them. By default jemalloc makes four arenas
// per processor, each with half-empty pages and pages that wait to be returned. Few threads allocate here, and each
// first from its own cache.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:1";
}

namespace ubiety::program {
namespace {

using namespace std::chrono_literals;

constexpr const char* packaged_program = "/usr/bin/ubietyd";

std::string problem_with(const std::string& what) { return what + ": " + std::generic_category().message(errno); }

// A start that waits for its store counts as done after this time: the service then answers, if only with 503.
constexpr auto max_start = 30s;
constexpr auto max_beat_interval = 500ms;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before there are threads
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

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

void release_free_memory() {
  constexpr const char* purge_all_arenas = "arena.4096.purge";  // MALLCTL_ARENAS_ALL
  if (mallctl != nullptr) mallctl(purge_all_arenas, nullptr, nullptr, nullptr, 0);
}

// Both calls are needed: the limit does not apply to a core that is piped to a program, and an exec resets the flag.
void keep_memory_private() {
  const rlimit none{0, 0};
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot disable core dumps");
}

std::optional<config::Installation> installation_of_this_program() {
  std::error_code failed;
  if (std::filesystem::read_symlink("/proc/self/exe", failed) != packaged_program) return std::nullopt;
  return config::Installation{.env_file = "/etc/ubiety/ubiety.env", .working_directory = "/var/lib/ubiety"};
}

std::optional<std::string> run_as_service(const config::Installation& installation) {
  const auto& folder = installation.working_directory;
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) return problem_with(folder);
  const passwd* owner = ::getpwuid(found.st_uid);
  const std::string name = owner == nullptr ? std::to_string(found.st_uid) : owner->pw_name;
  if (::geteuid() == 0 && found.st_uid != 0) {
    const gid_t group = owner == nullptr ? found.st_gid : owner->pw_gid;
    if (::initgroups(name.c_str(), group) != 0 || ::setgid(group) != 0 || ::setuid(found.st_uid) != 0)
      return problem_with("cannot become " + name);
  }
  if (::chdir(folder.c_str()) != 0) return problem_with(folder);
  std::cerr << "ubietyd: using the settings in " << installation.env_file << ", in " << folder << '\n';
  return std::nullopt;
}

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

}  // namespace ubiety::program

#include "support/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "support/fault_report.hpp"
#include "support/temporary_directory.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

constexpr int could_not_start = 127;

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool redirect(const char* path, int to) {
  const int file = ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  return file >= 0 && ::dup2(file, to) >= 0;
}

bool become(const Identity& identity) {
  return ::setgroups(1, &identity.group) == 0 && ::setgid(identity.group) == 0 && ::setuid(identity.user) == 0;
}

bool limit_files(int count) {
  const rlimit limit{static_cast<rlim_t>(count), static_cast<rlim_t>(count)};
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

// All that the child needs between fork and exec, where it may not allocate.
struct Start {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::string directory, output, error;
  std::optional<Identity> identity;
  std::optional<int> open_files;
  pid_t parent = ::getpid();

  [[noreturn]] void operator()() const {
    sigset_t none;
    sigemptyset(&none);
    const bool ready = ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0 && redirect(output.c_str(), STDOUT_FILENO) &&
                       redirect(error.c_str(), STDERR_FILENO) && redirect("/dev/null", STDIN_FILENO) &&
                       (!open_files || limit_files(*open_files)) && (!identity || become(*identity)) &&
                       ::chdir(directory.c_str()) == 0 &&
                       // After setuid, which would reset it. The parent may have ended before.
                       ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent;
    if (ready) ::execve(arguments[0], arguments.data(), environment.data());
    ::_exit(could_not_start);
  }
};

}  // namespace

Environment basic_environment() {
  Environment environment{{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"LC_ALL", "C.UTF-8"}};
  for (const char* name : {"TMPDIR", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name)) environment[name] = value;
  return environment;
}

ChildProcess::ChildProcess(const Command& command)
    : error_(command.output.string() + ".err"), error_before_(read_file(error_).size()) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment;
  for (const auto& [name, value] : command.environment) environment.push_back(name + "=" + value);
  const Start start{
      pointers_to(arguments), pointers_to(environment), command.directory.string(), command.output.string() + ".out",
      error_.string(),        command.identity,         command.open_files};
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) start();
}

ChildProcess::~ChildProcess() {
  if (status_) return;
  send_signal(SIGKILL);
  wait(std::chrono::seconds{10});
}

bool ChildProcess::is_running() { return !wait(std::chrono::milliseconds{0}); }

void ChildProcess::send_signal(int signal) {
  // After the process is reaped, its number may belong to another process.
  if (is_running()) ::kill(pid_, signal);
}

std::optional<ExitStatus> ChildProcess::wait(std::chrono::milliseconds timeout) {
  if (status_) return status_;
  const auto ended = [this] {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    status_ = WIFEXITED(status) ? ExitStatus{WEXITSTATUS(status), 0} : ExitStatus{-1, WTERMSIG(status)};
    return true;
  };
  if (wait_until(ended, timeout, std::chrono::milliseconds{2})) fail_for_its_faults();
  return status_;
}

void ChildProcess::fail_for_its_faults() const {
  const auto fault = fault_report(*status_, read_file(error_).erase(0, error_before_));
  if (fault) ADD_FAILURE() << *fault;
}

Finished run(Command command, std::chrono::milliseconds timeout) {
  TemporaryDirectory folder;
  if (command.directory.empty()) command.directory = folder.path();
  command.output = folder.path() / "run";
  ChildProcess child(command);
  const auto status = child.wait(timeout);
  if (!status) throw std::runtime_error(command.arguments.front() + " does not end");
  return {*status, read_file(folder.path() / "run.out"), read_file(folder.path() / "run.err")};
}

}  // namespace ubiety::test

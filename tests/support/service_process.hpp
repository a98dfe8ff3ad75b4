// ubietyd as a user runs it, on its own loopback port. Its temporary folder outlives restarts, and with it the default
// SQLite database. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/child_process.hpp"
#include "support/free_port.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {

class ServiceProcess {
 public:
  // `settings` are added to HOST, PORT and LOG_FORMAT.
  explicit ServiceProcess(Environment settings = {});

  void start();             // returns when it is ready; throws the log if it does not become ready
  void start_unready();     // returns when it answers; /health/ready may still return 503
  int terminate();          // sends SIGTERM; returns the exit code, -1 if it did not exit
  void kill_hard();         // SIGKILL
  void restart();           // terminates and starts it
  bool wait_until_ready();  // false if it takes too long
  bool is_running() { return process_ && process_->is_running(); }

  int port() const { return port_.number(); }
  pid_t pid() const { return process_->pid(); }
  ChildProcess& process() { return *process_; }
  const std::filesystem::path& folder() const { return folder_.path(); }
  Environment& settings() { return settings_; }              // for the next start
  void limit_open_files(int count) { open_files_ = count; }  // for all later starts
  std::string log() const;                                   // standard error, of all starts

 private:
  void launch();
  bool answers(std::string_view target);

  TemporaryDirectory folder_;
  FreePort port_;
  Environment settings_;
  std::optional<int> open_files_;
  std::unique_ptr<ChildProcess> process_;
};

// Runs `ubietyd ARGUMENTS…` to its end, with the settings as its environment.
Finished run_ubietyd(std::vector<std::string> arguments, const Environment& settings = {},
                     const std::filesystem::path& directory = {});

// Does the same as a user other than root, to whom `directory` then belongs; as the current user unless that is root.
Finished run_ubietyd_as_ordinary_user(std::vector<std::string> arguments, const Environment& settings,
                                      const std::filesystem::path& directory);

// Starts ubietyd likewise; the caller ends it. It runs in `folder`, and writes ubietyd.out and ubietyd.err there.
std::unique_ptr<ChildProcess> start_ubietyd(std::vector<std::string> arguments, const Environment& settings,
                                            const std::filesystem::path& folder, std::optional<int> open_files = {});

}  // namespace ubiety::test

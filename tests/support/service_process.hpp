// ServiceProcess: ubietyd as a user runs it, on a loopback port of its own, in a temporary folder that outlives
// restarts (so that the default SQLite database does).
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
  // HOST, PORT and LOG_FORMAT are given; `settings` says the rest.
  explicit ServiceProcess(Environment settings = {});

  void start();             // returns when it is ready; throws with the log if it does not get so
  void start_unready();     // returns when it serves, /health/ready may say 503 still
  int terminate();          // SIGTERM; the exit code, -1 if it did not end by itself
  void kill_hard();         // SIGKILL
  void restart();           // terminate and start
  bool wait_until_ready();  // false if it takes too long
  bool is_running() { return process_ && process_->is_running(); }

  int port() const { return port_.number(); }
  pid_t pid() const { return process_->pid(); }
  ChildProcess& process() { return *process_; }
  const std::filesystem::path& folder() const { return folder_.path(); }
  Environment& settings() { return settings_; }              // for the next start
  void limit_open_files(int count) { open_files_ = count; }  // of the next starts
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

// The same as a user who is not root, in `directory`, which then is that user's. Ourselves, when we are not root.
Finished run_ubietyd_as_ordinary_user(std::vector<std::string> arguments, const Environment& settings,
                                      const std::filesystem::path& directory);

// Starts it likewise, for a caller that ends it. `folder` is where it runs; its outputs are ubietyd.{out,err} there.
std::unique_ptr<ChildProcess> start_ubietyd(std::vector<std::string> arguments, const Environment& settings,
                                            const std::filesystem::path& folder, std::optional<int> open_files = {});

}  // namespace ubiety::test

// A program that a test runs, with its output in files. The process ends with the object at the latest, and with the
// thread that started it, so start it from a thread that lives on. The test fails if the process crashes or if its
// sanitizer reports a fault. One thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ubiety::test {

using Environment = std::map<std::string, std::string>;

struct Identity {
  uid_t user;
  gid_t group;
};

struct Command {
  std::vector<std::string> arguments;  // the first is the program, with its path
  Environment environment;             // all of it; see basic_environment()
  std::filesystem::path directory;     // the working directory
  std::filesystem::path output;        // standard output is appended to OUTPUT.out, standard error to OUTPUT.err
  std::optional<Identity> identity;    // runs as this user; else as this process's user
  std::optional<int> open_files;       // the limit; else this process's limit
};

// PATH, the locale, the temporary folder and the options of sanitizers.
Environment basic_environment();

struct ExitStatus {
  int code;    // -1 if a signal ended it
  int signal;  // 0 if none did

  bool is_success() const { return code == 0; }
};

class ChildProcess {
 public:
  explicit ChildProcess(const Command& command);
  ~ChildProcess();  // kills the process if it still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  bool is_running();
  void send_signal(int signal);
  std::optional<ExitStatus> wait(std::chrono::milliseconds timeout);

 private:
  void fail_for_its_faults() const;

  pid_t pid_;
  std::filesystem::path error_;
  std::size_t error_before_;  // bytes that earlier processes wrote to the same file
  std::optional<ExitStatus> status_;
};

struct Finished {
  ExitStatus status;
  std::string output;
  std::string error;
};

// Runs a program to its end, in a new folder unless the command names one, and returns its output.
Finished run(Command command, std::chrono::milliseconds timeout = std::chrono::seconds{30});

}  // namespace ubiety::test

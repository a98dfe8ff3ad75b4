// PostgresServer: a real PostgreSQL in a temporary folder, on a loopback port of its own, with fsync on. It trusts
// every local connection; its superuser is ubiety. As root it runs as the user postgres, which PostgreSQL insists on.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "support/child_process.hpp"
#include "support/free_port.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {

class PostgresServer {
 public:
  enum class Stop { fast, immediate };  // as pg_ctl has them: orderly, or as in a crash

  PostgresServer();  // made, not started
  ~PostgresServer();

  void start();  // returns when it takes connections; again on the same port after a stop
  void stop(Stop how = Stop::fast);
  void restart(Stop how = Stop::fast);
  void pause();   // SIGSTOP to all its processes: connections stay, and nothing answers
  void resume();  // as if nothing had been
  bool is_running() const { return process_ != nullptr; }
  pid_t pid() const { return process_->pid(); }

  int port() const { return port_.number(); }
  std::string url(std::string_view database = "ubiety") const;

  // Makes an empty database, away with one of this name, and gives its URL.
  std::string create_database(const std::string& name);

  // Runs one statement; gives the first column of the first row, if there is one. Throws what the server objects to.
  std::optional<std::string> execute(std::string_view database, const std::string& sql) const;

  std::string log() const;

 private:
  void initialise();
  void send_to_all(int signal) const;
  Command command(std::string_view program, std::vector<std::string> arguments) const;

  TemporaryDirectory folder_;
  FreePort port_;
  std::optional<Identity> identity_;
  std::unique_ptr<ChildProcess> process_;
};

// The server that all tests of a process share, started when first asked for.
PostgresServer& shared_postgres();

}  // namespace ubiety::test

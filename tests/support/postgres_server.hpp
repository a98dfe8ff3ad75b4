// A real PostgreSQL server in a temporary folder, on its own loopback port, with fsync on. It trusts all local
// connections; its superuser is ubiety. Tests of root run it as postgres, since it refuses to run as root. One thread.
#pragma once

#include <cstdint>
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
  enum class Stop { fast, immediate };  // pg_ctl's modes: orderly, or like a crash

  struct StandbyOf {
    const PostgresServer& primary;  // runs
  };

  PostgresServer();                    // creates the cluster, and does not start it
  explicit PostgresServer(StandbyOf);  // copies the primary, and follows it asynchronously once it is started
  ~PostgresServer();

  void start();  // returns when it accepts connections; always on the same port
  void stop(Stop how = Stop::fast);
  void restart(Stop how = Stop::fast);
  void pause();    // stops all its processes: connections stay open, and nothing answers
  void resume();   // continues them
  void promote();  // turns a standby into a primary; returns when it takes writes
  bool is_running() const { return process_ != nullptr; }
  pid_t pid() const { return process_->pid(); }

  int port() const { return port_.number(); }
  std::string url(std::string_view database = "ubiety") const;

  // Creates an empty database, in place of any other of this name. Returns its URL.
  std::string create_database(const std::string& name);

  // Runs one statement. Returns the first column of the first row, if there is one. Throws the server's errors.
  std::optional<std::string> execute(std::string_view database, const std::string& sql) const;

  // Fills a page of a relation, such as a table, with this byte, as a faulty disk does. Stops the server for it. Zeros
  // make an empty page, and 0xff one that PostgreSQL cannot read.
  void damage_page(std::string_view database, const std::string& relation, std::int64_t page, unsigned char filling);

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

// Returns a URL of the database ubiety on whichever of the two takes writes.
std::string url_of_primary(const PostgresServer& one, const PostgresServer& other);

// The server that all tests of a process share. The first call starts it.
PostgresServer& shared_postgres();

}  // namespace ubiety::test

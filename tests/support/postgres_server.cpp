#include "support/postgres_server.hpp"

#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>

#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

constexpr std::string_view programs = UBIETY_POSTGRES_PROGRAMS;
constexpr std::chrono::seconds patience{60};

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::optional<Identity> postgres_if_root() {
  if (::geteuid() != 0) return std::nullopt;
  const passwd* postgres = ::getpwnam("postgres");
  if (postgres == nullptr) throw std::runtime_error("PostgreSQL does not run as root, and there is no user postgres");
  return Identity{postgres->pw_uid, postgres->pw_gid};
}

// Creates the server's own folder inside `folder`, with access for its user.
std::filesystem::path make_owned(const std::filesystem::path& folder, const std::optional<Identity>& owner) {
  const auto own = folder / "postgres";
  std::filesystem::create_directory(own);
  if (owner) {
    std::filesystem::permissions(folder, std::filesystem::perms{0755});
    if (::chown(own.c_str(), owner->user, owner->group) != 0) throw std::runtime_error("cannot chown " + own.string());
  }
  return own;
}

void expect_success(const Finished& finished) {
  if (!finished.status.is_success()) throw std::runtime_error(finished.output + finished.error);
}

// Keeps owners and modes.
void copy_all(const std::filesystem::path& from, const std::filesystem::path& to) {
  expect_success(run({{"/bin/cp", "-a", from, to}, basic_environment(), {}, {}, {}, {}}));
}

}  // namespace

PostgresServer::PostgresServer() : identity_(postgres_if_root()) { initialise(); }

PostgresServer::PostgresServer(StandbyOf of) : identity_(postgres_if_root()) {
  make_owned(folder_.path(), identity_);
  expect_success(run(command("pg_basebackup", {"--dbname=" + of.primary.url("postgres"), "--pgdata=data",
                                               "--write-recovery-conf", "--checkpoint=fast", "--no-sync"})));
}

PostgresServer::~PostgresServer() {
  try {
    stop(Stop::immediate);
  } catch (const std::exception&) {
    // The destructor of ChildProcess kills the server.
  }
}

Command PostgresServer::command(std::string_view program, std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), std::string(programs) + "/" + std::string(program));
  return {std::move(arguments),     basic_environment(), folder_.path() / "postgres",
          folder_.path() / program, identity_,           {}};
}

// initdb takes a second and creates the same folder each time. So the build folder keeps the first one, under a name
// derived from the options, and each later server copies it.
void PostgresServer::initialise() {
  const auto data = make_owned(folder_.path(), identity_) / "data";
  // --no-sync concerns the folder's first files only, not the server's later writes.
  const auto initdb = command("initdb", {"--pgdata=data", "--username=ubiety", "--auth=trust", "--encoding=UTF8",
                                         "--no-locale", "--no-sync", "--no-instructions"});
  std::string recipe;
  for (const auto& argument : initdb.arguments) recipe += argument + ' ';
  const std::filesystem::path kept = UBIETY_BUILD_DIR "/postgres-" + std::to_string(std::hash<std::string>{}(recipe));
  if (std::filesystem::exists(kept)) return copy_all(kept, data);

  expect_success(run(initdb));
  // Renamed when complete, because tests run in parallel.
  const auto copied = kept.string() + "." + std::to_string(::getpid());
  copy_all(data, copied);
  std::error_code another_was_first;
  std::filesystem::rename(copied, kept, another_was_first);
  if (another_was_first) std::filesystem::remove_all(copied);
}

void PostgresServer::start() {
  if (process_) return;
  const auto postgres = command("postgres", {"-D", "data", "-p", std::to_string(port()), "-k", ".", "-c",
                                             "listen_addresses=127.0.0.1", "-c", "max_connections=200"});
  // After a crash the last backends may still hold the shared memory for a moment. postgres then refuses to start, and
  // is started again.
  const auto answers = [&] {
    if (!process_ || !process_->is_running()) process_ = std::make_unique<ChildProcess>(postgres);
    return PQping(url("postgres").c_str()) == PQPING_OK;
  };
  if (!wait_until(answers, patience, std::chrono::milliseconds{20})) {
    process_.reset();
    throw std::runtime_error("PostgreSQL does not start: " + log());
  }
  if (!execute("postgres", "SELECT 1 FROM pg_database WHERE datname = 'ubiety'")) create_database("ubiety");
}

void PostgresServer::stop(Stop how) {
  if (!process_) return;
  process_->send_signal(how == Stop::fast ? SIGINT : SIGQUIT);
  const bool ended = process_->wait(patience).has_value();
  process_.reset();
  if (!ended) throw std::runtime_error("PostgreSQL does not stop: " + log());
}

void PostgresServer::restart(Stop how) {
  stop(how);
  start();
}

void PostgresServer::pause() { send_to_all(SIGSTOP); }

void PostgresServer::resume() { send_to_all(SIGCONT); }

void PostgresServer::promote() {
  if (execute("postgres", "SELECT pg_promote(true, 60)") != "t") throw std::runtime_error("no promotion: " + log());
}

// Signals the postmaster first, so that it starts no more children.
void PostgresServer::send_to_all(int signal) const {
  const auto number = std::to_string(pid());
  ::kill(pid(), signal);
  std::istringstream children(read_file("/proc/" + number + "/task/" + number + "/children"));
  for (pid_t child = 0; children >> child;) ::kill(child, signal);
}

std::string PostgresServer::url(std::string_view database) const {
  return "postgresql://ubiety@127.0.0.1:" + std::to_string(port()) + "/" + std::string(database);
}

std::string PostgresServer::create_database(const std::string& name) {
  execute("postgres", "DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
  execute("postgres", "CREATE DATABASE \"" + name + "\"");
  return url(name);
}

std::optional<std::string> PostgresServer::execute(std::string_view database, const std::string& sql) const {
  const Connection connection(PQconnectdb(url(database).c_str()), &PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  const Answer answer(PQexec(connection.get(), sql.c_str()), &PQclear);
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(PQerrorMessage(connection.get()));
  if (PQntuples(answer.get()) == 0 || PQnfields(answer.get()) == 0) return std::nullopt;
  return PQgetvalue(answer.get(), 0, 0);
}

void PostgresServer::damage_page(std::string_view database, const std::string& relation, std::int64_t page,
                                 unsigned char filling) {
  constexpr std::int64_t page_size = 8192;
  const auto file = execute(database, "SELECT pg_relation_filepath('" + relation + "')").value();
  stop();
  std::fstream out(folder_.path() / "postgres" / "data" / file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(page * page_size);
  out << std::string(page_size, static_cast<char>(filling)) << std::flush;
  if (!out) throw std::runtime_error("cannot write " + file);
  start();
}

std::string PostgresServer::log() const { return read_file(folder_.path() / "postgres.err"); }

std::string url_of_primary(const PostgresServer& one, const PostgresServer& other) {
  return "postgresql://ubiety@127.0.0.1:" + std::to_string(one.port()) + ",127.0.0.1:" + std::to_string(other.port()) +
         "/ubiety?target_session_attrs=read-write";
}

PostgresServer& shared_postgres() {
  static PostgresServer server;
  server.start();
  return server;
}

}  // namespace ubiety::test

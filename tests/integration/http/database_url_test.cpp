// What a start makes of DATABASE_URL, as seen from a shell. src/storage/postgres/connection_parameters_test.cpp has
// more forms.
#include <gtest/gtest.h>

#include <regex>

#include "support/http_client.hpp"
#include "support/postgres_server.hpp"
#include "support/service_process.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

std::string address_of(const PostgresServer& server) { return "127.0.0.1:" + std::to_string(server.port()); }

TEST(DatabaseUrl, stops_the_start_and_every_command_when_it_can_never_work) {
  for (const std::string url : {"postgresql://u:100%secret@db/x", "postgresql://u:s3cr/et@db:5432/x",
                                "postgresql://u:p@sswordtail@127.0.0.1:1/x", "postgresql://u@db/x?schema=public",
                                "postgresql://u@db/x?sslmode=whatever", "postgresql://u@db:99999/x"})
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"serve"}, {"keys", "list"}, {"verify"}, {"migrate", "status"}, {"migrate", "up"}}) {
      SCOPED_TRACE(url + " " + command.front());
      const auto finished = run_ubietyd(command, {{"DATABASE_URL", url}});
      EXPECT_EQ(finished.status.code, 2);
      EXPECT_TRUE(finished.error.starts_with("ubietyd: DATABASE_URL: ")) << finished.error;
      EXPECT_EQ(std::count(finished.error.begin(), finished.error.end(), '\n'), 1) << finished.error;
      for (const char* piece : {"secret", "s3cr", "et@", "sswordtail"})
        EXPECT_EQ((finished.error + finished.output).find(piece), std::string::npos) << finished.error;
    }
}

TEST(DatabaseUrl, is_not_shown_when_it_is_given_in_the_wrong_place) {
  const std::string url = "postgresql://u:secret@db/x";
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{url},
                                                    {"--databse-url=" + url},
                                                    {"--databse-url", url},
                                                    {"serve", url},
                                                    {"migrate", "up", url},
                                                    {"--port", url},
                                                    {"--help", "--database-url", url}}) {
    const auto finished = run_ubietyd(arguments, {{"DATABASE_URL", url}});
    EXPECT_EQ((finished.error + finished.output).find("secret"), std::string::npos)
        << finished.error << finished.output;
  }
  EXPECT_NE(run_ubietyd({"--databse-url=" + url}).error.find("--databse-url"), std::string::npos);
}

TEST(DatabaseUrl, takes_every_form_that_psql_takes) {
  auto& server = shared_postgres();
  server.create_database("forms");
  server.execute("postgres", "DROP ROLE IF EXISTS \"a user\"");
  server.execute("postgres", R"(CREATE ROLE "a user" LOGIN SUPERUSER PASSWORD 'p@ss/w:o%r?d #''"\')");
  const auto port = std::to_string(server.port());
  for (const std::string& url :
       {"postgresql://ubiety@" + address_of(server) + "/forms", "postgres://ubiety@" + address_of(server) + "/forms",
        "postgresql+psycopg2://ubiety@" + address_of(server) + "/forms",
        "postgresql+asyncpg://a%20user:p%40ss%2Fw%3Ao%25r%3Fd%20%23%27%22%5C@" + address_of(server) + "/forms",
        "postgresql://ubiety@127.0.0.1:1," + address_of(server) + "/forms?target_session_attrs=read-write",
        "postgresql:///forms?host=127.0.0.1&port=" + port + "&user=ubiety&sslmode=disable",
        "host=127.0.0.1 port=" + port + " user='a user' dbname=forms"}) {
    const auto finished = run_ubietyd({"migrate", "up"}, {{"DATABASE_URL", url}});
    EXPECT_EQ(finished.status.code, 0) << url << ": " << finished.error;
  }
}

TEST(DatabaseUrl, names_a_unix_socket_in_both_ways) {
  auto& server = shared_postgres();
  server.create_database("socket");
  const auto folder = *server.execute("socket", "SHOW data_directory");  // the test's server has its socket there
  std::string encoded;
  for (const char c : folder) encoded += c == '/' ? "%2F" : std::string(1, c);
  const auto port = std::to_string(server.port());
  for (const std::string& url : {"postgresql:///socket?user=ubiety&port=" + port + "&host=" + folder,
                                 "postgresql://ubiety@" + encoded + ":" + port + "/socket"}) {
    const auto finished = run_ubietyd({"migrate", "up"}, {{"DATABASE_URL", url}});
    EXPECT_EQ(finished.status.code, 0) << url << ": " << finished.error;
  }
}

TEST(DatabaseUrl, is_relative_with_three_slashes_and_absolute_with_four) {
  TemporaryDirectory folder;
  EXPECT_EQ(run_ubietyd({"migrate", "up"}, {{"DATABASE_URL", "sqlite:///relative.db"}}, folder.path()).status.code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "relative.db"));
  const auto absolute = (folder.path() / "absolute.db").string();
  EXPECT_EQ(run_ubietyd({"migrate", "up"}, {{"DATABASE_URL", "sqlite:///" + absolute}}).status.code, 0);
  EXPECT_TRUE(std::filesystem::exists(absolute));
}

// What may work later is waited for, and the log says again and again why it does not.
class UnreachableDatabase : public ::testing::Test {
 protected:
  void expect_reasons(const std::string& url, const std::string& reason) {
    ServiceProcess service({{"DATABASE_URL", url}});
    service.start_unready();
    const std::regex line("waiting for the store.*" + reason);
    const auto lines = [&] {
      const auto log = service.log();
      return std::distance(std::sregex_iterator(log.begin(), log.end(), line), std::sregex_iterator());
    };
    EXPECT_TRUE(wait_until([&] { return lines() >= 2; }, 20s)) << service.log();
    EXPECT_EQ(service.log().find("secret"), std::string::npos) << service.log();
    EXPECT_EQ(HttpClient(service.port()).get("/health/live").status, 200);
  }

  PostgresServer& server_ = shared_postgres();
};

TEST_F(UnreachableDatabase, is_waited_for_when_its_server_is_down) {
  expect_reasons("postgresql://ubiety:secret@127.0.0.1:1/ubiety", "Connection refused");
}

TEST_F(UnreachableDatabase, is_waited_for_when_it_does_not_exist) {
  expect_reasons("postgresql://ubiety:secret@" + address_of(server_) + "/no_such_database",
                 "no_such_database.* does not exist");
}

TEST_F(UnreachableDatabase, is_waited_for_when_it_refuses_the_password) {
  server_.execute("postgres", "DROP ROLE IF EXISTS locked");
  server_.execute("postgres", "CREATE ROLE locked LOGIN SUPERUSER PASSWORD 'another'");
  const auto rules = *server_.execute("postgres", "SHOW hba_file");
  server_.execute("postgres", "COPY (SELECT unnest(ARRAY['host all locked all scram-sha-256', 'local all all trust', " +
                                  std::string("'host all all all trust'])) TO '") + rules + "'");
  server_.execute("postgres", "SELECT pg_reload_conf()");
  const auto url = "postgresql://locked:secret@" + address_of(server_) + "/postgres";
  const auto is_refused = [&] { return run_ubietyd({"migrate", "status"}, {{"DATABASE_URL", url}}).status.code == 1; };
  ASSERT_TRUE(wait_until(is_refused, 10s)) << "the server has not read its rules";
  expect_reasons(url, "password authentication failed for user .{1,2}locked");
}

TEST_F(UnreachableDatabase, is_waited_for_when_it_does_not_know_the_role) {
  expect_reasons("postgresql://nobody:secret@" + address_of(server_) + "/postgres", "nobody.* does not exist");
}

}  // namespace
}  // namespace ubiety::test

#include <gtest/gtest.h>

#include <algorithm>

#include "integration/http/shared_service.hpp"
#include "support/postgres_server.hpp"

namespace ubiety::test {
namespace {

// Takes back one migration after the other, until there is none.
void migrate_down_to_nothing(const Environment& settings, const std::filesystem::path& directory) {
  for (;;) {
    const auto finished = run_ubietyd({"migrate", "down", "--yes"}, settings, directory);
    ASSERT_EQ(finished.status.code, 0) << finished.error;
    if (finished.output.starts_with("0 ")) return;
  }
}

class Migrate : public ::testing::TestWithParam<StoreKind> {
 protected:
  std::string migrate(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "migrate");
    const auto finished = run_ubietyd(arguments, settings_, folder_.path());
    EXPECT_EQ(finished.status.code, 0) << arguments[1] << ": " << finished.error;
    return finished.output;
  }

  TemporaryDirectory folder_;
  Environment settings_ = with_new_database(GetParam());
};

TEST_P(Migrate, goes_up_and_down_and_status_says_so) {
  migrate({"up"});
  const auto after = migrate({"status"});
  EXPECT_NE(after.find("device_status: applied"), std::string::npos) << after;
  migrate({"up"});
  EXPECT_EQ(migrate({"status"}), after) << "again changes nothing";
  const auto down = migrate({"down", "--yes"});
  EXPECT_TRUE(down.starts_with("1 reverted: ")) << down;
  EXPECT_NE(migrate({"status"}), after);
  migrate_down_to_nothing(settings_, folder_.path());
  const auto before = migrate({"status"});
  EXPECT_EQ(before.find(": applied"), std::string::npos) << before;
  EXPECT_EQ(std::count(after.begin(), after.end(), '\n'), std::count(before.begin(), before.end(), '\n'));
  migrate({"up"});
  EXPECT_EQ(migrate({"status"}), after);
}

// A test has no terminal: nobody can be asked.
TEST_P(Migrate, down_names_what_it_would_take_back_and_does_nothing_unless_told_to) {
  migrate({"up"});
  const auto before = migrate({"status"});
  const auto finished = run_ubietyd({"migrate", "down"}, settings_, folder_.path());
  EXPECT_EQ(finished.status.code, 1);
  EXPECT_EQ(finished.output, "");
  EXPECT_NE(finished.error.find("--yes"), std::string::npos) << finished.error;
  const auto newest = before.substr(before.rfind('\n', before.size() - 2) + 1);  // "3 api_keys: applied"
  const auto name = newest.substr(newest.find(' ') + 1, newest.find(':') - newest.find(' ') - 1);
  EXPECT_NE(finished.error.find("(" + name + ")"), std::string::npos) << finished.error;
  EXPECT_EQ(migrate({"status"}), before);
}

TEST_P(Migrate, down_refuses_while_a_service_runs_on_the_store) {
  ServiceProcess service(settings_);
  service.start();
  const auto down = [&] { return run_ubietyd({"migrate", "down", "--yes"}, service.settings(), service.folder()); };
  const auto refused = down();
  EXPECT_EQ(refused.status.code, 1);
  EXPECT_EQ(refused.output, "");
  EXPECT_NE(refused.error.find("process " + std::to_string(service.pid())), std::string::npos) << refused.error;
  EXPECT_NE(refused.error.find("stop it first"), std::string::npos) << refused.error;
  HttpClient client(service.port());
  EXPECT_EQ(client.post("/status", Report{.device_id = "a"}.json()).status, 200);
  EXPECT_EQ(client.get("/status/a").status, 200);
  EXPECT_EQ(service.terminate(), 0);
  const auto after = down();
  EXPECT_EQ(after.status.code, 0) << after.error;
}

TEST_P(Migrate, down_takes_the_data_away_and_the_service_starts_again) {
  ServiceProcess service(settings_);
  service.start();
  EXPECT_EQ(HttpClient(service.port()).post("/status", Report{.device_id = "a"}.json()).status, 200);
  EXPECT_EQ(service.terminate(), 0);
  migrate_down_to_nothing(settings_, service.folder());
  service.start();
  EXPECT_EQ(HttpClient(service.port()).get("/status/a").status, 404);
}

TEST_P(Migrate, is_left_alone_with_AUTO_MIGRATE_false_and_the_start_fails) {
  settings_["AUTO_MIGRATE"] = "false";
  migrate({"up"});
  migrate({"down", "--yes"});
  const auto before = migrate({"status"});
  settings_["PORT"] = std::to_string(FreePort().number());
  const auto finished = run_ubietyd({"serve"}, settings_, folder_.path());
  EXPECT_GT(finished.status.code, 0);
  EXPECT_NE(finished.error.find("ubietyd migrate up"), std::string::npos) << finished.error;
  EXPECT_EQ(migrate({"status"}), before);

  migrate({"up"});
  ServiceProcess service(settings_);
  if (GetParam() == StoreKind::sqlite) std::filesystem::copy(folder_.path() / "data", service.folder() / "data");
  EXPECT_NO_THROW(service.start());
}

UBIETY_WITH_EACH_STORE(Migrate);

TEST(MigratePostgres, leaves_no_table_behind) {
  const auto url = shared_postgres().create_database("migrated");
  EXPECT_EQ(run_ubietyd({"migrate", "up"}, {{"DATABASE_URL", url}}).status.code, 0);
  migrate_down_to_nothing({{"DATABASE_URL", url}}, {});
  EXPECT_EQ(shared_postgres().execute("migrated", "SELECT count(*) FROM pg_class WHERE relname LIKE 'device%'"), "0");
}

TEST(MigratePostgres, says_so_when_it_cannot_reach_its_database) {
  const auto run = run_ubietyd({"migrate", "up"}, {{"DATABASE_URL", "postgresql://ubiety:secret@127.0.0.1:1/ubiety"}});
  EXPECT_GT(run.status.code, 0);
  EXPECT_FALSE(run.error.empty());
  EXPECT_EQ((run.error + run.output).find("secret"), std::string::npos) << "a password in the log";
}

}  // namespace
}  // namespace ubiety::test

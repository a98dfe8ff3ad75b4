// RELIABILITY.md, row 18: a database that has lost commits: an asynchronous standby was promoted, or an older copy was
// restored. The service says so, writes again what it still has in memory, and after a restart serves exactly what the
// database has.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <memory>

#include "faults/figures.hpp"
#include "support/batch.hpp"
#include "support/http_client.hpp"
#include "support/metrics.hpp"
#include "support/postgres_server.hpp"
#include "support/report.hpp"
#include "support/service_log.hpp"
#include "support/service_process.hpp"
#include "support/store_sql.hpp"
#include "support/verification.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* everything_at_once = "0";  // TAIL_MEMORY
constexpr const char* nothing = "67108864";

Recording load(ServiceProcess& service, const char* name) {
  RecordedLoad load(service.port(), name, new_seed(), {.clients = 4, .requests_between_reads = 0});
  EXPECT_TRUE(wait_until([&] { return load.stored() > 300; }, 20s, 1ms)) << service.log();
  load.stop();
  return load.finish();
}

// Whatever was acknowledged may be lost.
Recording as_lost(Recording recording) {
  for (auto& [device, sent] : recording.sent)
    for (auto& update : sent) update.told = Told::nothing;
  return recording;
}

std::size_t updates_of(const Recording& recording) {
  std::size_t count = 0;
  for (const auto& [device, sent] : recording.sent) count += sent.size();
  return count;
}

class Promotion : public ::testing::Test {
 protected:
  void start(const char* tail_memory) {
    service_.settings()["TAIL_MEMORY"] = tail_memory;
    primary_.start();
    service_.settings()["DATABASE_URL"] = primary_.url();
    EXPECT_TRUE(run_ubietyd({"migrate", "up"}, service_.settings(), service_.folder()).status.is_success());
    standby_ = std::make_unique<PostgresServer>(PostgresServer::StandbyOf{primary_});
    standby_->start();
    service_.settings()["DATABASE_URL"] = url_of_primary(primary_, *standby_);
    service_.start();
  }

  // The standby has what was loaded first, and misses what is loaded afterwards.
  void lose_what_follows(const Recording& first) {
    const auto rows = [](const PostgresServer& server) {
      return server.execute("ubiety", "SELECT count(*) FROM device_status");
    };
    EXPECT_TRUE(wait_until([&] { return rows(*standby_) == std::to_string(updates_of(first)); }, 20s));
    standby_->stop();
  }

  void fail_over() {
    primary_.stop(PostgresServer::Stop::immediate);
    standby_->start();
    standby_->promote();
    EXPECT_TRUE(wait_until([this] { return client().get("/health/ready").status == 200; }, 20s)) << service_.log();
  }

  // The standby names an earlier run of the service as the owner, so the service loads the store once more.
  void wait_until_started_over() {
    const auto is_ready_again = [this] {
      const auto log = service_.log();
      const auto start = log.find("starting over");
      return start != std::string::npos && log.find(" info ready ", start) != std::string::npos;
    };
    EXPECT_TRUE(wait_until(is_ready_again, 20s)) << service_.log();
  }

  void wait_until_merged() {
    EXPECT_TRUE(wait_until([this] { return scrape(service_.port()).at("ubiety_tail_updates") == 0; }, 20s))
        << service_.log();
  }

  HttpClient client() { return HttpClient(service_.port()); }

  PostgresServer primary_;
  std::unique_ptr<PostgresServer> standby_;
  ServiceProcess service_;
};

TEST_F(Promotion, gets_back_what_is_in_memory) {
  Figures figures(18, "an asynchronous standby promoted that lacks commits, which are in memory");
  start(nothing);
  auto all = load(service_, "kept");
  lose_what_follows(all);
  auto lost = load(service_, "lost");
  const auto count = updates_of(lost);
  add(all, std::move(lost));
  EXPECT_THAT(client().get("/health").body, Not(HasSubstr("lost_commits")));
  fail_over();
  add(all, load(service_, "after"));
  EXPECT_THAT(client().get("/health").body, HasSubstr("lost_commits"));
  const auto written_again = [this] {
    return static_cast<std::size_t>(scrape(service_.port()).at("ubiety_lost_updates_total"));
  };
  EXPECT_TRUE(wait_until([&] { return written_again() == count; }, 10s)) << service_.log();
  figures.exactly("lost and not written again", count - written_again(), 0);
  figures.note(verify(service_.port(), all));
  figures.note(check_stored_set(*standby_, all));
  service_.kill_hard();
  service_.start();
  verify(service_.port(), all);
  EXPECT_THAT(client().get("/health").body, Not(HasSubstr("lost_commits"))) << "what a start loads is what there is";
}

TEST_F(Promotion, is_served_as_it_is_after_a_restart) {
  Figures figures(18, "an asynchronous standby promoted that lacks commits, which were merged");
  start(everything_at_once);
  auto all = load(service_, "kept");
  wait_until_merged();
  lose_what_follows(all);
  add(all, as_lost(load(service_, "lost")));
  wait_until_merged();
  fail_over();
  add(all, load(service_, "after"));
  EXPECT_THAT(client().get("/health").body, HasSubstr("lost_commits"));
  service_.restart();
  const auto seen = verify(service_.port(), all);
  const auto set = check_stored_set(*standby_, all);
  figures.note(seen);
  figures.note(set);
  figures.exactly("records that the database does not have", seen.stored + seen.unanswered - set.rows, 0);
  EXPECT_EQ(seen.unanswered, 0u) << "merged updates are no longer in memory";
}

// The rows of the log are there again, and no longer in memory.
TEST_F(Promotion, keeps_what_only_a_lost_merge_had_moved) {
  Figures figures(18, "an asynchronous standby promoted that lacks a merge");
  start(nothing);
  auto all = load(service_, "kept");
  lose_what_follows(all);
  service_.settings()["TAIL_MEMORY"] = everything_at_once;
  service_.restart();
  wait_until_merged();
  fail_over();
  wait_until_started_over();
  add(all, load(service_, "after"));
  wait_until_merged();
  service_.restart();
  figures.note(verify(service_.port(), all));
  wait_until_merged();
  figures.note(check_stored_set(*standby_, all));
}

// The same without a restart: the log has rows again that are no longer in memory.
TEST_F(Promotion, serves_what_only_a_lost_merge_had_moved) {
  Figures figures(18, "an asynchronous standby promoted that lacks a merge, without a restart");
  start("100000");  // bytes, more than the first load takes, and less than a batch
  auto all = load(service_, "kept");
  lose_what_follows(all);
  // A merge may come between two commits of a batch, and then leaves the rest to the next one.
  auto post_until_merged = [this, number = 0]() mutable {
    auto poster = client();
    const auto is_merged = [&] {
      std::vector<std::string> reports;
      for (int i = 0; i < 8'000; ++i) reports.push_back(Report{.device_id = "lost-" + std::to_string(number++)}.json());
      EXPECT_EQ(post_batch(poster, ndjson_of(reports)).status, 200);
      return wait_until([this] { return scrape(service_.port()).at("ubiety_tail_updates") == 0; }, 1s);
    };
    EXPECT_TRUE(wait_until(is_merged, 20s)) << service_.log();
  };
  post_until_merged();
  fail_over();
  EXPECT_TRUE(
      wait_until([this] { return client().get("/health").body.find("lost_commits") != std::string::npos; }, 10s))
      << service_.log();
  EXPECT_TRUE(wait_for_log(service_, "the store has lost a merge"));
  add(all, load(service_, "after"));
  verify(service_.port(), all);
  post_until_merged();
  figures.note(verify(service_.port(), all));
  EXPECT_THAT(service_.log(), Not(HasSubstr("starting over")));
}

TEST_F(Promotion, gets_back_removals) {
  start(nothing);
  auto poster = client();
  for (const auto* device : {"goes", "gone-1", "gone-2", "stays"})
    EXPECT_EQ(poster.post("/status", Report{.device_id = device}.json()).status, 200);
  const auto on_standby = [this](const std::string& table) {
    return standby_->execute("ubiety", "SELECT count(*) FROM " + table);
  };
  EXPECT_TRUE(wait_until([&] { return on_standby("device_status") == "4"; }, 20s));
  standby_->stop();
  EXPECT_EQ(poster.request("DELETE", "/status/goes").status, 204);
  EXPECT_EQ(poster.request("DELETE", "/status?prefix=gone-&expect=2").status, 200);
  fail_over();
  EXPECT_TRUE(wait_until([&] { return on_standby("removed_device") == "3"; }, 20s)) << service_.log();
  service_.kill_hard();
  service_.start();
  EXPECT_EQ(client().get("/status/stays").status, 200);
  for (const auto* device : {"goes", "gone-1", "gone-2"})
    EXPECT_EQ(client().get("/status/" + std::string(device)).status, 404) << device;
}

class Restore : public ::testing::TestWithParam<const char*> {
 protected:
  void restore(const std::filesystem::path& copy) {
    sqlite3 *from = nullptr, *to = nullptr;
    ASSERT_EQ(sqlite3_open(copy.c_str(), &from), SQLITE_OK);
    ASSERT_EQ(sqlite3_open((service_.folder() / "data/ubiety.db").c_str(), &to), SQLITE_OK);
    auto* backup = sqlite3_backup_init(to, "main", from, "main");
    ASSERT_NE(backup, nullptr);
    EXPECT_EQ(sqlite3_backup_step(backup, -1), SQLITE_DONE);
    EXPECT_EQ(sqlite3_backup_finish(backup), SQLITE_OK);
    sqlite3_close(from);
    sqlite3_close(to);
  }

  ServiceProcess service_{Environment{{"TAIL_MEMORY", GetParam()}}};
};

// As .restore of SQLite's shell does.
TEST_P(Restore, between_two_runs_is_served_as_it_is) {
  Figures figures(18, "an older copy of the SQLite file restored between two runs");
  service_.start();
  auto all = load(service_, "kept");
  service_.kill_hard();
  const auto copy = service_.folder() / "copy.db";
  execute_in_store_of(service_, "VACUUM INTO '" + copy.string() + "'");
  service_.start();
  add(all, as_lost(load(service_, "lost")));
  EXPECT_EQ(service_.terminate(), 0);
  restore(copy);
  service_.start();
  EXPECT_EQ(verify(service_.port(), all).unanswered, 0u);
  add(all, load(service_, "after"));
  service_.kill_hard();
  service_.start();
  const auto seen = verify(service_.port(), all);
  figures.note(seen);
  figures.exactly("served that the copy does not have", seen.unanswered, 0);
}

INSTANTIATE_TEST_SUITE_P(Merging, Restore, ::testing::Values(everything_at_once, nothing), [](const auto& tail_memory) {
  return tail_memory.param == nothing ? "nothing" : "everything_at_once";
});

}  // namespace
}  // namespace ubiety::test

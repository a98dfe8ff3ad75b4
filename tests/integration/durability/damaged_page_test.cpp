// A page of a table that PostgreSQL cannot read. In the log it costs its rows, and not the start. Among the latest
// statuses it is repaired by a command that the refused start names.
#include <gmock/gmock.h>

#include <random>
#include <string>
#include <vector>

#include "support/batch.hpp"
#include "support/http_client.hpp"
#include "support/postgres_server.hpp"
#include "support/report.hpp"
#include "support/service_log.hpp"
#include "support/service_process.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr unsigned char garbage = 0xff, zeros = 0;

class DamagedPage : public ::testing::Test {
 protected:
  DamagedPage() {
    server_.start();
    service_.settings()["DATABASE_URL"] = server_.url();
    service_.start();
  }

  int post(const std::string& device) {
    return HttpClient(service_.port()).post("/status", Report{.device_id = device}.json()).status;
  }

  // One commit. The ids are so long that the row needs TOAST, and so different that they cannot be compressed.
  void post_large_row(char name) {
    std::mt19937 random(static_cast<std::uint32_t>(name));
    std::vector<std::string> reports;
    for (int i = 0; i < 100; ++i) {
      std::string device(200, name);
      for (auto at = device.begin() + 1; at != device.end(); ++at) *at = static_cast<char>('a' + random() % 26);
      reports.push_back(Report{.device_id = device}.json());
      devices_.push_back(device);
    }
    HttpClient client(service_.port());
    EXPECT_EQ(post_batch(client, ndjson_of(reports)).status, 200);
  }

  void post_small_rows(int count) {
    for (int i = 0; i < count; ++i) {
      devices_.push_back("device-" + std::to_string(i));
      ASSERT_EQ(post(devices_.back()), 200);
    }
  }

  // How many devices the service does not know. Each of the others has its history and its latest status.
  int unknown_devices() {
    int unknown = 0;
    HttpClient client(service_.port());
    for (const auto& device : devices_) {
      const auto latest = client.get("/status/" + device).status;
      EXPECT_EQ(client.get("/status/" + device + "/history").status, latest);
      if (latest != 200) ++unknown;
    }
    return unknown;
  }

  std::string in_log() { return server_.execute("ubiety", "SELECT count(*) FROM update_log").value(); }

  std::string health() { return HttpClient(service_.port()).get("/health").body; }

  PostgresServer server_;
  ServiceProcess service_;
  std::vector<std::string> devices_;
};

TEST_F(DamagedPage, of_the_log_costs_its_rows) {
  post_small_rows(150);
  service_.kill_hard();
  server_.damage_page("ubiety", "update_log", 1, garbage);
  service_.start();
  const auto lost = unknown_devices();
  EXPECT_GT(lost, 0);
  EXPECT_LT(lost, 60);
  EXPECT_THAT(health(), HasSubstr("damaged_log"));
  EXPECT_EQ(post("another"), 200);
  devices_.push_back("another");

  service_.settings()["TAIL_MEMORY"] = "0";
  service_.restart();
  EXPECT_EQ(unknown_devices(), lost);
  EXPECT_TRUE(wait_for_log(service_, " merged ")) << service_.log();
  EXPECT_EQ(unknown_devices(), lost);
  service_.kill_hard();
  service_.start();
  EXPECT_EQ(unknown_devices(), lost);
  EXPECT_THAT(health(), HasSubstr("damaged_log"));
}

TEST_F(DamagedPage, of_the_toasted_values_of_the_log_costs_the_rows_whose_values_it_has) {
  for (const char name : {'a', 'b', 'c', 'd', 'e', 'f'}) post_large_row(name);
  service_.kill_hard();
  const auto toast = server_
                         .execute("ubiety",
                                  "SELECT reltoastrelid::regclass FROM pg_class WHERE relname = "
                                  "'update_log'")
                         .value();
  server_.damage_page("ubiety", toast, 4, zeros);
  service_.start();
  const auto lost = unknown_devices();
  EXPECT_GT(lost, 0);
  EXPECT_LE(lost, 300);
  EXPECT_THAT(health(), HasSubstr("damaged_log"));
  EXPECT_EQ(post("another"), 200);
}

// docs/RECOVERY.md has the command.
TEST_F(DamagedPage, of_the_log_that_would_be_filled_next_can_be_given_up) {
  post_small_rows(3);
  service_.kill_hard();
  server_.damage_page("ubiety", "update_log", 0, garbage);
  service_.start();
  EXPECT_EQ(unknown_devices(), 3);
  EXPECT_EQ(post("another"), 503);

  service_.kill_hard();
  server_.execute("postgres", "ALTER ROLE ubiety SET zero_damaged_pages = on");
  server_.execute("ubiety", "VACUUM FULL update_log");
  server_.execute("postgres", "ALTER ROLE ubiety RESET zero_damaged_pages");
  service_.start();
  EXPECT_THAT(health(), Not(HasSubstr("damaged_log")));
  EXPECT_EQ(post("another"), 200);
}

// A rebuilt status comes from the history, which may be long, so it is a person who starts that.
TEST_F(DamagedPage, of_the_latest_statuses_is_rebuilt_from_the_history_by_verify) {
  service_.settings()["TAIL_MEMORY"] = "0";
  service_.restart();
  for (const char name : {'a', 'b', 'c', 'd'}) post_large_row(name);
  EXPECT_TRUE(wait_until([this] { return in_log() == "0"; }, 20s)) << service_.log();
  service_.kill_hard();
  server_.execute("ubiety",
                  "INSERT INTO device_latest SELECT 'expired', timestamp, battery_level, rssi, online, received_at, "
                  "newest_timestamp FROM device_latest LIMIT 1");
  server_.damage_page("ubiety", "device_latest", 1, garbage);

  auto settings = service_.settings();
  settings["PORT"] = std::to_string(service_.port());
  const auto refused = run_ubietyd({}, settings);
  EXPECT_FALSE(refused.status.is_success());
  EXPECT_THAT(refused.error, HasSubstr("ubietyd verify --repair"));
  EXPECT_THAT(run_ubietyd({"verify"}, settings).output, HasSubstr("invalid page in block 1"));

  const auto repaired = run_ubietyd({"verify", "--repair"}, settings);
  EXPECT_TRUE(repaired.status.is_success()) << repaired.output << repaired.error;
  EXPECT_TRUE(run_ubietyd({"verify"}, settings).status.is_success());
  service_.start();
  EXPECT_EQ(unknown_devices(), 0);
  EXPECT_EQ(HttpClient(service_.port()).get("/status/expired").status, 200);
}

}  // namespace
}  // namespace ubiety::test

// A row of the log that cannot be read costs itself: the service starts without it, says so, and leaves it in the log.
#include <gmock/gmock.h>

#include "support/http_client.hpp"
#include "support/metrics.hpp"
#include "support/report.hpp"
#include "support/service_log.hpp"
#include "support/service_process.hpp"
#include "support/store_kind.hpp"
#include "support/store_sql.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class DamagedLog : public ::testing::TestWithParam<StoreKind> {
 protected:
  int post(const char* device) {
    return HttpClient(service_.port()).post("/status", Report{.device_id = device}.json()).status;
  }
  int history_of(const char* device) {
    return HttpClient(service_.port()).get("/status/" + std::string(device) + "/history").status;
  }

  void damage_second_row() {
    const bool is_sqlite = GetParam() == StoreKind::sqlite;
    execute_in_store_of(service_, is_sqlite ? "UPDATE update_log SET updates = x'0102' WHERE place = "
                                              "(SELECT place FROM update_log ORDER BY place LIMIT 1 OFFSET 1)"
                                            : "UPDATE update_log SET timestamps = '{}' WHERE sequence = 2");
  }

  std::optional<std::string> rows_in_log() { return execute_in_store_of(service_, "SELECT count(*) FROM update_log"); }

  void expect_all_but_the_second() {
    for (const char* device : {"first", "third"}) EXPECT_EQ(history_of(device), 200) << device;
    EXPECT_EQ(history_of("second"), 404);
    EXPECT_THAT(HttpClient(service_.port()).get("/health").body, HasSubstr("damaged_log"));
    EXPECT_EQ(scrape(service_.port()).at(R"(ubiety_problem{problem="damaged_log"})"), 1);
    EXPECT_TRUE(wait_for_log(service_, "a row of the log cannot be read"));
  }

  ServiceProcess service_{with_new_database(GetParam())};
};

TEST_P(DamagedLog, costs_the_damaged_row_alone) {
  service_.start();
  for (const char* device : {"first", "second", "third"}) ASSERT_EQ(post(device), 200);  // a row each
  service_.kill_hard();
  damage_second_row();
  service_.start();
  expect_all_but_the_second();
  EXPECT_EQ(post("fourth"), 200);

  service_.settings()["TAIL_MEMORY"] = "0";
  service_.restart();
  EXPECT_TRUE(wait_until([this] { return rows_in_log() == "1"; }, 20s)) << service_.log();
  expect_all_but_the_second();
  EXPECT_EQ(history_of("fourth"), 200);
  service_.kill_hard();
  service_.start();
  expect_all_but_the_second();
  EXPECT_EQ(history_of("fourth"), 200);
  EXPECT_EQ(post("second"), 200);
  EXPECT_EQ(history_of("second"), 200);
}

UBIETY_WITH_EACH_STORE(DamagedLog);

}  // namespace
}  // namespace ubiety::test

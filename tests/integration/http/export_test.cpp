// `ubietyd export`, over history and log.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <sstream>

#include "integration/http/shared_service.hpp"
#include "support/batch.hpp"
#include "support/json.hpp"
#include "support/store_sql.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

class Export : public ::testing::TestWithParam<StoreKind> {
 protected:
  Export() {
    service_.settings()["TAIL_MEMORY"] = "1024";
    service_.start();
    client_.emplace(service_.port());
    for (int minute = 10; minute < 60; ++minute) post("merged", minute);
    EXPECT_TRUE(
        wait_until([this] { return execute_in_store_of(service_, "SELECT count(*) FROM device_latest") == "1"; },
                   std::chrono::seconds(10)));
    post("kitchen-2", 1);
    post("kitchen-1", 2);
    post("kitchen-1", 1);
    post("\"one\", two", 1);
  }

  void post(const std::string& device, int minute) {
    const Report report{
        .device_id = device,
        .timestamp = "2026-01-01T00:" + std::string(minute < 10 ? "0" : "") + std::to_string(minute) + ":00Z"};
    EXPECT_EQ(client_->post("/status", report.json()).status, 200);
  }

  std::vector<std::string> lines_of(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "export");
    const auto finished = run_ubietyd(arguments, service_.settings(), service_.folder());
    EXPECT_EQ(finished.status.code, 0) << finished.error;
    EXPECT_TRUE(finished.output.empty() || finished.output.back() == '\n');
    std::vector<std::string> lines;
    std::istringstream output(finished.output);
    for (std::string line; std::getline(output, line);) lines.push_back(line);
    return lines;
  }

  // Of each record, "device minute".
  std::vector<std::string> records_of(const std::vector<std::string>& arguments) {
    std::vector<std::string> records;
    for (const auto& line : lines_of(arguments)) {
      const Json record(line);
      records.push_back(record["device_id"].text() + " " + record["timestamp"].text().substr(14, 2));
    }
    return records;
  }

  ServiceProcess service_{with_new_database(GetParam())};
  std::optional<HttpClient> client_;
};
UBIETY_WITH_EACH_STORE(Export);

TEST_P(Export, writes_every_record_by_device_and_time) {
  const auto records = records_of({});
  ASSERT_EQ(records.size(), 54U);
  EXPECT_EQ(records[0], "\"one\", two 01");
  EXPECT_EQ(records[1], "kitchen-1 01");
  EXPECT_EQ(records[2], "kitchen-1 02");
  EXPECT_EQ(records[3], "kitchen-2 01");
  EXPECT_EQ(records[4], "merged 10");
  EXPECT_EQ(records[53], "merged 59");
}

TEST_P(Export, writes_json_that_a_batch_takes) {
  const auto lines = lines_of({"--device", "kitchen-2"});
  ASSERT_EQ(lines.size(), 1U);
  const std::string expected =
      R"({"device_id":"kitchen-2","timestamp":"2026-01-01T00:01:00Z","battery_level":76,"rssi":-60,"online":true,)"
      R"("created_at":"20)";
  EXPECT_EQ(lines[0].substr(0, expected.size()), expected);
  EXPECT_EQ(post_batch(*client_, lines[0] + "\n").status, 200);
}

TEST_P(Export, writes_csv) {
  const auto lines = lines_of({"--format=csv", "--before", "2026-01-01T00:02:00Z"});
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0], "device_id,timestamp,battery_level,rssi,online,created_at");
  EXPECT_TRUE(lines[1].starts_with(R"("""one"", two",2026-01-01T00:01:00Z,76,-60,true,20)")) << lines[1];
  EXPECT_TRUE(lines[2].starts_with("kitchen-1,2026-01-01T00:01:00Z,76,-60,true,20")) << lines[2];
  EXPECT_EQ(lines_of({"--format", "csv", "--device", "unknown"}).size(), 1U) << "the header alone";
}

TEST_P(Export, selects) {
  using Records = std::vector<std::string>;
  EXPECT_EQ(records_of({"--prefix", "kitchen-"}), (Records{"kitchen-1 01", "kitchen-1 02", "kitchen-2 01"}));
  EXPECT_EQ(records_of({"--prefix", "kitchen-", "--since", "2026-01-01T00:02:00Z"}), Records{"kitchen-1 02"});
  EXPECT_EQ(records_of({"--since", "2026-01-01T00:10:00Z", "--before", "2026-01-01T00:12:00Z"}),
            (Records{"merged 10", "merged 11"}));
  EXPECT_EQ(records_of({"--device", "unknown"}), Records{});
}

TEST_P(Export, works_without_a_service) {
  EXPECT_EQ(service_.terminate(), 0);
  EXPECT_EQ(records_of({}).size(), 54U);
}

TEST_P(Export, refuses_what_it_does_not_understand) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"export", "--since", "yesterday"},
                                                                     {"export", "--before", "2026-13-01T00:00:00Z"},
                                                                     {"export", "--format", "xml"}}) {
    const auto finished = run_ubietyd(arguments, service_.settings(), service_.folder());
    EXPECT_EQ(finished.status.code, 2) << arguments[1];
    EXPECT_EQ(finished.output, "");
    EXPECT_FALSE(finished.error.empty());
  }
}

}  // namespace
}  // namespace ubiety::test

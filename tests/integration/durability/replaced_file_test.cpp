// RELIABILITY.md, row 20: a SQLite file that is removed, moved, replaced or restored under the service. Nothing is
// acknowledged after it that is not in the file at the path.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>

#include "support/history_of.hpp"
#include "support/http_client.hpp"
#include "support/report.hpp"
#include "support/service_log.hpp"
#include "support/service_process.hpp"
#include "support/store_sql.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

class ReplacedFile : public ::testing::Test {
 protected:
  ReplacedFile() {
    service_.start();
    EXPECT_EQ(post("in-both"), 200);
    execute_in_store_of(service_, "VACUUM INTO '" + copy_.string() + "'");
    EXPECT_EQ(post("only-in-the-first"), 200);
  }

  // The status, 0 when the service does not answer.
  int ask(const char* method, const std::string& target, const std::string& body = {}) {
    try {
      return HttpClient(service_.port()).request(method, target, {{"Content-Type", "application/json"}}, body).status;
    } catch (const HttpError&) {
      return 0;
    }
  }
  int get(const std::string& device) { return ask("GET", "/status/" + device); }
  int post(const std::string& device) { return ask("POST", "/status", Report{.device_id = device}.json()); }

  // From the first post on, whatever is acknowledged is in the file that the path leads to.
  void expect_only_what_is_in_the_file() {
    std::vector<std::string> acknowledged;
    const auto serves_the_copy = [&] {
      const auto device = fresh_device("after");
      if (post(device) == 200) acknowledged.push_back(device);
      return get("in-both") == 200 && get("only-in-the-first") == 404 && !acknowledged.empty();
    };
    EXPECT_TRUE(wait_until(serves_the_copy, 20s)) << service_.log();
    EXPECT_TRUE(wait_for_log(service_, "the store is no longer the one that was loaded"));
    EXPECT_EQ(service_.terminate(), 0) << service_.log();
    for (const auto& device : acknowledged) EXPECT_EQ(records_in_file(device), 1u) << device;
  }

  // How many records of the device a service finds in the file.
  std::size_t records_in_file(const std::string& device) {
    service_.start();
    HttpClient client(service_.port());
    const auto records = history_of(client, device).size();
    EXPECT_EQ(service_.terminate(), 0);
    return records;
  }

  ServiceProcess service_;
  const fs::path file_ = service_.folder() / "data/ubiety.db";
  const fs::path copy_ = service_.folder() / "copy.db";
};

TEST_F(ReplacedFile, is_served_when_another_file_takes_its_place) {
  fs::rename(file_, service_.folder() / "old.db");
  fs::remove(fs::path(file_) += "-wal");
  fs::remove(fs::path(file_) += "-shm");
  fs::rename(copy_, file_);
  expect_only_what_is_in_the_file();
}

// With nothing to acknowledge: the service sees it by itself.
TEST_F(ReplacedFile, is_served_after_a_restore) {
  sqlite3 *from = nullptr, *to = nullptr;
  ASSERT_EQ(sqlite3_open(copy_.c_str(), &from), SQLITE_OK);
  ASSERT_EQ(sqlite3_open(file_.c_str(), &to), SQLITE_OK);
  auto* backup = sqlite3_backup_init(to, "main", from, "main");
  ASSERT_NE(backup, nullptr);
  EXPECT_EQ(sqlite3_backup_step(backup, -1), SQLITE_DONE);
  EXPECT_EQ(sqlite3_backup_finish(backup), SQLITE_OK);
  sqlite3_close(from);
  sqlite3_close(to);
  EXPECT_TRUE(wait_until([&] { return get("only-in-the-first") == 404; }, 5s)) << service_.log();
  expect_only_what_is_in_the_file();
}

// It does not go on with an empty store: that could be a mistake, or a disk that is no longer mounted.
TEST_F(ReplacedFile, ends_the_process_when_it_is_gone) {
  fs::remove_all(file_.parent_path());
  EXPECT_NE(post("gone"), 200);
  EXPECT_TRUE(wait_until([&] { return post("gone") != 200 && !service_.is_running(); }, 20s)) << service_.log();
  EXPECT_NE(service_.terminate(), 0);
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_THAT(service_.log(), HasSubstr("removed or moved"));
}

}  // namespace
}  // namespace ubiety::test

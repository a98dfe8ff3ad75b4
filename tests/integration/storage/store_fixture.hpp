// A fresh store for each test, of either kind: each test of what storage/store.hpp promises runs on both.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "storage/migrations.hpp"
#include "storage/ownership.hpp"
#include "storage/store.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {

enum class StoreKind { sqlite, postgresql };

std::string name_of(const ::testing::TestParamInfo<StoreKind>& store);

inline constexpr std::int64_t day = 86'400;  // seconds

class StoreOfKind {
 protected:
  explicit StoreOfKind(StoreKind kind);

  // Opens the same store once more, as another process does.
  std::unique_ptr<Store> open_beside() const;

  // Migrates the store, makes this process its owner, and opens a session.
  std::unique_ptr<Session> open_session();
  std::unique_ptr<Migrator> open_migrator();

  // Runs SQL in the database. Returns the first column of the first row, or "".
  std::string execute(const std::string& sql) const;

  // Makes a row of the log unreadable, as a faulty disk does.
  void damage_row(log::Position position) const;

  const StoreKind kind_;
  TemporaryDirectory folder_;
  const std::string location_;  // the file, or the URL
  std::unique_ptr<Store> store_;
};

class EachStore : public ::testing::TestWithParam<StoreKind>, protected StoreOfKind {
 protected:
  EachStore() : StoreOfKind(GetParam()) {}
};

// Reverts the newest migration. Returns false if none is applied.
bool migrate_down(Store& store);

// Makes this process the owner of the store, whose schema is up to date.
void own(Store& store);

// Returns the value of a result, which must be a success.
template <class Value>
Value expected(StoreResult<Value> result) {
  EXPECT_TRUE(result) << result.error().message;
  return std::move(*result);
}

// 2026-11-24T00:00:00Z and so many seconds.
Timestamp at(std::int64_t seconds);

StatusUpdate update(const std::string& device_id, std::int64_t timestamp_seconds, std::int64_t received_seconds,
                    int battery_level = 50);

UpdateList pointers_to(const std::vector<StatusUpdate>& updates);

// Returns an id that no other call returned.
log::StreamId new_stream();

// Opens a stream and appends one row to it.
StoreResult<Done> try_to_append(Session& session, const std::vector<StatusUpdate>& updates);

// The same, which must succeed. Returns the row's position.
log::Position append(Session& session, const std::vector<StatusUpdate>& updates);

// Appends the updates and merges them, so that they are in the history. Each is later than what the history has.
void store_merged(Session& session, const std::vector<StatusUpdate>& updates);

// Returns all records of the device in the history, newest first, without those in the log.
std::vector<Status> merged_history_of(Session& session, const std::string& device_id);

// Returns all records of the device in history and log, oldest first, as an export does.
std::vector<Status> records_of(Session& session, const std::string& device_id);

// What Session::load passes to a start.
struct Loaded final : LoadSink {
  void take_latest(log::LatestStatus&& status) override;
  void take_row(log::Row&& row) override;
  void note_damage(log::Position position, const std::string& reason) override;
  void note_damaged_latest(const std::string& reason) override;

  struct Damaged {
    log::Position position;
    std::string reason;
  };
  std::vector<log::LatestStatus> latest;
  std::vector<log::Row> rows;
  std::vector<Damaged> damaged;
  std::vector<std::string> damaged_latest;  // the reasons
};

Loaded load(Session& session);

// Returns what the store has as the latest status of a device, without its log.
std::optional<log::LatestStatus> latest_of(Session& session, const DeviceId& device_id);

// All rows of the position's stream up to it.
log::Positions through(log::Position position);

// Updates of one device with the latest status that the test chooses.
class OneDevice final : public log::MergeSource {
 public:
  OneDevice(log::LatestStatus latest, const std::vector<Status>& records) : device_{std::move(latest), records, true} {}

  void begin(const log::Positions&, std::string_view after) override {
    is_read_ = !after.empty() && after >= device_.latest.update.device_id;
  }
  std::vector<log::DeviceToMerge> next() override {
    if (is_read_) return {};
    is_read_ = true;
    return {device_};
  }

 private:
  log::DeviceToMerge device_;
  bool is_read_ = false;
};

}  // namespace ubiety::test

#define UBIETY_WITH_EACH_STORE(suite)                                                                               \
  INSTANTIATE_TEST_SUITE_P(Stores, suite,                                                                           \
                           ::testing::Values(ubiety::test::StoreKind::sqlite, ubiety::test::StoreKind::postgresql), \
                           ubiety::test::name_of)

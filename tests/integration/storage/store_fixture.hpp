// One fresh store for each test, of either kind: what storage/store.hpp promises is tested once and runs on both.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "storage/migrations.hpp"
#include "storage/store.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {

enum class StoreKind { sqlite, postgresql };

std::string name_of(const ::testing::TestParamInfo<StoreKind>& store);

class EachStore : public ::testing::TestWithParam<StoreKind> {
 protected:
  EachStore();

  // The same store once more, as another process opens it.
  std::unique_ptr<Store> open_beside() const;

  // This process owns the store, whose schema is up to date.
  std::unique_ptr<Session> open_session();
  std::unique_ptr<Migrator> open_migrator();

  TemporaryDirectory folder_;
  const std::string location_;  // the file, or the URL
  std::unique_ptr<Store> store_;
};

// Takes the newest migration back; false when none is applied.
bool migrate_down(Store& store);

// Makes this process the owner of the store, whose schema is up to date.
void own(Store& store);

// 2026-11-24T00:00:00Z and so many seconds.
Timestamp at(std::int64_t seconds);

StatusUpdate update(const std::string& device_id, std::int64_t timestamp_seconds, std::int64_t received_seconds,
                    int battery_level = 50);

// All in the lane of what may be there already, or of what is fresh.
void commit_doubtful(Session& session, const std::vector<StatusUpdate>& updates);
void commit_fresh(Session& session, const std::vector<StatusUpdate>& updates);

// All records, newest first.
std::vector<Status> history_of(Session& session, const std::string& device_id);

// What load_latest tells, with its origins.
struct Told {
  StatusUpdate update;
  Origin origin;
};
std::vector<Told> told_by(Session& session);

}  // namespace ubiety::test

#define UBIETY_WITH_EACH_STORE(suite)                                                                               \
  INSTANTIATE_TEST_SUITE_P(Stores, suite,                                                                           \
                           ::testing::Values(ubiety::test::StoreKind::sqlite, ubiety::test::StoreKind::postgresql), \
                           ubiety::test::name_of)

// RELIABILITY.md, row 3: the connection to the database is cut around the commit, so that nobody was told its outcome.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "faults/figures.hpp"
#include "support/cutting_proxy.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

const std::size_t cuts_of_each_kind = in_short_or_soak(6, 84);  // in each of two loads

class UnknownCommit : public ::testing::Test {
 protected:
  UnknownCommit() {
    postgres_.start();
    proxy_.emplace(postgres_.port(), static_cast<std::uint32_t>(random_()));
    service_.settings()["DATABASE_URL"] = proxy_->url("ubiety", "ubiety");
    service_.settings().emplace("CHECKPOINT_INTERVAL", "1");
    service_.start();
  }

  // Cuts of all kinds in any order, while the load goes on.
  Recording cut_under_load(const std::string& name, LoadShape shape) {
    std::vector<Cut> cuts;
    for (const auto cut : {Cut::in_copy, Cut::before_commit, Cut::after_commit})
      cuts.insert(cuts.end(), cuts_of_each_kind, cut);
    std::shuffle(cuts.begin(), cuts.end(), random_);
    RecordedLoad load(service_.port(), name, static_cast<std::uint32_t>(random_()), shape);
    for (const auto cut : cuts) {
      cut_once(cut, load);
      if (HasFailure()) break;
    }
    load.stop();
    return load.finish();
  }

  void cut_once(Cut cut, const RecordedLoad& load) {
    const auto before = proxy_->cuts();
    proxy_->arm(cut, std::uniform_int_distribution<unsigned>(0, 20)(random_));
    EXPECT_TRUE(wait_until([&] { return proxy_->cuts() > before; }, 20s, 1ms)) << cut;
    const auto moment = std::chrono::steady_clock::now();
    const auto stored = load.stored();
    EXPECT_TRUE(wait_until([&] { return load.stored() > stored + 20; }, 20s, 1ms)) << cut << "\n" << service_.log();
    slowest_recovery_ = std::max(slowest_recovery_, since(moment));
    // Some cuts meet a service that has hardly recovered.
    const std::size_t more = std::uniform_int_distribution<std::size_t>(0, 500)(random_);
    EXPECT_TRUE(wait_until([&] { return load.stored() > stored + more; }, 20s, 1ms)) << cut << "\n" << service_.log();
  }

  void note(Figures& figures) {
    figures.note("cuts", proxy_->cuts());
    for (const auto& [moment, count] : proxy_->cuts_by_moment()) figures.note(moment, count);
  }

  std::mt19937 random_{new_seed()};
  PostgresServer postgres_;
  std::optional<CuttingProxy> proxy_;
  ServiceProcess service_;
  std::chrono::milliseconds slowest_recovery_{0};
};

TEST_F(UnknownCommit, is_settled) {
  Figures figures(3, "connection to PostgreSQL cut around the commit");
  // Without late updates a commit is a single COPY, with them a transaction.
  auto recording = cut_under_load("fresh", {.percent_late = 0, .percent_equal = 0});
  add(recording, cut_under_load("mixed", {}));

  note(figures);
  figures.note(verify(service_.port(), recording));
  figures.note(check_stored_set(postgres_, recording));
  figures.note("slowest recovery", slowest_recovery_);
  service_.restart();
  verify(service_.port(), recording);
}

// The backend that lost its client without being told holds the batch's rows, uncommitted.
TEST_F(UnknownCommit, does_not_wait_for_a_backend_that_no_client_talks_to) {
  Figures figures(3, "connection cut, unseen by PostgreSQL");
  RecordedLoad load(service_.port(), "abandoned", static_cast<std::uint32_t>(random_()));
  const std::vector<std::pair<Cut, std::string>> moments{{Cut::before_commit, "COMMIT"},
                                                         {Cut::before_commit, "COPY"},
                                                         {Cut::in_copy, "COPY in a transaction"},
                                                         {Cut::after_commit, "COMMIT"}};
  for (const auto& [cut, of] : moments) {
    const auto before = proxy_->cuts();
    proxy_->arm(cut, 3, Ending::service_only, of);
    EXPECT_TRUE(wait_until([&] { return proxy_->cuts() > before; }, 20s, 1ms)) << cut;
    const auto moment = std::chrono::steady_clock::now();
    const auto stored = load.stored();
    EXPECT_TRUE(wait_until([&] { return load.stored() > stored + 20; }, 90s, 1ms)) << cut << "\n" << service_.log();
    slowest_recovery_ = std::max(slowest_recovery_, since(moment));
  }
  load.stop();
  const auto recording = load.finish();
  note(figures);
  figures.note(verify(service_.port(), recording));
  figures.note(check_stored_set(postgres_, recording));
  figures.at_most("slowest recovery", slowest_recovery_, 5s);
}

}  // namespace
}  // namespace ubiety::test

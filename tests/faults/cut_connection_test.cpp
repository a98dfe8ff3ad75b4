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

const std::size_t cuts_of_each_kind = in_short_or_soak(8, 100);

struct Moment {
  Cut cut;
  const char* of;
};

// Around the append of a commit, and around a merge, whose outcome is unknown likewise.
const std::vector<Moment> moments{{Cut::in_data, "append"},       {Cut::before_commit, "append"},
                                  {Cut::after_commit, "append"},  {Cut::in_data, "COPY"},
                                  {Cut::before_commit, "COMMIT"}, {Cut::after_commit, "COMMIT"}};

class UnknownCommit : public ::testing::Test {
 protected:
  UnknownCommit() {
    postgres_.start();
    proxy_.emplace(postgres_.port(), static_cast<std::uint32_t>(random_()));
    service_.settings()["DATABASE_URL"] = proxy_->url("ubiety", "ubiety");
    service_.settings().emplace("TAIL_MEMORY", "0");
    service_.start();
  }

  // Cuts of all kinds in any order, while the load goes on.
  Recording cut_under_load() {
    std::vector<Moment> cuts;
    for (const auto& moment : moments) cuts.insert(cuts.end(), cuts_of_each_kind, moment);
    std::shuffle(cuts.begin(), cuts.end(), random_);
    RecordedLoad load(service_.port(), "cut", static_cast<std::uint32_t>(random_()));
    for (const auto& moment : cuts) {
      cut_once(moment, load, Ending::both, 20s);
      if (HasFailure()) break;
      // Some cuts meet a service that has hardly recovered.
      const auto enough = load.stored() + std::uniform_int_distribution<std::size_t>(0, 300)(random_);
      EXPECT_TRUE(wait_until([&] { return load.stored() >= enough; }, 20s, 1ms)) << service_.log();
    }
    load.stop();
    return load.finish();
  }

  void cut_once(const Moment& moment, const RecordedLoad& load, Ending ending, std::chrono::seconds patience) {
    const auto before = proxy_->cuts();
    proxy_->arm(moment.cut, std::uniform_int_distribution<unsigned>(0, 3)(random_), ending, moment.of);
    ASSERT_TRUE(wait_until([&] { return proxy_->cuts() > before; }, 20s, 1ms)) << moment.cut << " of " << moment.of;
    const auto cut = std::chrono::steady_clock::now();
    const auto stored = load.stored();
    EXPECT_TRUE(wait_until([&] { return load.stored() > stored + 20; }, patience, 1ms))
        << moment.cut << " of " << moment.of << "\n"
        << service_.log();
    slowest_recovery_ = std::max(slowest_recovery_, since(cut));
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
  Figures figures(3, "connection to PostgreSQL cut around the commit of an append or of a merge");
  const auto recording = cut_under_load();
  note(figures);
  figures.note(verify(service_.port(), recording));
  figures.note(check_stored_set(postgres_, recording));
  figures.note("slowest recovery", slowest_recovery_);
  service_.restart();
  verify(service_.port(), recording);
}

// The backend that lost its client without being told holds the stream's lock, or those of the merge, uncommitted.
TEST_F(UnknownCommit, does_not_wait_for_a_backend_that_no_client_talks_to) {
  Figures figures(3, "connection cut, unseen by PostgreSQL");
  RecordedLoad load(service_.port(), "abandoned", static_cast<std::uint32_t>(random_()));
  for (const auto& moment : moments) cut_once(moment, load, Ending::service_only, 90s);
  load.stop();
  const auto recording = load.finish();
  note(figures);
  figures.note(verify(service_.port(), recording));
  figures.note(check_stored_set(postgres_, recording));
  figures.at_most("slowest recovery", slowest_recovery_, 5s);
}

}  // namespace
}  // namespace ubiety::test

// RELIABILITY.md, row 17: two processes on one store, and the one that owns it is killed, stopped or replaced.
#include <gtest/gtest.h>
#include <signal.h>

#include "faults/figures.hpp"
#include "support/http_client.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/store_kind.hpp"
#include "support/temporary_directory.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class TwoOwners : public ::testing::TestWithParam<StoreKind> {
 protected:
  TwoOwners() {
    auto settings = with_new_database(GetParam());
    if (settings.empty()) settings["DATABASE_URL"] = "sqlite:///" + (folder_.path() / "shared.db").string();
    settings["TAIL_MEMORY"] = "0";
    for (auto* node : {&first_, &second_})
      for (const auto& [name, value] : settings) node->settings()[name] = value;
  }

  // Of /health; empty while the process starts over, and takes no connections for a moment.
  static std::string health(ServiceProcess& node) {
    try {
      return HttpClient(node.port()).get("/health").body;
    } catch (const HttpError&) {
      return {};
    }
  }
  static bool says(ServiceProcess& node, const std::string& status) {
    return health(node).find("\"status\":\"" + status + "\"") != std::string::npos;
  }
  static bool serves(ServiceProcess& node) { return says(node, "healthy"); }
  static bool stands_by(ServiceProcess& node) { return says(node, "standby"); }

  // Ends the owner under load, again and again, and has the other take over.
  template <class End>
  void expect_take_overs(const std::string& how, int times, End end) {
    Figures figures(17, how + ", " + std::to_string(times) + " times, " + ::testing::PrintToString(GetParam()));
    std::chrono::milliseconds longest{0};
    Recording all;
    auto *owner = &first_, *standby = &second_;
    owner->start();
    for (int round = 0; round < times && !HasFailure(); ++round) {
      standby->start_unready();
      ASSERT_TRUE(wait_until([&] { return stands_by(*standby); }, 10s)) << standby->log();
      RecordedLoad load(owner->port(), "round" + std::to_string(round), new_seed(), {.clients = 8});
      EXPECT_TRUE(wait_until([&] { return load.stored() > 300; }, 20s, 1ms)) << owner->log();
      end(*owner);
      const auto ended = std::chrono::steady_clock::now();
      EXPECT_TRUE(wait_until([&] { return serves(*standby); }, 20s)) << standby->log();
      longest = std::max(longest, since(ended));
      auto recording = load.finish();
      verify(standby->port(), recording);
      add(all, std::move(recording));
      std::swap(owner, standby);
    }
    const auto seen = verify(owner->port(), all);
    EXPECT_EQ(owner->terminate(), 0);
    standby->start();
    verify(standby->port(), all);
    figures.note(seen);
    figures.at_most("longest take-over", longest, 5s);
  }

  TemporaryDirectory folder_;
  ServiceProcess first_, second_;
};
UBIETY_WITH_EACH_STORE(TwoOwners);

TEST_P(TwoOwners, lose_nothing_when_one_is_killed) {
  expect_take_overs("the owner killed under load", in_short_or_soak(3, 50),
                    [](ServiceProcess& owner) { owner.kill_hard(); });
}

TEST_P(TwoOwners, lose_nothing_when_one_is_stopped_then_killed) {
  expect_take_overs("the owner stopped (SIGSTOP), then killed", in_short_or_soak(2, 20), [](ServiceProcess& owner) {
    owner.process().send_signal(SIGSTOP);
    owner.kill_hard();
  });
}

TEST_P(TwoOwners, lose_nothing_when_one_is_replaced) {
  expect_take_overs("a rolling update under load", in_short_or_soak(2, 20),
                    [](ServiceProcess& owner) { EXPECT_EQ(owner.terminate(), 0) << owner.log(); });
}

}  // namespace
}  // namespace ubiety::test

// kill -9 at random moments under load: nothing acknowledged is missing, nothing is there that was not sent.
#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "support/service_process.hpp"
#include "support/store_kind.hpp"
#include "support/verification.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class Kill : public ::testing::TestWithParam<StoreKind> {
 protected:
  static int kills() { return GetParam() == StoreKind::sqlite ? 13 : 12; }
};

TEST_P(Kill, loses_nothing_that_was_acknowledged) {
  std::mt19937 random(new_seed());
  auto settings = with_new_database(GetParam());
  settings["CHECKPOINT_INTERVAL"] = "1";
  ServiceProcess service(settings);
  std::vector<Recording> recordings;
  Verification sum;
  for (int round = 0; round < kills(); ++round) {
    SCOPED_TRACE("kill " + std::to_string(round));
    service.start();
    RecordedLoad load(service.port(), "kill" + std::to_string(round), static_cast<std::uint32_t>(random()));
    const auto moment = std::uniform_int_distribution<std::size_t>(1, 5000)(random);
    EXPECT_TRUE(wait_until([&] { return load.stored() >= moment; }, 20s, 1ms)) << load.stored() << " of " << moment;
    service.kill_hard();
    recordings.push_back(load.finish());

    service.start();
    const auto result = verify(service.port(), recordings.back());
    sum.stored += result.stored;
    sum.unsettled += result.unsettled;
    sum.unanswered += result.unanswered;
    service.kill_hard();
    if (HasFailure()) break;
  }
  // What has survived one crash survives the others.
  service.start();
  for (const auto& recording : recordings) verify(service.port(), recording);
  EXPECT_EQ(service.terminate(), 0);
  std::cout << kills() << " kills: " << sum.stored << " acknowledged, " << sum.unsettled << " unsettled, of these "
            << sum.unanswered << " stored" << std::endl;
}

UBIETY_WITH_EACH_STORE(Kill);

}  // namespace
}  // namespace ubiety::test

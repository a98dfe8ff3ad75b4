// API keys while the clock of the service's machine jumps.
#include <gtest/gtest.h>

#include "integration/http/keys/keyed_service.hpp"
#include "support/shifted_clock.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class KeysUnderAJumpingClock : public ::testing::Test {
 protected:
  void SetUp() override {
    if (UBIETY_IS_SANITIZED) GTEST_SKIP() << "a sanitizer has to be loaded first";
    for (const auto& [name, value] : clock_.environment()) service_.process().settings()[name] = value;
  }

  ShiftedClock clock_;
  KeyedService service_{StoreKind::sqlite};
};

TEST_F(KeysUnderAJumpingClock, a_revocation_takes_effect_within_a_second) {
  const auto lasting = service_.create("read"), first = service_.create("read"), second = service_.create("read");
  service_.start();
  clock_.set_ahead(-20s);
  for (const auto& key : {first, second}) {
    ASSERT_TRUE(service_.lets_in(key.text));
    ASSERT_EQ(service_.run_keys({"revoke", std::to_string(key.id)}).status.code, 0);
    EXPECT_TRUE(wait_until([&] { return !service_.lets_in(key.text); }, 1s));
  }
  EXPECT_TRUE(service_.lets_in(lasting.text));
}

TEST_F(KeysUnderAJumpingClock, a_key_that_expires_is_good_again_at_once_when_the_clock_is_set_right) {
  const auto key = service_.create("read", {"--expires", "2099-01-01T00:00:00Z"});
  service_.start();
  ASSERT_TRUE(service_.lets_in(key.text));
  clock_.set_ahead(24h * 365 * 100);
  EXPECT_FALSE(service_.lets_in(key.text));
  const auto another = service_.create("read");
  EXPECT_TRUE(wait_until([&] { return service_.lets_in(another.text); }, 2s)) << "the keys are not read again";
  clock_.set_ahead(0s);
  EXPECT_TRUE(service_.lets_in(key.text));
}

}  // namespace
}  // namespace ubiety::test

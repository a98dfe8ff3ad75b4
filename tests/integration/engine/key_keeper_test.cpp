// The key keeper inside the real engine, over a real store, and a thread that checks keys while they change, as the
// loop of http does.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "integration/engine/real_engine.hpp"
#include "storage/sqlite/store.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using test::wait_until;

void render(std::string&, std::string_view, const DeviceState&) {}

class KeyKeeping : public ::testing::Test {
 protected:
  static EngineOptions options() {
    auto options = test::engine_options(1, {render, nullptr});
    options.keeps_keys = true;
    return options;
  }

  void start() { test::start_and_wait(engine_); }

  template <class Command>
  KeyOutcome ask(Command command) {
    test::Awaited<KeyOutcome> answered;
    engine_.manage_keys(ManageKeys{std::move(command), 0, "", std::chrono::steady_clock::now() + test::engine_patience,
                                   answered.reply()});
    return answered.get();
  }

  ApiKey create(const std::string& name) {
    Scopes scopes;
    scopes.add(Scope::read);
    return ask(CreateKey{{.name = name, .scopes = scopes, .expires = {}}}).keys.at(0);
  }

  test::TemporaryDirectory folder_;
  sqlite::SqliteStore store_{(folder_.path() / "ubiety.db").string()};
  SystemClock clock_;
  Engine engine_{store_, nullptr, clock_, options()};
};

TEST_F(KeyKeeping, a_key_is_refused_once_its_revocation_is_answered) {
  start();
  const auto key = create("checked all the time");
  std::atomic<bool> is_revoked{false};
  std::atomic<int> let_in{0}, let_in_too_late{0}, refused{0};
  const std::jthread checks([&](const std::stop_token& stopping) {
    while (!stopping.stop_requested()) {
      const bool is_late = is_revoked;
      const auto* found = engine_.published_keys().current()->find(key.hash);
      if (found != nullptr) found->use->note(std::chrono::steady_clock::now());
      ++(found == nullptr ? refused : is_late ? let_in_too_late : let_in);
    }
  });
  ASSERT_TRUE(wait_until([&] { return let_in > 0; }, test::engine_patience));
  for (int i = 0; i < 20; ++i) create("another " + std::to_string(i));  // each makes another ring
  EXPECT_EQ(refused, 0);
  EXPECT_TRUE(ask(ListKeys{}).keys.at(0).last_used.has_value());

  ASSERT_EQ(ask(RevokeKey{key.id}).kind, KeyOutcome::Kind::done);
  is_revoked = true;
  EXPECT_TRUE(wait_until([&] { return refused > 0; }, test::engine_patience));
  EXPECT_EQ(let_in_too_late, 0);
}

}  // namespace
}  // namespace ubiety

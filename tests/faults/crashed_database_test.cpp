// RELIABILITY.md, row 4: PostgreSQL crashes, or a backend of it does.
#include <gtest/gtest.h>
#include <signal.h>

#include <random>

#include "faults/figures.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

const int rounds = in_short_or_soak(2, 100);

class CrashedDatabase : public ::testing::Test {
 protected:
  CrashedDatabase() {
    postgres_.start();
    service_.start();
  }

  void crash() { postgres_.restart(PostgresServer::Stop::immediate); }

  void terminate_backends() {
    postgres_.execute("ubiety",
                      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ubietyd'");
  }

  // The postmaster takes it for a crash, ends all others and recovers.
  void kill_backend() {
    const auto backend = postgres_.execute("ubiety",
                                           "SELECT pid FROM pg_stat_activity WHERE application_name = 'ubietyd' "
                                           "ORDER BY query_start DESC LIMIT 1");
    ASSERT_TRUE(backend.has_value());
    const pid_t pid = std::stoi(*backend);
    ::kill(pid, SIGKILL);
    EXPECT_TRUE(wait_until([&] { return ::kill(pid, 0) != 0; }, 10s, 1ms));
    EXPECT_TRUE(wait_until([&] { return database_answers(); }, 20s, 2ms));
  }

  bool database_answers() {
    try {
      return postgres_.execute("ubiety", "SELECT 1") == "1";
    } catch (const std::runtime_error&) {
      return false;
    }
  }

  template <class Fault>
  void suffer(const char* name, Fault fault) {
    Figures figures(4, std::string(name) + ", " + std::to_string(rounds) + " times");
    RecordedLoad load(service_.port(), name, static_cast<std::uint32_t>(random_()));
    std::chrono::milliseconds slowest{0};
    for (int round = 0; round < rounds && !HasFailure(); ++round) {
      const auto enough = load.stored() + std::uniform_int_distribution<std::size_t>(1, 1500)(random_);
      EXPECT_TRUE(wait_until([&] { return load.stored() >= enough; }, 20s, 1ms)) << load.stored();
      fault();
      const auto back = std::chrono::steady_clock::now();
      const auto stored = load.stored();
      // More than what may have been answered at that moment.
      EXPECT_TRUE(wait_until([&] { return load.stored() > stored + 24; }, 20s, 1ms)) << service_.log();
      slowest = std::max(slowest, since(back));
    }
    load.stop();
    const auto refused = load.refused();
    const auto recording = load.finish();
    figures.note(verify(service_.port(), recording));
    figures.note(check_stored_set(postgres_, recording));
    figures.note("refused", refused);
    figures.at_most("serving again after", slowest, 2s);
    service_.kill_hard();
    service_.start();
    verify(service_.port(), recording);
  }

  std::mt19937 random_{new_seed()};
  PostgresServer postgres_;
  ServiceProcess service_{Environment{{"DATABASE_URL", postgres_.url()}, {"TAIL_MEMORY", "0"}}};
};

TEST_F(CrashedDatabase, loses_nothing_by_an_immediate_stop) {
  suffer("PostgreSQL stopped at once", [this] { crash(); });
}

TEST_F(CrashedDatabase, loses_nothing_by_terminated_backends) {
  suffer("its backends terminated", [this] { terminate_backends(); });
}

TEST_F(CrashedDatabase, loses_nothing_by_a_killed_backend) {
  suffer("a backend killed", [this] { kill_backend(); });
}

}  // namespace
}  // namespace ubiety::test

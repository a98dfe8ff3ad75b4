// RELIABILITY.md, row 7: ten times the reports that the service can carry. It goes on at its pace, refuses the rest
// quickly, and is itself again when they are gone. The database is slow by intent: then it, and not the processors that
// the clients share with the service, says how much can be carried.
#include <gtest/gtest.h>

#include "faults/figures.hpp"
#include "support/http_client.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

constexpr int capacity = 16;  // MAX_IN_FLIGHT
const auto phase = in_short_or_soak(3s, 30s);
const auto refusal_limit = in_short_or_soak(100ms, 20ms);  // the short form shares its processors with other tests
constexpr std::size_t kilobytes_to_grow = 32 * 1024;

constexpr const char* each_statement_takes_5_ms = R"sql(
  CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); RETURN NULL; END';
  CREATE TRIGGER slow AFTER INSERT ON update_log FOR EACH STATEMENT EXECUTE FUNCTION take_time())sql";

class Overload : public ::testing::Test {
 protected:
  Overload() {
    postgres_.start();
    service_.settings()["DATABASE_URL"] = postgres_.url();
    service_.settings()["MAX_IN_FLIGHT"] = std::to_string(capacity);
    service_.start();
    postgres_.execute("ubiety", each_statement_takes_5_ms);
  }

  // Acknowledged posts, a second.
  std::size_t goodput_of(const RecordedLoad& load) {
    const auto stored = load.stored();
    const auto began = std::chrono::steady_clock::now();
    EXPECT_TRUE(wait_until([&] { return since(began) >= phase; }, 2 * phase, 10ms));
    return (load.stored() - stored) * 1000 / static_cast<std::size_t>(since(began).count());
  }

  std::uint32_t seed_ = new_seed();
  PostgresServer postgres_;
  ServiceProcess service_;
};

TEST_F(Overload, is_shed) {
  Figures figures(7, "10 times the posts that can be carried, from 10 times the clients");
  RecordedLoad normal(service_.port(), "normal", seed_, {.clients = capacity});
  EXPECT_TRUE(wait_until([&] { return normal.stored() > 100; }, 20s, 1ms));
  const auto peak = goodput_of(normal);
  normal.stop();
  auto recording = normal.finish();
  const auto memory_before = memory_of(service_.pid());

  RecordedLoad heavy(service_.port(), "heavy", seed_,
                     {.clients = 10 * capacity, .per_second = 10 * static_cast<int>(peak)});
  EXPECT_TRUE(wait_until([&] { return heavy.refused() > 100; }, 20s, 1ms)) << "nothing is refused";
  const auto goodput = goodput_of(heavy);
  const auto memory = memory_of(service_.pid());
  heavy.stop();
  auto overloaded = heavy.finish();
  const auto gone = std::chrono::steady_clock::now();
  RecordedLoad after(service_.port(), "after", seed_, {.clients = 2});
  EXPECT_TRUE(wait_until([&] { return after.stored() > 50; }, 20s, 1ms));
  const auto back_after = since(gone);
  after.stop();
  auto recovered = after.finish();

  figures.note("acknowledged a second at the peak", peak);
  figures.at_least("acknowledged a second in overload", goodput, peak * 8 / 10);
  figures.note("refused", overloaded.of_refusals.count());
  figures.at_most<std::chrono::microseconds>("refusal p99", overloaded.of_refusals.p99(), refusal_limit);
  figures.note("memory before", memory_before);
  figures.at_most("memory", memory, {memory_before.count + kilobytes_to_grow});
  figures.at_most("50 posts afterwards took", back_after, 5s);
  figures.exactly("refused afterwards", recovered.of_refusals.count(), 0);
  add(recording, std::move(overloaded));
  add(recording, std::move(recovered));
  figures.note(verify(service_.port(), recording));
  figures.note(check_stored_set(postgres_, recording));
}

}  // namespace
}  // namespace ubiety::test

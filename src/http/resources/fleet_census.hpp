// Asks the shards for the fleet's numbers, at most once a second, however many requests want them. The loop's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "actors/requests.hpp"
#include "domain/clock.hpp"
#include "fleet/group_sum.hpp"
#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"

namespace ubiety::http {

struct Fleet {
  FleetTotals totals;
  std::vector<std::uint64_t> devices_of_shard;
  // Only in a census that lists them.
  GroupSum::Largest groups{};
  AttentionPart problems{};  // the worst first
};

// What a census lists besides the totals.
struct CensusLists {
  std::size_t groups = 0;                            // the largest; 0: none
  std::shared_ptr<const AttentionQuery> problems{};  // nullptr: none
};

class FleetCensus {
 public:
  // Sends both requests to each shard; the second only if it has a query.
  using Request = std::function<void(const CountFleet&, const ReadAttention&)>;
  // Receives the result of a census; nullptr if a shard did not answer in time.
  using OnResult = std::function<void(const Fleet*)>;

  FleetCensus(EventLoop& loop, std::size_t shards, std::chrono::nanoseconds timeout, Request request,
              OnResult on_result, CensusLists lists = {});

  // The result of a recent census. Without one returns nullptr, and calls on_result with the result of the next census.
  const Fleet* recent_or_request(SteadyTime now);

  // Call it regularly.
  void expire(SteadyTime now);

 private:
  void begin(SteadyTime now);
  void add_part(std::uint64_t number, const ShardFleet& part);
  void add_problems(std::uint64_t number, AttentionPart&& part);
  void note_part();

  const std::size_t shards_;
  const std::chrono::nanoseconds timeout_;
  const Request request_;
  const OnResult on_result_;
  const CensusLists lists_;
  Outbox<ShardFleet> parts_;
  Outbox<AttentionPart> problems_;

  std::optional<Fleet> last_;
  SteadyTime last_at_{};  // when it began

  // The current census. Late answers to an earlier one have another number.
  Fleet next_;
  std::shared_ptr<GroupSum> groups_;  // nullptr unless they are listed
  std::uint64_t number_ = 0;
  std::size_t missing_parts_ = 0;  // 0: no census is running
  SteadyTime begun_{};
  bool is_awaited_ = false;  // on_result_ has to be called
};

// Answers requests with the fleet's numbers, at once or after the next census.
class CensusAnswers {
 public:
  // `answer_of` gets nullptr if the shards did not answer in time, or cannot be asked.
  using AnswerOf = std::function<Answer(const Fleet*)>;

  CensusAnswers(Service& service, AnswerOf answer_of, CensusLists lists = {});

  void answer(Exchange&& exchange);

 private:
  void answer_all(const Fleet* fleet);

  Service& service_;
  const AnswerOf answer_of_;
  FleetCensus census_;
  std::vector<std::uint64_t> waiting_;  // tickets
};

}  // namespace ubiety::http

#include "http/resources/fleet_census.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds max_age{1};

}  // namespace

FleetCensus::FleetCensus(EventLoop& loop, std::size_t shards, std::chrono::nanoseconds timeout, Request request,
                         OnResult on_result, CensusLists lists)
    : shards_(shards),
      timeout_(timeout),
      request_(std::move(request)),
      on_result_(std::move(on_result)),
      lists_(std::move(lists)),
      parts_(loop, [this](std::uint64_t number, ShardFleet&& part) { add_part(number, part); }),
      problems_(loop, [this](std::uint64_t number, AttentionPart&& part) { add_problems(number, std::move(part)); }) {}

const Fleet* FleetCensus::recent_or_request(SteadyTime now) {
  if (last_ && now - last_at_ < max_age) return &*last_;
  // A census that takes longer may never end, because a shard failed during it.
  if (missing_parts_ == 0 || now - begun_ > max_age) begin(now);
  is_awaited_ = true;
  return nullptr;
}

void FleetCensus::begin(SteadyTime now) {
  ++number_;
  next_ = {{}, std::vector<std::uint64_t>(shards_)};
  groups_ = lists_.groups == 0 ? nullptr : std::make_shared<GroupSum>();
  missing_parts_ = lists_.problems ? 2 * shards_ : shards_;
  begun_ = now;
  request_({parts_.reply_to(number_), groups_}, {lists_.problems, problems_.reply_to(number_)});
}

void FleetCensus::add_part(std::uint64_t number, const ShardFleet& part) {
  if (number != number_) return;
  next_.totals += part.totals;
  next_.devices_of_shard[part.shard] = part.totals.devices;
  note_part();
}

// Each part is sorted, and so is what they are merged to.
void FleetCensus::add_problems(std::uint64_t number, AttentionPart&& part) {
  if (number != number_) return;
  auto& all = next_.problems;
  all.total += part.total;
  all.problems += part.problems;
  const auto middle = static_cast<std::ptrdiff_t>(all.rows.size());
  std::move(part.rows.begin(), part.rows.end(), std::back_inserter(all.rows));
  std::inplace_merge(all.rows.begin(), all.rows.begin() + middle, all.rows.end(),
                     [](const auto& left, const auto& right) { return left.rank < right.rank; });
  if (all.rows.size() > lists_.problems->limit) all.rows.resize(lists_.problems->limit);
  note_part();
}

void FleetCensus::note_part() {
  if (--missing_parts_ != 0) return;
  if (const auto groups = std::exchange(groups_, nullptr)) next_.groups = groups->largest(lists_.groups);
  last_ = std::move(next_);
  last_at_ = begun_;
  if (std::exchange(is_awaited_, false)) on_result_(&*last_);
}

void FleetCensus::expire(SteadyTime now) {
  if (!is_awaited_ || now - begun_ <= timeout_) return;
  is_awaited_ = false;
  on_result_(nullptr);
}

CensusAnswers::CensusAnswers(Service& service, AnswerOf answer_of, CensusLists lists)
    : service_(service),
      answer_of_(std::move(answer_of)),
      census_(
          service.loop, service.engine.shards(),
          std::min<std::chrono::nanoseconds>(1s, service.options.request_timeout / 2),
          [&service](const CountFleet& count, const ReadAttention& read) {
            service.engine.count_fleet(count);
            if (read.query) service.engine.read_attention(read);
          },
          [this](const Fleet* fleet) { answer_all(fleet); }, std::move(lists)) {
  service.loop.every(50ms, [this] { census_.expire(std::chrono::steady_clock::now()); });
}

void CensusAnswers::answer(Exchange&& exchange) {
  const bool is_readable = service_.engine.state().readiness.can(Activity::read);
  const auto* fleet = is_readable ? census_.recent_or_request(exchange.began()) : nullptr;
  if (fleet != nullptr || !is_readable) return exchange.answer(answer_of_(fleet));
  waiting_.push_back(service_.pending.open(std::move(exchange)).ticket);
}

void CensusAnswers::answer_all(const Fleet* fleet) {
  const auto waiting = std::exchange(waiting_, {});
  if (waiting.empty()) return;
  const auto answer = answer_of_(fleet);
  for (const auto ticket : waiting)
    if (auto pending = service_.pending.take(ticket)) pending->exchange.answer(answer);
}

}  // namespace ubiety::http

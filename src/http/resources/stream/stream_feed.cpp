#include "http/resources/stream/stream_feed.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "http/resources/fleet/overview_resource.hpp"

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto tick_interval = 25ms;
constexpr auto few_streams_interval = 50ms;    // between two steps
constexpr auto many_streams_interval = 100ms;  // a piece to each costs the loop some 15 us, however small it is
constexpr std::size_t few_streams = 100;
constexpr auto time_slice = 250us;  // for sending, before the loop serves other requests
constexpr auto answer_limit = 5s;   // a shard that has not answered by then has failed, and never will

constexpr auto overview_interval = 1s;

constexpr std::int64_t bytes_a_second = 24 * 1024 * 1024;                      // some 100,000 events
constexpr std::int64_t smallest_share = 4 * 1024, largest_share = 128 * 1024;  // of a channel, in a step and a shard

constexpr std::uint64_t most_shards = 256;

}  // namespace

StreamFeed::StreamFeed(Service& service, StreamHooks hooks)
    : service_(service),
      hooks_(std::move(hooks)),
      budget_(bytes_a_second, Steady::now()),
      answers_(service.loop,
               [this](std::uint64_t ticket, std::vector<ChannelNews>&& news) { take(ticket, std::move(news)); }),
      census_(
          service.loop, service.engine.shards(), answer_limit,
          [&service](const CountFleet& count, const ReadAttention&) { service.engine.count_fleet(count); },
          [](const Fleet*) {}),
      has_answered_(service.engine.shards()) {
  service.loop.every(tick_interval, [this] { tick(); });
}

void StreamFeed::open(std::uint64_t stream, const StreamRequest& request) {
  const auto& engine = service_.engine;
  const auto shards = engine.shards();
  news_.follow(engine.state().fleet);
  auto place = request.after ? ChannelPlace::after(*request.after, engine.run(), shards, news_.last_number())
                             : ChannelPlace::from_now(shards, news_.last_number());
  channels_.open(stream, request.view, request.kinds, std::move(place));
  step_soon();
}

void StreamFeed::note_ready(std::uint64_t stream) {
  if (channels_.of(stream).is_behind()) step_soon();
}

// While a step is under way, a channel's place is ahead of what its clients have.
std::string StreamFeed::heartbeat_of(std::uint64_t stream) const {
  return heartbeat(is_busy() ? std::string() : channels_.of(stream).position(service_.engine.run()));
}

void StreamFeed::tick() {
  if (channels_.streams() == 0) return;
  const auto now = Steady::now();
  if (missing_ != 0 && now - asked_ > answer_limit) end_step();
  const auto interval = channels_.streams() <= few_streams ? few_streams_interval : many_streams_interval;
  if (now - began_ >= interval) begin_step(Scope::all);
  if (now >= next_overview_ && channels_.any_wants(&StreamKinds::overview)) look_at_numbers(now);
}

void StreamFeed::look_at_numbers(SteadyTime now) {
  census_.expire(now);
  const auto* const fleet = census_.recent_or_request(now);
  if (fleet == nullptr) return;
  next_overview_ = now + overview_interval;
  news_.set_overview(overview_body(service_, fleet->totals));
}

void StreamFeed::step_soon() {
  if (std::exchange(is_step_posted_, true)) return;
  service_.loop.post([this] {
    is_step_posted_ = false;
    begin_step(Scope::behind);
  });
}

void StreamFeed::begin_step(Scope scope) {
  const auto now = Steady::now();
  const auto left = budget_.left(now);
  if (is_busy() || left <= 0 || !service_.engine.unread().has_room_for(1)) return;
  if (scope == Scope::all) began_ = now;
  asked_ = now;
  reading_ = channels_.begin_step(hooks_.is_ready);
  if (scope == Scope::behind) std::erase_if(reading_, [](const Channel* channel) { return !channel->is_behind(); });
  if (reading_.empty()) return;
  // The first ones are read even if there is too much to do: so each is the first at times.
  ++step_;
  std::rotate(reading_.begin(), reading_.begin() + static_cast<std::ptrdiff_t>(step_ % reading_.size()),
              reading_.end());
  news_.follow(service_.engine.state().fleet);
  for (auto* channel : reading_) channel->begin_step(news_);
  const auto share = std::clamp(left / static_cast<std::int64_t>(channels_.streams()), smallest_share, largest_share);
  missing_ = service_.engine.shards();
  std::fill(has_answered_.begin(), has_answered_.end(), false);
  for (std::uint32_t shard = 0; shard < service_.engine.shards(); ++shard) ask(shard, static_cast<std::size_t>(share));
}

void StreamFeed::ask(std::uint32_t shard, std::size_t most_bytes) {
  auto questions = std::make_shared<std::vector<ChannelRead>>();
  questions->reserve(reading_.size());
  for (auto* channel : reading_) questions->push_back(channel->question_to(shard, most_bytes));
  service_.engine.read_feed(shard, {std::move(questions), answers_.reply_to(step_ * most_shards + shard)});
}

// An answer to an earlier step comes too late.
void StreamFeed::take(std::uint64_t ticket, std::vector<ChannelNews>&& news) {
  const auto shard = static_cast<std::uint32_t>(ticket % most_shards);
  if (ticket / most_shards != step_ || missing_ == 0 || has_answered_[shard]) return;
  has_answered_[shard] = true;
  for (std::size_t i = 0; i < news.size(); ++i) reading_[i]->take(shard, std::move(news[i]));
  if (--missing_ == 0) end_step();
}

void StreamFeed::end_step() {
  missing_ = 0;
  const auto& engine = service_.engine;
  for (auto* channel : reading_) {
    auto text = channel->end_step(engine.run());
    if (text.empty() || channel->streams.empty()) continue;
    outgoing_.push_back({std::make_shared<const std::string>(std::move(text)), channel->streams});
  }
  hand_out();
}

void StreamFeed::hand_out() {
  const auto end = Steady::now() + time_slice;
  while (!outgoing_.empty()) {
    if (Steady::now() >= end) return service_.loop.post([this] { hand_out(); });
    auto& [piece, streams] = outgoing_.front();
    const auto stream = streams.back();
    streams.pop_back();
    if (hooks_.is_ready(stream) && hooks_.send(stream, piece))
      budget_.spend(static_cast<std::int64_t>(piece->size()));
    else
      channels_.set_back(stream);
    if (streams.empty()) outgoing_.pop_front();
  }
  if (std::any_of(reading_.begin(), reading_.end(), [](const Channel* channel) { return channel->is_behind(); }))
    step_soon();
}

}  // namespace ubiety::http

#include "http/resources/stream/channel.hpp"

#include <algorithm>
#include <utility>

namespace ubiety::http {
namespace {

constexpr std::string_view no_data = "{}";

}  // namespace

ChannelPlace ChannelPlace::from_now(std::size_t shards, std::uint64_t last_event) {
  return {std::vector<FeedCursor>(shards), last_event};
}

ChannelPlace ChannelPlace::from_nothing(std::size_t shards, std::uint64_t last_event) {
  ChannelPlace place{std::vector<FeedCursor>(shards, FeedCursor::of_everything()), last_event};
  place.owes_reset = true;
  return place;
}

ChannelPlace ChannelPlace::after(const StreamPlace& place, std::uint64_t run, std::size_t shards,
                                 std::uint64_t last_event) {
  const auto& position = place.position;
  if (!position || position->run != run || position->changes.size() != shards) return from_nothing(shards, last_event);
  auto after = from_now(shards, position->last_event);
  for (std::size_t shard = 0; shard < shards; ++shard) after.cursors[shard].next = position->changes[shard];
  return after;
}

// What happened comes before the states that the shards are about to show: a device that was removed and then reported
// again must not vanish.
void Channel::begin_step(const FleetNews& news) {
  before_ = place_;
  is_behind_ = false;
  add_news(news);
}

ChannelRead Channel::question_to(std::uint32_t shard, std::size_t most_bytes) {
  return {view_, place_.cursors[shard], std::exchange(memories_[shard], {}), most_bytes};
}

// If a shard does not know what changed, all of its devices are shown again. With a filter that a device can leave,
// that would not show who left.
void Channel::take(std::uint32_t shard, ChannelNews&& news) {
  place_.cursors[shard] = news.cursor;
  memories_[shard] = std::move(news.memory);
  text_.add(news.text, news.last_event);
  is_behind_ = is_behind_ || news.is_behind || news.is_lost;
  if (!news.is_lost) return;
  if (view_->is_of_ids_alone)
    place_.cursors[shard] = FeedCursor::of_everything();
  else
    is_lost_ = true;
}

std::string Channel::end_step(std::uint64_t run) {
  if (std::exchange(is_lost_, false)) begin_again(place_.last_event);
  EventText text;
  if (std::exchange(place_.owes_reset, false)) text.add("reset", no_data);
  text.add(text_);
  const auto id = position(run);
  if (place_.owes_current && !is_behind_ && !id.empty()) {
    text.add("current", no_data);
    place_.owes_current = false;
  }
  return text.take(id);
}

std::string Channel::position(std::uint64_t run) const {
  FeedPosition position{run, place_.last_event, {}};
  for (const auto& cursor : place_.cursors) {
    if (!cursor.next || cursor.sweep) return {};
    position.changes.push_back(*cursor.next);
  }
  return text_of(position);
}

void Channel::begin_again(std::uint64_t last_event) {
  text_ = {};
  is_behind_ = true;
  place_ = ChannelPlace::from_nothing(place_.cursors.size(), last_event);
  std::fill(memories_.begin(), memories_.end(), MatchMemory());
}

void Channel::add_news(const FleetNews& news) {
  if (const auto items = news.after(place_.last_event))
    for (const auto* item : *items) add_item(*item);
  else
    begin_again(news.last_number());
  place_.last_event = news.last_number();
  if (kinds_.overview && place_.overview != news.overview_version()) text_.add("overview", news.overview());
  place_.overview = news.overview_version();
}

void Channel::add_item(const FleetNewsItem& item) {
  switch (item.kind) {
    case FleetNewsItem::Kind::problem:
      if (kinds_.problem && view_->filter.matches_id(item.device_id)) text_.add("problem", item.json);
      return;
    case FleetNewsItem::Kind::removed:
      if (kinds_.status && view_->filter.matches_id(item.device_id)) text_.add("removed", item.json);
      return;
    case FleetNewsItem::Kind::outage:
      if (kinds_.outage) text_.add("outage", item.json);
      return;
    case FleetNewsItem::Kind::action:
      if (kinds_.action) text_.add("action", item.json);
      return;
  }
}

}  // namespace ubiety::http

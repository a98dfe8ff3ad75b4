#include "actors/shard/feed_reader.hpp"

#include <tsl/robin_set.h>

#include <algorithm>
#include <utility>

namespace ubiety {
namespace {

// What a message does at most, in about two milliseconds.
constexpr std::size_t most_looked_at = 262'144;  // pairs of a channel and a device
constexpr std::size_t most_rendered = 2048;

// What a channel does in a message.
constexpr std::size_t most_swept = 8192;  // devices
constexpr std::size_t most_learned = 8192;
constexpr std::size_t most_changes = 4096;

std::string_view id_of(const DeviceTable& table, std::uint32_t device) { return table.at(device).device_id; }

void append_status(const DeviceTable& table, const FeedView& view, std::uint32_t device, std::string& text) {
  if (view.members.empty())
    view.render_status(text, id_of(table, device), table.state_of(device));
  else
    view.render_members(text, id_of(table, device), table.details_of(device), view.members);
}

bool are_shown_alike(const FeedView& left, const FeedView& right) {
  return left.render_status == right.render_status && left.members == right.members;
}

void append_event(ChannelNews& news, std::string_view event) {
  news.last_event = news.text.size();
  news.text += event;
}

}  // namespace

ChangeWindow::ChangeWindow(const DeviceTable& table, std::uint64_t begin) : table_(table), begin_(begin) {
  const auto& changes = table.changes();
  end_ = std::min(changes.end(), begin + most_changes);
  tsl::robin_set<std::uint32_t> seen(end_ - begin_);
  for (auto change = begin_; change < end_; ++change)
    if (const auto device = changes.at(change); seen.insert(device).second) devices_.push_back({change, device});
}

std::string_view ChangeWindow::status(std::size_t place, const FeedView& view, std::size_t& rendered) {
  const auto* const before = std::exchange(rendered_for_, &view);
  if (before != nullptr && !are_shown_alike(*before, view)) {
    texts_.clear();
    for (auto& device : devices_) device.text_size = 0;
  }
  auto& device = devices_[place];
  if (device.text_size == 0) {
    device.text = texts_.size();
    append_status(table_, view, device.number, texts_);
    device.text_size = texts_.size() - device.text;
    ++rendered;
  }
  return std::string_view(texts_).substr(device.text, device.text_size);
}

ChannelNews FeedReader::read(ChannelRead&& channel) {
  ChannelNews news{channel.cursor, std::move(channel.memory)};
  const auto& changes = table_.changes();
  if (!news.cursor.next) news.cursor.next = changes.end();
  if (!channel.view->has_statuses) {
    news.cursor = {changes.end(), std::nullopt};
  } else if (looked_at_ >= most_looked_at || rendered_ >= most_rendered) {
    news.is_behind = true;
  } else if (news.cursor.sweep) {
    sweep(channel, news);
  } else if (!changes.knows(*news.cursor.next)) {
    news.is_lost = true;
  } else {
    read_changes(channel, news);
    if (!news.is_behind) learn(*channel.view, news);
  }
  return news;
}

// Devices that are added meanwhile are among the changes.
void FeedReader::sweep(const ChannelRead& channel, ChannelNews& news) {
  const auto& view = *channel.view;
  auto& device = *news.cursor.sweep;
  for (std::size_t swept = 0; device < table_.numbers() && swept < most_swept; ++swept, ++device) {
    if (news.text.size() >= channel.most_bytes) break;
    ++looked_at_;
    if (!matches(view, device)) continue;
    news.last_event = news.text.size();
    append_status(table_, view, device, news.text);
    ++rendered_;
  }
  if (device >= table_.numbers()) news.cursor.sweep.reset();
  news.is_behind = news.cursor.sweep || *news.cursor.next != table_.changes().end();
}

void FeedReader::read_changes(const ChannelRead& channel, ChannelNews& news) {
  const auto& view = *channel.view;
  auto& window = window_from(*news.cursor.next);
  news.cursor.next = window.end();
  for (std::size_t place = 0; place < window.size(); ++place) {
    if (news.text.size() >= channel.most_bytes) {
      news.cursor.next = window.change(place);
      break;
    }
    ++looked_at_;
    const auto device = window.device(place);
    if (!table_.has(device)) continue;  // it was removed
    const bool does_match = matches(view, device);
    if (does_match) append_event(news, window.status(place, view, rendered_));
    if (view.is_of_ids_alone) continue;
    if (news.memory.note(device, does_match)) {
      news.last_event = news.text.size();
      view.render_left(news.text, id_of(table_, device));
    }
  }
  news.is_behind = *news.cursor.next != table_.changes().end();
}

// What matches without a change of its own is looked for in turn.
void FeedReader::learn(const FeedView& view, ChannelNews& news) {
  if (view.is_of_ids_alone) return;
  const auto does_match = [&](std::uint32_t device) { return matches(view, device); };
  const bool has_learned = news.memory.learn(table_.numbers(), most_learned, does_match);
  if (!has_learned || !view.filter.changes_without_version()) return;
  news.memory.look_again(most_learned, does_match, [&](std::uint32_t device, bool begins) {
    if (!table_.has(device)) return;
    news.last_event = news.text.size();
    if (begins)
      append_status(table_, view, device, news.text);
    else
      view.render_left(news.text, id_of(table_, device));
    ++rendered_;
  });
}

ChangeWindow& FeedReader::window_from(std::uint64_t change) {
  if (!window_ || window_->begin() != change) window_.emplace(table_, change);
  return *window_;
}

bool FeedReader::matches(const FeedView& view, std::uint32_t device) const {
  if (!table_.has(device)) return false;
  if (view.is_of_ids_alone) return view.filter.matches_id(id_of(table_, device));
  return table_.matches(view.filter, device, now_);
}

std::vector<ChannelNews> read_feed(const DeviceTable& table, ListeningTime now, std::vector<ChannelRead>& channels) {
  std::vector<ChannelNews> news;
  news.reserve(channels.size());
  FeedReader reader(table, now);
  for (auto& channel : channels) news.push_back(reader.read(std::move(channel)));
  return news;
}

}  // namespace ubiety

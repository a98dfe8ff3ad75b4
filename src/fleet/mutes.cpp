#include "fleet/mutes.hpp"

#include <algorithm>
#include <utility>

namespace ubiety {

std::optional<Timestamp> Mutes::last_end(std::string_view device_id, Timestamp now) const {
  std::optional<Timestamp> last;
  const auto look_up = [&](const ByText& mutes, std::string_view text) {
    const auto found = mutes.find(text);
    if (found != mutes.end() && found->second.until > now) last = std::max(last, std::optional(found->second.until));
  };
  look_up(devices_, device_id);
  for (const auto length : lengths_) {
    if (length > device_id.size()) break;
    look_up(prefixes_, device_id.substr(0, length));
  }
  return last;
}

const Mute* Mutes::find(const MuteTarget& target) const {
  const auto& mutes = of(target.kind);
  const auto found = mutes.find(target.text);
  return found == mutes.end() ? nullptr : &found->second;
}

std::vector<Mute> Mutes::all() const {
  std::vector<Mute> all;
  all.reserve(size());
  for (const auto* mutes : {&devices_, &prefixes_})
    for (const auto& [text, mute] : *mutes) all.push_back(mute);
  std::sort(all.begin(), all.end(), [](const Mute& left, const Mute& right) { return left.target < right.target; });
  return all;
}

std::optional<Timestamp> Mutes::next_end(Timestamp now) const {
  std::optional<Timestamp> next;
  for (const auto* mutes : {&devices_, &prefixes_})
    for (const auto& [text, mute] : *mutes)
      if (mute.until > now && (!next || mute.until < *next)) next = mute.until;
  return next;
}

void Mutes::set(Mute mute) {
  auto& mutes = of(mute.target.kind);
  auto text = mute.target.text;
  mutes.insert_or_assign(std::move(text), std::move(mute));
  note_lengths();
}

bool Mutes::remove(const MuteTarget& target) {
  const bool was_there = of(target.kind).erase(target.text) != 0;
  note_lengths();
  return was_there;
}

void Mutes::note_lengths() {
  lengths_.clear();
  for (const auto& [text, mute] : prefixes_) lengths_.push_back(text.size());
  std::sort(lengths_.begin(), lengths_.end());
  lengths_.erase(std::unique(lengths_.begin(), lengths_.end()), lengths_.end());
}

}  // namespace ubiety

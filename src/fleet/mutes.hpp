// Which devices are muted: an operator knows of them, so they are in no count and no list of problems. A mute is of one
// device, or of all whose ids begin with a prefix, also of those that come later. It ends by itself.
//
// A set of mutes is a value. One that threads share does not change. Any thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/api_key.hpp"
#include "domain/timestamp.hpp"

namespace ubiety {

// What a mute is of.
struct MuteTarget {
  enum class Kind : std::uint8_t { device, prefix };
  Kind kind = Kind::device;
  std::string text;  // the device's id or the prefix; not empty

  friend auto operator<=>(const MuteTarget&, const MuteTarget&) = default;
};

// "device" or "prefix".
constexpr std::string_view name_of(MuteTarget::Kind kind) {
  return kind == MuteTarget::Kind::device ? "device" : "prefix";
}
// The kind of this name. Any other text is a device's.
constexpr MuteTarget::Kind mute_kind_of(std::string_view name) {
  return name == "prefix" ? MuteTarget::Kind::prefix : MuteTarget::Kind::device;
}

struct Mute {
  MuteTarget target;
  Timestamp until;            // exclusive
  std::optional<KeyId> by{};  // the API key that muted, where keys are needed

  friend bool operator==(const Mute&, const Mute&) = default;
};

class Mutes {
 public:
  bool is_empty() const { return devices_.empty() && prefixes_.empty(); }
  std::size_t size() const { return devices_.size() + prefixes_.size(); }

  // When the device's last mute ends; nullopt if it is not muted at `now`. Takes no time without mutes, else a look-up
  // for the id and one for each length that a prefix has.
  std::optional<Timestamp> until(std::string_view device_id, Timestamp now) const {
    return is_empty() ? std::nullopt : last_end(device_id, now);
  }
  bool is_muted(std::string_view device_id, Timestamp now) const { return until(device_id, now).has_value(); }

  // Returns nullptr without a mute of this target. Valid until the next change.
  const Mute* find(const MuteTarget& target) const;
  // Devices first, then prefixes, each by their texts. Also mutes that have ended.
  std::vector<Mute> all() const;
  // The next end after `now`; nullopt if no mute runs.
  std::optional<Timestamp> next_end(Timestamp now) const;

  // Takes the place of a mute of the same target.
  void set(Mute mute);
  // Returns whether there was one.
  bool remove(const MuteTarget& target);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using ByText = std::unordered_map<std::string, Mute, Hash, std::equal_to<>>;

  std::optional<Timestamp> last_end(std::string_view device_id, Timestamp now) const;
  const ByText& of(MuteTarget::Kind kind) const { return kind == MuteTarget::Kind::device ? devices_ : prefixes_; }
  ByText& of(MuteTarget::Kind kind) { return kind == MuteTarget::Kind::device ? devices_ : prefixes_; }
  void note_lengths();

  ByText devices_, prefixes_;
  std::vector<std::size_t> lengths_;  // of the prefixes, in bytes; rising, each once
};

}  // namespace ubiety

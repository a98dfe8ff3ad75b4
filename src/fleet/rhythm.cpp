#include "fleet/rhythm.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace ubiety {
namespace {

using std::chrono::seconds;

constexpr std::uint32_t start_mask = (1U << 30) - 1;

template <class Number>
void put(Rhythm::Bytes& bytes, std::size_t at, Number number) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    bytes[at + i] = static_cast<std::byte>(number >> (8 * (sizeof(Number) - 1 - i)) & 0xFF);
}

template <class Number>
Number take(const Rhythm::Bytes& bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) number = number << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  return static_cast<Number>(number);
}

}  // namespace

GapCode GapCode::of(std::chrono::milliseconds gap) {
  const auto rounded = std::clamp(std::chrono::floor<QuarterSeconds>(gap), QuarterSeconds(0), longest);
  const auto units = static_cast<std::uint32_t>(rounded.count());
  if (units < 4096) return GapCode(static_cast<std::uint16_t>(units));
  const int shift = static_cast<int>(std::bit_width(units)) - 13;
  const std::uint32_t mantissa = (units >> shift) - 4096;
  return GapCode(static_cast<std::uint16_t>(static_cast<std::uint32_t>(shift + 1) << 12 | mantissa));
}

void Rhythm::learn(std::chrono::milliseconds gap, ListeningTime now) {
  turn_window(std::chrono::floor<seconds>(now.time_since_epoch()).count());
  const auto code = GapCode::of(gap);
  if (code > current_[1]) current_[1] = code;
  if (current_[1] > current_[0]) std::swap(current_[0], current_[1]);
  if (known_ < gaps_to_know) ++known_;
}

// Begins a new window if the present one is over. `now`: in seconds.
void Rhythm::turn_window(std::int64_t now) {
  const std::int64_t age = now - start_;
  if (known_ > 0 && age >= 0 && age < window().count()) return;
  if (known_ == 0 || age >= 2 * window().count()) {
    *this = {};
  } else if (age >= 0) {  // a start in the future can only come from a database; it keeps its gaps
    previous_ = std::exchange(current_, {});
  }
  start_ = static_cast<std::uint32_t>(std::clamp<std::int64_t>(now, 0, start_mask)) & start_mask;
}

GapCode Rhythm::usual_code() const {
  return current_[0] >= previous_[0] ? std::max(current_[1], previous_[0]) : std::max(previous_[1], current_[0]);
}

bool Rhythm::knows_two_days(ListeningTime now) const {
  const bool has_turned = previous_[0] > GapCode();
  return is_known() && (has_turned || now >= ListeningTime(seconds(start_)) + std::chrono::hours(49));
}

seconds Rhythm::window() const { return std::max(shortest_window, std::chrono::floor<seconds>(8 * usual())); }

Rhythm::Bytes Rhythm::to_bytes() const {
  Bytes bytes{};
  put(bytes, 0, current_[0].bits());
  put(bytes, 2, current_[1].bits());
  put(bytes, 4, previous_[0].bits());
  put(bytes, 6, previous_[1].bits());
  put(bytes, 8, std::uint32_t{known_} << 30 | start_);
  return bytes;
}

Rhythm Rhythm::from_bytes(const Bytes& bytes) {
  Rhythm rhythm;
  rhythm.current_ = {GapCode(take<std::uint16_t>(bytes, 0)), GapCode(take<std::uint16_t>(bytes, 2))};
  rhythm.previous_ = {GapCode(take<std::uint16_t>(bytes, 4)), GapCode(take<std::uint16_t>(bytes, 6))};
  for (auto* pair : {&rhythm.current_, &rhythm.previous_}) std::sort(pair->rbegin(), pair->rend());
  const auto word = take<std::uint32_t>(bytes, 8);
  const auto known = static_cast<std::uint8_t>(word >> 30);
  rhythm.known_ = known & 3U;
  rhythm.start_ = word & start_mask;
  return rhythm;
}

}  // namespace ubiety

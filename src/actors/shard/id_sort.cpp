#include "actors/shard/id_sort.hpp"

#include <algorithm>

namespace ubiety {
namespace {

// What a slice does at most.
constexpr std::size_t ids_read = 8'192;
constexpr std::size_t keys_compared = 16'384;
constexpr std::size_t numbers_taken = 65'536;

// The first eight bytes, as a number in the order of the texts.
std::uint64_t beginning_of(std::string_view text) {
  std::uint64_t beginning = 0;
  for (std::size_t i = 0; i < sizeof beginning; ++i)
    beginning = beginning << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  return beginning;
}

}  // namespace

bool IdSort::advance() {
  switch (stage_) {
    case Stage::find_common: find_common(); break;
    case Stage::make_keys: make_keys(); break;
    case Stage::sort:
      if (sort_->advance(keys_compared)) stage_ = Stage::take_numbers;
      break;
    case Stage::take_numbers: take_numbers(); break;
    case Stage::done: break;
  }
  return stage_ == Stage::done;
}

void IdSort::find_common() {
  for (const auto end = std::min(next_ + ids_read, size_); next_ < end; ++next_) {
    const std::string_view id = devices_[next_].device_id;
    if (id.empty()) continue;
    if (!common_) common_ = id;
    const auto differs = std::mismatch(common_->begin(), common_->end(), id.begin(), id.end()).first;
    common_ = common_->substr(0, static_cast<std::size_t>(differs - common_->begin()));
  }
  if (next_ < size_) return;
  next_ = 0;
  keys_.reserve(size_);
  stage_ = Stage::make_keys;
}

void IdSort::make_keys() {
  for (const auto end = std::min(next_ + ids_read, size_); next_ < end; ++next_) {
    const auto& device = devices_[next_];
    if (device.device_id.empty()) continue;
    const auto rest = std::string_view(device.device_id).substr(common_->size());
    keys_.push_back({beginning_of(rest), &device, static_cast<std::uint32_t>(next_)});
  }
  if (next_ < size_) return;
  next_ = 0;
  sort_.emplace(keys_);
  sorted_.reserve(keys_.size());
  stage_ = Stage::sort;
}

void IdSort::take_numbers() {
  for (const auto end = std::min(next_ + numbers_taken, keys_.size()); next_ < end; ++next_)
    sorted_.push_back(keys_[next_].number);
  if (next_ < keys_.size()) return;
  keys_ = {};
  stage_ = Stage::done;
}

}  // namespace ubiety

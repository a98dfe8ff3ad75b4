#include "storage/sqlite/unmerged_devices.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ubiety::sqlite {
namespace {

constexpr std::size_t most_of_a_block = 64;
constexpr std::size_t growth_of_a_block = 8;

bool is_before(const UnmergedDevice& device, std::string_view id) { return device.id.compare(id) < 0; }

template <class Block>
auto place_in(Block& block, std::string_view id) {
  return std::lower_bound(block.begin(), block.end(), id, is_before);
}

template <class Block>
void move_tail(Block& from, typename Block::iterator begin, Block& to) {
  to.insert(to.end(), std::make_move_iterator(begin), std::make_move_iterator(from.end()));
  from.erase(begin, from.end());
}

}  // namespace

void LoggedList::push_back(const Logged& logged) {
  if (several_)
    several_->push_back(logged);
  else if (empty())
    one_ = logged;
  else
    several_ = std::make_unique<std::vector<Logged>>(std::initializer_list<Logged>{one_, logged});
}

void UnmergedDevices::clear() {
  blocks_.clear();
  size_ = 0;
}

std::size_t UnmergedDevices::block_of(std::string_view id) const {
  const auto begins_after = [](std::string_view name, const Block& block) {
    return name.compare(block.front().id) < 0;
  };
  const auto next = std::upper_bound(blocks_.begin(), blocks_.end(), id, begins_after);
  return next == blocks_.begin() ? 0 : static_cast<std::size_t>(next - blocks_.begin()) - 1;
}

const UnmergedDevice* UnmergedDevices::find(std::string_view id) const {
  if (blocks_.empty()) return nullptr;
  const auto& block = blocks_[block_of(id)];
  const auto place = place_in(block, id);
  return place == block.end() || place->id.compare(id) != 0 ? nullptr : &*place;
}

UnmergedDevice* UnmergedDevices::find(std::string_view id) {
  return const_cast<UnmergedDevice*>(std::as_const(*this).find(id));
}

UnmergedDevice& UnmergedDevices::insert(UnmergedDevice&& device) {
  auto index = block_of(device.id);
  if (blocks_.empty()) blocks_.emplace_back();
  if (blocks_[index].size() == most_of_a_block) {
    split(index);
    if (blocks_[index + 1].front().id < device.id) ++index;
  }
  auto& block = blocks_[index];
  // Little by little: a vector's own growth would leave a third of the memory unused.
  if (block.size() == block.capacity()) block.reserve(block.size() + growth_of_a_block);
  ++size_;
  return *block.insert(place_in(block, device.id), std::move(device));
}

void UnmergedDevices::split(std::size_t index) {
  Block upper_half;
  move_tail(blocks_[index], blocks_[index].begin() + most_of_a_block / 2, upper_half);
  blocks_[index].shrink_to_fit();
  blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(upper_half));
}

std::size_t UnmergedDevices::sweep(std::size_t index) {
  auto& block = blocks_[index];
  size_ -= std::erase_if(block, [](const UnmergedDevice& device) { return device.logged.empty(); });
  // What is left of two neighbours may be little, and would stay so where no more devices come.
  const bool joins = index > 0 && blocks_[index - 1].size() + block.size() <= most_of_a_block / 2;
  if (joins) move_tail(block, block.begin(), blocks_[index - 1]);
  if (block.empty()) {
    blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(index));
    return index;
  }
  if (block.capacity() - block.size() >= 2 * growth_of_a_block) block.shrink_to_fit();
  return index + 1;
}

}  // namespace ubiety::sqlite

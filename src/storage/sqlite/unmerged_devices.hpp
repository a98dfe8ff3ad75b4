// Devices in the order of their names, each with its updates that are in the log but not yet in the history's table.
//
// There are tens of thousands of them, each for a second or two, and most with a single update. So they lie in blocks,
// side by side: as the nodes of a std::map, with a vector each, they took half as much again, and merges left the
// allocator's pages with a few nodes on each.
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "domain/status.hpp"

namespace ubiety::sqlite {

struct Logged {
  Status status;
  std::int64_t row = 0;  // of the log, where the first is 1
};

// A device's updates, each newer than the one before it. The first needs no memory of its own.
class LoggedList {
 public:
  std::span<const Logged> all() const {
    if (several_) return *several_;
    return {&one_, one_.row == none ? 0U : 1U};
  }
  bool empty() const { return !several_ && one_.row == none; }

  void push_back(const Logged& logged);

  // Gives how many there were of these.
  template <class Predicate>
  std::size_t erase_if(Predicate predicate) {
    if (several_) return erase_of_several(predicate);
    if (empty() || !predicate(one_)) return 0;
    one_.row = none;
    return 1;
  }

 private:
  static constexpr std::int64_t none = 0;

  template <class Predicate>
  std::size_t erase_of_several(Predicate predicate) {
    const auto erased = std::erase_if(*several_, predicate);
    if (several_->size() > 1) return erased;
    one_ = several_->empty() ? Logged{} : several_->front();
    several_.reset();
    return erased;
  }

  Logged one_;  // when there are not several
  std::unique_ptr<std::vector<Logged>> several_;
};

struct UnmergedDevice {
  DeviceId id;
  // Of all that is stored of it. What is not newer does not go into the log, so that nothing is in log and table.
  Timestamp newest;
  LoggedList logged{};
};

class UnmergedDevices {
 public:
  std::size_t size() const { return size_; }
  void clear();

  // nullptr when it is not among them. Valid until the next change.
  const UnmergedDevice* find(std::string_view id) const;
  UnmergedDevice* find(std::string_view id);

  // It has to be new here.
  UnmergedDevice& insert(UnmergedDevice&& device);

  // Tells the devices from the first that is not before `id`, for as long as `tell` gives true.
  template <class Tell>
  void for_each_from(std::string_view id, Tell tell) const {
    for (auto index = block_of(id); index < blocks_.size(); ++index)
      for (const auto& device : blocks_[index])
        if (device.id.compare(id) >= 0 && !tell(device)) return;
  }

  // Lets `change` see the devices from `first` through `last`, or all from `first` on, and then removes those that have
  // no update any more.
  template <class Change>
  void change_and_sweep(std::string_view first, std::optional<std::string_view> last, Change change) {
    const auto is_after_last = [&](const UnmergedDevice& device) { return last && device.id.compare(*last) > 0; };
    for (auto index = block_of(first); index < blocks_.size() && !is_after_last(blocks_[index].front());) {
      for (auto& device : blocks_[index])
        if (device.id.compare(first) >= 0 && !is_after_last(device)) change(device);
      index = sweep(index);
    }
  }

 private:
  using Block = std::vector<UnmergedDevice>;

  // Of the block that has the device, if any has.
  std::size_t block_of(std::string_view id) const;
  void split(std::size_t index);
  // Gives the index of the block after it.
  std::size_t sweep(std::size_t index);

  std::vector<Block> blocks_;  // none of them empty
  std::size_t size_ = 0;
};

}  // namespace ubiety::sqlite

// How many records the histories have that people read. With the total of a history, its newest page can be answered
// from the tail alone: without it each page would count in the store. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace ubiety {

class HistoryTotals {
 public:
  // Beyond so many devices all are forgotten: 40 bytes each.
  static constexpr std::size_t max_devices = 10'000;

  // The total of the device's history; nullopt if it is not known.
  std::optional<std::uint64_t> of(std::uint32_t device) const {
    const auto found = totals_.find(device);
    return found == totals_.end() || !found->second.is_known ? std::nullopt : std::optional(found->second.records);
  }

  // The device's history is being counted. Returns a ticket for keep().
  std::uint64_t expect(std::uint32_t device) {
    if (totals_.size() >= max_devices && !totals_.contains(device)) totals_.clear();
    totals_[device] = {0, ++last_ticket_, false};
    return last_ticket_;
  }

  // Tickets of a failed shard may still come back to its successor: none is given out twice.
  void continue_after(const HistoryTotals& failed) { last_ticket_ = failed.last_ticket_; }

  // The history had so many records when its ticket was given out. Ignored if that is too long ago to know what came
  // since.
  void keep(std::uint32_t device, std::uint64_t ticket, std::uint64_t records) {
    const auto found = totals_.find(device);
    if (found == totals_.end() || found->second.ticket != ticket || found->second.is_known) return;
    found->second.records += records;
    found->second.is_known = true;
  }

  // An update became durable. `may_repeat`: see log::UnmergedRecord.
  void note_update(std::uint32_t device, bool may_repeat) {
    if (totals_.empty()) return;
    const auto found = totals_.find(device);
    if (found == totals_.end()) return;
    if (may_repeat)
      totals_.erase(found);
    else
      ++found->second.records;
  }

  // A merge begins, so a count under way may include updates that came since its ticket. Those were noted too.
  void forget_counts_under_way() {
    std::erase_if(totals_, [](const auto& total) { return !total.second.is_known; });
  }

  // The device was removed.
  void forget(std::uint32_t device) { totals_.erase(device); }

  // Records were removed, or may have been.
  void forget_all() { totals_.clear(); }

 private:
  struct Total {
    std::uint64_t records = 0;  // until is_known: those that came since the ticket
    std::uint64_t ticket = 0;
    bool is_known = false;
  };

  std::unordered_map<std::uint32_t, Total> totals_;
  std::uint64_t last_ticket_ = 0;
};

}  // namespace ubiety

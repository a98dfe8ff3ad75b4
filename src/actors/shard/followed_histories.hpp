// What memory knows of the histories that people read: how many rows each has, and the newest of them. A history is
// read from the store once; from then on what its commits tell is added, and what they do not tell has it read again.
// So a page of a dashboard costs no query, and a page of a long history no count. Devices whose history nobody reads
// cost nothing. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "storage/store.hpp"

namespace ubiety {

class FollowedHistories {
 public:
  // The newest rows of a history that are remembered, of 24 bytes each.
  static constexpr std::size_t most_remembered_rows = 64;

  // `most_remembered`: of how many devices rows are remembered; 0 for none. Rows are counted of 10,000 in any case.
  explicit FollowedHistories(std::size_t most_remembered);
  std::size_t most_remembered() const { return most_remembered_; }

  struct Known {
    std::optional<HistoryPage> page{};       // the answer; nothing else is given with it
    std::optional<std::uint64_t> rows{};     // of the device
    std::optional<std::uint64_t> version{};  // what the store answers now is to be kept under it
  };
  // From here on the device's history is followed, unless the query is for a span of time. Nothing is given while an
  // update of the device may be on its way: the store may show it already.
  Known ask(const HistoryQuery& query, bool batch_is_on_its_way);

  // What the store answered, asked under this version: how many rows there are, and the newest of them, newest first;
  // none of them when the answer did not begin with the newest.
  void keep(const DeviceId& device_id, std::uint64_t version, std::uint64_t rows, const std::vector<Status>& newest);

  // A batch is on its way, one at a time, and is done: `fresh_are_new` when each fresh update is a row that was not
  // there before.
  void handed_over(const WriteBatch& write);
  void done(const WriteBatch& write, bool fresh_are_new);

  // Rows may have been removed.
  void forget();

 private:
  struct History {
    std::optional<std::uint64_t> rows;
    std::vector<Status> newest;  // the newest last; empty when `rows` is not known
    std::uint64_t version = 0;   // another one after each change
    bool on_its_way = false;

    bool is_whole() const { return rows == newest.size(); }
  };

  History* find(const DeviceId& device_id);
  History* follow(const DeviceId& device_id, bool batch_is_on_its_way);
  void note_on_its_way(History& history);
  void add(History& history, const Status& row);
  void forget(History& history);
  void forget_rows(History& history);
  static std::optional<HistoryPage> page_of(const History& history, const HistoryQuery& query);

  const std::size_t most_remembered_, most_followed_;
  std::unordered_map<DeviceId, History> histories_;
  std::vector<History*> on_their_way_;
  std::size_t remembered_ = 0;  // histories with rows
  std::uint64_t last_version_ = 0;
};

}  // namespace ubiety

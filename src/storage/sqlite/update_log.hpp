// The log in the file: its streams, its rows, and how far they are merged. Call each function in a transaction or a
// snapshot. Each throws Error. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "storage/log/format.hpp"
#include "storage/log/position.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/shared_state.hpp"

namespace ubiety::sqlite {

class UpdateLog {
 public:
  explicit UpdateLog(Database& database);

  struct Stream {
    std::int64_t number = 0;
    bool is_open = false;
    std::int64_t last = 0;     // the sequence of its last row, merged or not
    std::int64_t trimmed = 0;  // all rows up to this sequence are merged
    std::int64_t merging = 0;  // the merge under way takes the rows up to this one
  };
  std::optional<Stream> find(log::StreamId id);
  // The stream must be missing. Returns it.
  Stream open_stream(log::StreamId id);
  void close_streams();

  // The row must be missing.
  void append(const Stream& stream, std::int64_t sequence, const UpdateList& updates);

  // Rows up to `merging` of their streams are merged for the devices up to `device`.
  struct Progress {
    std::int64_t version = 0;
    std::optional<DeviceId> device{};  // nullopt without a merge; empty at its beginning

    bool includes(const Stream& stream, std::int64_t sequence, std::string_view device_id) const {
      return sequence <= stream.trimmed || (device && sequence <= stream.merging && device_id <= *device);
    }
  };
  Progress progress();
  // Each raises the version and returns it.
  std::int64_t raise_version();
  std::int64_t merge_to(std::string_view device);

  // Returns how far these streams are merged.
  log::Positions merged(const log::Positions& of);
  // Begins a merge of the rows up to `through`, as far as they exist.
  void begin_merge(const log::Positions& through);
  log::Positions merging();
  std::int64_t end_merge();
  // Deletes rows that are merged, for a moment, except damaged ones. Returns whether there may be more.
  bool delete_merged(const SharedState& shared);

  // Passes each row that is not trimmed, with the updates that are not merged; and the rows, trimmed or not, that
  // cannot be read.
  void read(const std::function<void(log::Row&&)>& sink,
            const std::function<void(log::Position, const std::string& reason)>& note_damage);

  // Whether the file has all that was seen in it.
  bool has(const SeenState& seen);
  // Returns the progress. Throws Error if the file lacks what was seen in it.
  Progress expect(const SeenState& seen);

 private:
  bool has_streams(const SeenState& seen);

  Database& database_;
  PreparedOnUse find_, open_, append_, progress_, raise_version_, merge_to_, merged_rows_, delete_row_;
};

// A transaction of the process that owns the store, in its turn. Throws Error for any other process, and if the file
// was restored from a copy.
class WriteTransaction {
 public:
  WriteTransaction(Database& database, SharedState& shared, UpdateLog& log);

  const UpdateLog::Progress& progress() const { return progress_; }
  void commit() { transaction_.commit(); }

 private:
  WriteTurns::Turn turn_;
  Transaction transaction_;
  UpdateLog::Progress progress_;
};

}  // namespace ubiety::sqlite

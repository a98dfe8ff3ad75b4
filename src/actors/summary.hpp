// The summary: the question to the shards, their answers, and the encoder with which they render devices, which http
// provides.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/admission.hpp"
#include "actors/device_filter.hpp"
#include "actors/device_member.hpp"
#include "actors/device_state.hpp"
#include "actors/requests.hpp"
#include "actors/sorted_devices.hpp"
#include "domain/clock.hpp"
#include "domain/status.hpp"

namespace ubiety {

// Deflated JSON that fits anywhere into a deflate stream.
struct Deflated {
  std::string bytes;
  std::uint32_t crc = 0;     // of the JSON
  std::uint64_t length = 0;  // of the JSON
};

// Pure functions; any thread.
struct SummaryEncoder {
  // Appends a comma and one device's JSON.
  void (*render)(std::string& out, std::string_view device_id, const DeviceState& state);
  Deflated (*deflate)(std::string_view json);
  // The same as render, with these members.
  void (*render_members)(std::string& out, std::string_view device_id, const DeviceDetails& details,
                         const DeviceMembers& members) = nullptr;
};

// A part of the body in one content coding. Shared, so that it is sent without a copy.
struct SummaryPiece {
  std::shared_ptr<const std::string> bytes;
  std::uint32_t crc = 0;     // of the JSON, when deflated
  std::uint64_t length = 0;  // of the JSON, when deflated
};

struct SummaryQuery {
  DeviceFilter filter;
  std::optional<std::size_t> limit;   // the first ones by device id; without it, all, in no order
  std::string after;                  // only devices with a greater id, when it is not empty
  std::optional<SummarySort> sort{};  // then there is a limit, and `after` is empty
  std::size_t offset = 0;             // so many of the sorted devices are on earlier pages
  DeviceMembers members{};            // that are shown

  // Whether it asks for every device on one page, which the shards keep rendered.
  bool is_of_all() const { return !limit && after.empty() && filter.is_empty() && members.empty(); }
  // Whether the answer may change while DeviceTable::version does not, which counts what a device's own report changes.
  bool changes_without_version() const {
    const auto is_further = [](DeviceMember member) { return member >= DeviceMember::group; };
    return filter.changes_without_version() || std::any_of(members.begin(), members.end(), is_further);
  }

  friend bool operator==(const SummaryQuery&, const SummaryQuery&) = default;
};

// One scan of all shards' devices, shared by the shards that work on it and the request that waits for it. Any thread.
struct SummaryScan {
  SummaryScan(ByteBudget& budget, SteadyTime until) : deadline(until), held(budget) {}

  // Whether a client still waits for it.
  bool is_wanted(SteadyTime now) const { return !is_abandoned.load(std::memory_order_relaxed) && now < deadline; }

  const SteadyTime deadline;  // of the client
  std::atomic<bool> is_abandoned{false};
  ByteBudget::Share held;  // of the bytes that the client has not read yet
};
using SummaryScanPointer = std::shared_ptr<SummaryScan>;

// Devices in the order of their ids, or of the query's sort, ready to be merged with those of other shards. Strings of
// their own would take three times the memory.
struct SummaryRows {
  struct Row {
    std::size_t id_end, json_end;
    std::int64_t value = 0;  // SortedDevices::Key::value
  };

  std::string ids, json;  // of all rows, one after the other
  std::vector<Row> ends;  // where each row ends in both

  std::size_t size() const { return ends.size(); }
  std::string_view id(std::size_t row) const { return part_of(ids, row, &Row::id_end); }
  std::int64_t value(std::size_t row) const { return ends[row].value; }
  // After a comma. Empty for a device that no longer matches: it keeps its place.
  std::string_view json_of(std::size_t row) const { return part_of(json, row, &Row::json_end); }

 private:
  std::string_view part_of(std::string_view text, std::size_t row, std::size_t Row::*end) const {
    const auto begin = row == 0 ? 0 : ends[row - 1].*end;
    return text.substr(begin, ends[row].*end - begin);
  }
};

// A shard's answer.
struct SummaryPart {
  std::uint32_t shard = 0;
  // Changes whenever the devices' JSON changes; nullopt when that happened during the scan.
  std::optional<std::uint64_t> version;
  std::uint64_t began_at = 0;        // the version when the scan began: all changes up to then are in the part
  std::vector<SummaryPiece> pieces;  // without a limit: with commas between the devices and none around them
  SummaryRows rows;                  // with a limit: one row more than it if there are more; of a sort: the span
  // Of a sort: its devices, and samples of them in their order.
  std::shared_ptr<const SortedDevices> sorted{};
  std::vector<SortSample> samples{};
  bool is_outdated = false;   // the devices of the span are of an earlier table
  std::uint64_t devices = 0;  // that match the filter, on whichever page
  std::uint64_t online = 0;   // of those
  bool is_too_large = false;  // the budget was full: the part is incomplete
};

// The shard scans in slices, so that updates do not wait for the whole scan. A device that changes meanwhile is found
// in its old or its new state; a device that exists throughout is found once. A scan that is no longer wanted is not
// answered.
struct ReadSummary {
  SummaryScanPointer scan;
  SummaryQuery query;
  bool deflated = false;  // only of a query of all
  Reply<SummaryPart> reply;
  // By shard: of a sort whose devices are sorted already, what to render. Else nullptr.
  std::shared_ptr<const std::vector<SortedSpan>> spans{};
};

// A shard sends this to itself while scans are under way.
struct ContinueScans {};

}  // namespace ubiety

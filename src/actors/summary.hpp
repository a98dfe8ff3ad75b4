// What the summary is made of: the messages between http and the shards, and how devices become bytes, which http
// decides and the shards do.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/reply.hpp"
#include "domain/device_filter.hpp"

namespace ubiety {

// JSON deflated so that it can stand anywhere in a deflate stream.
struct Deflated {
  std::string bytes;
  std::uint32_t crc = 0;     // of the JSON
  std::uint64_t length = 0;  // of the JSON
};

// Pure functions; any thread.
struct SummaryEncoder {
  // Appends a comma and one device's JSON.
  void (*render)(std::string& out, std::string_view device_id, const Status& status);
  Deflated (*deflate)(std::string_view json);
};

// A part of the body in one of its codings. Shared, so that it is sent without a copy.
struct SummaryPiece {
  std::shared_ptr<const std::string> bytes;
  std::uint32_t crc = 0;     // of the JSON, when deflated
  std::uint64_t length = 0;  // of the JSON, when deflated
};

// A shard's devices, with commas between them and none around them.
struct SummaryPart {
  std::uint32_t shard = 0;
  std::uint64_t version = 0;  // another one whenever the devices' JSON is another
  std::vector<SummaryPiece> pieces;
  std::uint64_t devices = 0;
  std::uint64_t online = 0;
};

struct ReadSummary {
  bool deflated;
  Reply<SummaryPart> reply;
};

// Some of the devices.
struct SummaryQuery {
  DeviceFilter filter;
  std::optional<std::size_t> limit;  // the first ones by device id; without it, all, in no order
  std::string after;                 // only devices with a greater id, when it is not empty
};

struct SummaryEntry {
  DeviceId device_id;
  std::string json;  // after a comma
};

// What of a shard's devices matches.
struct SummaryPage {
  std::uint32_t shard = 0;
  std::uint64_t version = 0;
  std::vector<SummaryEntry> entries;  // with a limit in the order of their ids, and one more than it if there are more
  std::uint64_t devices = 0;          // that match the filter, on whichever page
  std::uint64_t online = 0;           // of those
};

struct ReadSummaryPage {
  SummaryQuery query;
  Reply<SummaryPage> reply;
};

}  // namespace ubiety

// The JSON of a shard's devices, rendered in chunks and kept. A change invalidates only its own chunk, which is
// rendered again when a summary needs it. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "actors/summary.hpp"

namespace ubiety {

class SummaryChunks {
 public:
  // Few enough that a chunk is cheap to render, and enough that a summary has few pieces.
  static constexpr std::size_t devices_per_chunk = 256;

  explicit SummaryChunks(SummaryEncoder encoder) : encoder_(encoder) {}

  // Returns the device of this number, or nullptr after the last.
  using DeviceAt = std::function<const StatusUpdate*(std::size_t index)>;

  // The device with this number changed, or is new.
  void note_change(std::size_t index);

  std::size_t size() const { return chunks_.size(); }

  // A piece without bytes is not rendered yet.
  struct Chunk {
    SummaryPiece plain, deflated;
    std::uint32_t devices = 0, online = 0;
  };
  // Returns the cost of making the chunk ready, in devices to render; 0 if it is ready.
  std::size_t work_for(std::size_t chunk, bool deflated) const;
  // Returns the chunk with the wanted piece rendered.
  const Chunk& ready_chunk(std::size_t chunk, bool deflated, const DeviceAt& device_at);

 private:
  void render(std::size_t chunk, const DeviceAt& device_at);
  SummaryPiece deflate(const SummaryPiece& plain) const;

  const SummaryEncoder encoder_;
  std::vector<Chunk> chunks_;
};

}  // namespace ubiety

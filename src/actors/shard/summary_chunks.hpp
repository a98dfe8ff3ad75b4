// The JSON of a shard's devices, kept ready in chunks: a change makes only its own chunk be rendered again, and only
// when somebody asks. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "actors/summary.hpp"

namespace ubiety {

class SummaryChunks {
 public:
  // Few enough that a change costs little to render, enough that a summary has few pieces to send.
  static constexpr std::size_t devices_per_chunk = 256;

  explicit SummaryChunks(SummaryEncoder encoder) : encoder_(encoder) {}

  // The device of this index; nullptr behind the last.
  using DeviceAt = std::function<const StatusUpdate*(std::size_t index)>;

  // The device of this index is another now, or is new.
  void note_change(std::size_t index);

  std::size_t size() const { return chunks_.size(); }

  // Empty pieces have to be made again.
  struct Chunk {
    SummaryPiece plain, deflated;
    std::uint32_t devices = 0, online = 0;
  };
  // What making the chunk ready would cost, in devices that are rendered; 0 when it is ready.
  std::size_t work_for(std::size_t chunk, bool deflated) const;
  // With the wanted piece ready.
  const Chunk& ready_chunk(std::size_t chunk, bool deflated, const DeviceAt& device_at);

 private:
  void render(std::size_t chunk, const DeviceAt& device_at);
  SummaryPiece deflate(const SummaryPiece& plain) const;

  const SummaryEncoder encoder_;
  std::vector<Chunk> chunks_;
};

}  // namespace ubiety

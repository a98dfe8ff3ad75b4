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
  explicit SummaryChunks(SummaryEncoder encoder) : encoder_(encoder) {}

  // The device of this index; nullptr behind the last.
  using DeviceAt = std::function<const StatusUpdate*(std::size_t index)>;

  // The device of this index is another now, or is new.
  void note_change(std::size_t index);

  // All pieces, those that changed rendered anew.
  std::vector<SummaryPiece> pieces(bool deflated, const DeviceAt& device_at);

 private:
  // Few enough that a change costs little to render, enough that a summary has few pieces to send.
  static constexpr std::size_t devices_per_chunk = 256;

  // Empty where it has to be made again.
  struct Chunk {
    SummaryPiece plain, deflated;
  };

  SummaryPiece render(std::size_t chunk, const DeviceAt& device_at) const;
  SummaryPiece deflate(const SummaryPiece& plain) const;

  const SummaryEncoder encoder_;
  std::vector<Chunk> chunks_;
};

}  // namespace ubiety

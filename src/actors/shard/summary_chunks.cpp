#include "actors/shard/summary_chunks.hpp"

#include <utility>

namespace ubiety {

void SummaryChunks::note_change(std::size_t index) {
  const auto chunk = index / devices_per_chunk;
  if (chunk >= chunks_.size()) chunks_.resize(chunk + 1);
  chunks_[chunk] = {};
}

std::vector<SummaryPiece> SummaryChunks::pieces(bool deflated, const DeviceAt& device_at) {
  std::vector<SummaryPiece> pieces;
  pieces.reserve(chunks_.size());
  for (std::size_t i = 0; i < chunks_.size(); ++i) {
    auto& chunk = chunks_[i];
    if (!chunk.plain.bytes) chunk.plain = render(i, device_at);
    if (deflated && !chunk.deflated.bytes) chunk.deflated = deflate(chunk.plain);
    pieces.push_back(deflated ? chunk.deflated : chunk.plain);
  }
  return pieces;
}

SummaryPiece SummaryChunks::render(std::size_t chunk, const DeviceAt& device_at) const {
  std::string json;
  for (auto index = chunk * devices_per_chunk; index < (chunk + 1) * devices_per_chunk; ++index) {
    const auto* device = device_at(index);
    if (device == nullptr) break;
    encoder_.render(json, device->device_id, device->status);
  }
  if (chunk == 0) json.erase(0, 1);
  json.shrink_to_fit();
  return {std::make_shared<const std::string>(std::move(json))};
}

SummaryPiece SummaryChunks::deflate(const SummaryPiece& plain) const {
  auto [bytes, crc, length] = encoder_.deflate(*plain.bytes);
  bytes.shrink_to_fit();
  return {std::make_shared<const std::string>(std::move(bytes)), crc, length};
}

}  // namespace ubiety

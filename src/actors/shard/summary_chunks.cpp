#include "actors/shard/summary_chunks.hpp"

#include <utility>

namespace ubiety {
namespace {

constexpr std::size_t deflating_to_rendering = 6;  // measured: 190 and 35 us for a chunk

}  // namespace

void SummaryChunks::note_change(std::size_t index) {
  const auto chunk = index / devices_per_chunk;
  if (chunk >= chunks_.size()) chunks_.resize(chunk + 1);
  chunks_[chunk] = {};
}

std::size_t SummaryChunks::work_for(std::size_t chunk, bool deflated) const {
  const auto& kept = chunks_[chunk];
  return (kept.plain.bytes ? 0 : devices_per_chunk) +
         (!deflated || kept.deflated.bytes ? 0 : deflating_to_rendering * devices_per_chunk);
}

const SummaryChunks::Chunk& SummaryChunks::ready_chunk(std::size_t chunk, bool deflated, const DeviceAt& device_at) {
  auto& kept = chunks_[chunk];
  if (!kept.plain.bytes) render(chunk, device_at);
  if (deflated && !kept.deflated.bytes) kept.deflated = deflate(kept.plain);
  return kept;
}

void SummaryChunks::render(std::size_t chunk, const DeviceAt& device_at) {
  std::string json;
  Chunk rendered;
  for (auto index = chunk * devices_per_chunk; index < (chunk + 1) * devices_per_chunk; ++index) {
    const auto* device = device_at(index);
    if (device == nullptr) break;
    encoder_.render(json, device->device_id, device->status);
    ++rendered.devices;
    rendered.online += device->status.online ? 1 : 0;
  }
  if (chunk == 0) json.erase(0, 1);
  json.shrink_to_fit();
  rendered.plain = {std::make_shared<const std::string>(std::move(json))};
  chunks_[chunk] = std::move(rendered);
}

SummaryPiece SummaryChunks::deflate(const SummaryPiece& plain) const {
  auto [bytes, crc, length] = encoder_.deflate(*plain.bytes);
  bytes.shrink_to_fit();
  return {std::make_shared<const std::string>(std::move(bytes)), crc, length};
}

}  // namespace ubiety

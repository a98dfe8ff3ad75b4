// Which shard a device belongs to. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace ubiety {

// Uses the upper half of the hash, because the hash tables use the lower.
inline std::uint32_t shard_of(std::string_view device_id, std::uint32_t shards) {
  return static_cast<std::uint32_t>((std::hash<std::string_view>{}(device_id) >> 32) % shards);
}

}  // namespace ubiety

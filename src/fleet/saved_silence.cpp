#include "fleet/saved_silence.hpp"

#include <algorithm>
#include <cstdint>

namespace ubiety {
namespace {

constexpr std::size_t time_size = 8;
static_assert(saved_silence_size == time_size + std::tuple_size_v<Rhythm::Bytes> + 1);
constexpr unsigned silent_flag = 1, problem_flag = 2;

}  // namespace

std::string bytes_of(const SavedSilence& silence) {
  std::string bytes;
  const auto heard = static_cast<std::uint64_t>(silence.heard.time_since_epoch().count());
  for (std::size_t byte = time_size; byte-- > 0;) bytes += static_cast<char>(heard >> (8 * byte));
  for (const auto byte : silence.rhythm) bytes += static_cast<char>(byte);
  bytes += static_cast<char>((silence.is_silent ? silent_flag : 0) | (silence.is_problem ? problem_flag : 0));
  return bytes;
}

std::optional<SavedSilence> silence_from(std::string_view bytes) {
  const auto flags = bytes.empty() ? 0U : static_cast<unsigned char>(bytes.back());
  if (bytes.size() != saved_silence_size || flags > (silent_flag | problem_flag)) return std::nullopt;
  std::uint64_t heard = 0;
  for (const char byte : bytes.substr(0, time_size)) heard = heard << 8 | static_cast<unsigned char>(byte);
  if (heard > INT64_MAX) return std::nullopt;
  SavedSilence silence;
  silence.heard = ListeningTime(std::chrono::milliseconds(static_cast<std::int64_t>(heard)));
  std::transform(bytes.begin() + time_size, bytes.end() - 1, silence.rhythm.begin(),
                 [](char byte) { return static_cast<std::byte>(byte); });
  silence.is_silent = (flags & silent_flag) != 0;
  silence.is_problem = (flags & problem_flag) != 0;
  return silence;
}

}  // namespace ubiety

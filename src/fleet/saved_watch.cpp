#include "fleet/saved_watch.hpp"

#include <cstddef>
#include <utility>

namespace ubiety {

std::string bytes_of(const SavedWatch& watch) {
  auto bytes = bytes_of(watch.silence);
  bytes += static_cast<char>(watch.problems.problems.size());
  bytes += bytes_of(watch.problems);
  bytes += watch.group;
  return bytes;
}

std::optional<SavedWatch> watch_from(std::string_view bytes) {
  const auto silence = silence_from(bytes.substr(0, saved_silence_size));
  if (!silence) return std::nullopt;
  bytes.remove_prefix(saved_silence_size);
  if (bytes.empty()) return SavedWatch{*silence};
  const auto size = saved_problems_size(static_cast<unsigned char>(bytes.front()));
  bytes.remove_prefix(1);
  auto problems = size <= bytes.size() ? problems_from(bytes.substr(0, size)) : std::nullopt;
  if (!problems) return std::nullopt;
  return SavedWatch{*silence, std::move(*problems), std::string(bytes.substr(size))};
}

}  // namespace ubiety

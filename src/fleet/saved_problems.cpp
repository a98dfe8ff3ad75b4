#include "fleet/saved_problems.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace ubiety {
namespace {

template <class Number>
void append(std::string& out, Number number) {
  for (std::size_t byte = sizeof(Number); byte-- > 0;) out += static_cast<char>(number >> (8 * byte));
}

template <class Number>
Number take(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes.substr(0, sizeof(Number))) number = number << 8 | static_cast<unsigned char>(byte);
  bytes.remove_prefix(sizeof(Number));
  return static_cast<Number>(number);
}

}  // namespace

std::string bytes_of(const SavedProblems& problems) {
  std::string bytes;
  append(bytes, problems.battery_trend.bits());
  append(bytes, problems.departures.bits());
  for (const auto& problem : problems.problems) {
    append(bytes, static_cast<std::uint8_t>(problem.kind));
    append(bytes, static_cast<std::uint64_t>(problem.since.microseconds));
    append(bytes, std::bit_cast<std::uint32_t>(problem.amount));
  }
  return bytes;
}

std::optional<SavedProblems> problems_from(std::string_view bytes) {
  constexpr auto head = saved_problems_size(0), each = saved_problems_size(1) - head;
  if (bytes.size() < head || (bytes.size() - head) % each != 0) return std::nullopt;
  SavedProblems saved;
  saved.battery_trend = BatteryTrend::from_bits(take<std::uint32_t>(bytes));
  saved.departures = Departures::from_bits(take<std::uint16_t>(bytes));
  while (!bytes.empty()) {
    const auto kind = take<std::uint8_t>(bytes);
    const auto since = static_cast<std::int64_t>(take<std::uint64_t>(bytes));
    const auto amount = std::bit_cast<float>(take<std::uint32_t>(bytes));
    if (kind >= problem_kinds || !std::isfinite(amount)) return std::nullopt;
    saved.problems.push_back({static_cast<ProblemKind>(kind), {since}, amount});
  }
  return saved;
}

}  // namespace ubiety

#include "domain/unix_time.hpp"

#include <cmath>

#include "domain/text/number.hpp"

namespace ubiety {
namespace {

constexpr std::int64_t most_seconds = 20'000'000'000;  // pydantic's MS_WATERSHED
constexpr double largest_number = 3e20;                // pydantic's MAX_NUMBER
constexpr double microseconds_per_second = 1e6;
constexpr Timestamp first_of_year_one{-62'135'596'800'000'000};

bool is_within(std::int64_t number, std::int64_t bound) { return number >= -bound && number <= bound; }

std::int64_t nearest_thousand(std::int64_t number) {
  const std::int64_t quotient = number / 1000, twice_remainder = number % 1000 * 2;
  const auto distance = twice_remainder < 0 ? -twice_remainder : twice_remainder;
  if (distance < 1000 || (distance == 1000 && quotient % 2 == 0)) return quotient;
  return number < 0 ? quotient - 1 : quotient + 1;
}

}  // namespace

// Exact, where pydantic's doubles can be a microsecond off.
Timestamp from_unix_time(std::int64_t number) {
  if (is_within(number, most_seconds)) return {number * 1'000'000};
  if (is_within(number, most_seconds * 1000)) return {number * 1000};
  if (is_within(number, most_seconds * 1'000'000)) return {number};
  return {nearest_thousand(number)};
}

Timestamp from_unix_time(double number) {
  if (number > largest_number) return latest_timestamp;
  if (number < -largest_number) return first_of_year_one;
  while (std::abs(number) > static_cast<double>(most_seconds)) number /= 1000;
  double seconds = 0;
  const double fraction = std::modf(number, &seconds);
  return {static_cast<std::int64_t>(seconds) * 1'000'000 + std::llrint(fraction * microseconds_per_second)};
}

std::optional<Timestamp> parse_unix_time(std::string_view text) {
  const auto number = parse_number(text);
  if (!number) return std::nullopt;
  return std::visit([](auto value) { return from_unix_time(value); }, *number);
}

}  // namespace ubiety

#include "domain/timestamp.hpp"

#include <array>
#include <cmath>
#include <cstring>

#include "domain/text.hpp"

namespace ubiety {
namespace {

constexpr std::int64_t microseconds_per_second = 1'000'000;
constexpr std::int64_t seconds_per_day = 86'400;

// Reads fields from the front of a text. Each function returns false if something else comes next.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool number(int digits, int& value) {
    if (end_ - at_ < digits) return false;
    value = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      if (*at_ < '0' || *at_ > '9') return false;
      value = value * 10 + (*at_ - '0');
    }
    return true;
  }

  bool one_or_two_digits(int& value) {
    if (!digit(value)) return false;
    if (int second = 0; digit(second)) value = value * 10 + second;
    return true;
  }

  bool literal(char expected) {
    if (at_ == end_ || *at_ != expected) return false;
    ++at_;
    return true;
  }

  bool any_of(std::string_view choices, char& found) {
    if (at_ == end_ || choices.find(*at_) == std::string_view::npos) return false;
    found = *at_++;
    return true;
  }

  bool digit(int& value) {
    if (at_ == end_ || *at_ < '0' || *at_ > '9') return false;
    value = *at_++ - '0';
    return true;
  }

  bool finished() const { return at_ == end_; }

 private:
  const char* at_;
  const char* end_;
};

struct CivilTime {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::int64_t fraction = 0;  // microseconds
  int offset = 0;             // minutes east of UTC
};

bool scan_fraction(Scanner& scanner, std::int64_t& microseconds) {
  int digit = 0;
  if (!scanner.digit(digit)) return false;
  std::int64_t weight = microseconds_per_second / 10;
  do {
    microseconds += digit * weight;
    weight /= 10;
  } while (scanner.digit(digit));
  return true;
}

// `Z`, `±hh`, `±hhmm` or `±hh:mm`; nothing at all means UTC.
bool scan_offset(Scanner& scanner, int& minutes_east) {
  char sign = 0;
  if (!scanner.any_of("Zz+-", sign)) return scanner.finished();
  if (sign == 'Z' || sign == 'z') return true;
  int hours = 0, minutes = 0;
  if (!scanner.number(2, hours)) return false;
  const bool has_minutes = scanner.literal(':') || !scanner.finished();
  if (has_minutes && !scanner.number(2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  minutes_east = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
  return true;
}

bool scan(std::string_view text, CivilTime& civil) {
  Scanner scanner(text);
  char separator = 0;
  if (!scanner.number(4, civil.year) || !scanner.literal('-') || !scanner.one_or_two_digits(civil.month) ||
      !scanner.literal('-') || !scanner.one_or_two_digits(civil.day) || !scanner.any_of("Tt ", separator) ||
      !scanner.one_or_two_digits(civil.hour) || !scanner.literal(':') || !scanner.one_or_two_digits(civil.minute))
    return false;
  if (scanner.literal(':')) {
    if (!scanner.one_or_two_digits(civil.second)) return false;
    if (scanner.literal('.') && !scan_fraction(scanner, civil.fraction)) return false;
  }
  return scan_offset(scanner, civil.offset) && scanner.finished();
}

void put(char*& out, unsigned value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
  out += digits;
}

void put_fraction(char*& out, unsigned microseconds) {
  *out++ = '.';
  put(out, microseconds, 6);
  while (out[-1] == '0') --out;
}

constexpr std::int64_t max_seconds = 20'000'000'000;  // pydantic's MS_WATERSHED
constexpr double max_number = 3e20;                   // pydantic's MAX_NUMBER
constexpr Timestamp first_of_year_one{-62'135'596'800'000'000};

bool is_within(std::int64_t number, std::int64_t bound) { return number >= -bound && number <= bound; }

std::int64_t nearest_thousand(std::int64_t number) {
  const std::int64_t quotient = number / 1000, twice_remainder = number % 1000 * 2;
  const auto distance = twice_remainder < 0 ? -twice_remainder : twice_remainder;
  if (distance < 1000 || (distance == 1000 && quotient % 2 == 0)) return quotient;
  return number < 0 ? quotient - 1 : quotient + 1;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  CivilTime civil;
  if (!scan(text, civil)) return parse_unix_time(text);
  const year_month_day date{year{civil.year}, month{static_cast<unsigned>(civil.month)},
                            day{static_cast<unsigned>(civil.day)}};
  if (!date.ok() || civil.hour > 23 || civil.minute > 59 || civil.second > 60) return std::nullopt;

  const std::int64_t minutes = civil.hour * 60 + civil.minute - civil.offset;
  const std::int64_t seconds =
      sys_days{date}.time_since_epoch().count() * seconds_per_day + minutes * 60 + civil.second;
  // RFC 3339, 5.7: a leap second ends a UTC day, so counted as second 60 it is the next day's midnight.
  if (civil.second == 60 && seconds % seconds_per_day != 0) return std::nullopt;

  const Timestamp instant{seconds * microseconds_per_second + civil.fraction};
  if (instant < earliest_timestamp || instant > latest_timestamp) return std::nullopt;
  return instant;
}

std::size_t format_timestamp(Timestamp instant, char* out) {
  using namespace std::chrono;
  const sys_time<microseconds> time{microseconds{instant.microseconds}};
  const auto midnight = floor<days>(time);
  const year_month_day date{midnight};
  const auto since_midnight = static_cast<std::uint64_t>((time - midnight).count());
  const auto second_of_day = static_cast<unsigned>(since_midnight / microseconds_per_second);
  const auto fraction = static_cast<unsigned>(since_midnight % microseconds_per_second);

  char* at = out;
  put(at, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  *at++ = '-';
  put(at, static_cast<unsigned>(date.month()), 2);
  *at++ = '-';
  put(at, static_cast<unsigned>(date.day()), 2);
  *at++ = 'T';
  put(at, second_of_day / 3600, 2);
  *at++ = ':';
  put(at, second_of_day / 60 % 60, 2);
  *at++ = ':';
  put(at, second_of_day % 60, 2);
  if (fraction != 0) put_fraction(at, fraction);
  *at++ = 'Z';
  return static_cast<std::size_t>(at - out);
}

std::string format_timestamp(Timestamp instant) {
  std::array<char, max_timestamp_length> text;
  return {text.data(), format_timestamp(instant, text.data())};
}

// Exact, where pydantic's doubles can be a microsecond off.
Timestamp from_unix_time(std::int64_t number) {
  if (is_within(number, max_seconds)) return {number * microseconds_per_second};
  if (is_within(number, max_seconds * 1000)) return {number * 1000};
  if (is_within(number, max_seconds * 1'000'000)) return {number};
  return {nearest_thousand(number)};
}

Timestamp from_unix_time(double number) {
  if (number > max_number) return latest_timestamp;
  if (number < -max_number) return first_of_year_one;
  while (std::abs(number) > static_cast<double>(max_seconds)) number /= 1000;
  double seconds = 0;
  const double fraction = std::modf(number, &seconds);
  return {static_cast<std::int64_t>(seconds) * microseconds_per_second + std::llrint(fraction * 1e6)};
}

std::optional<Timestamp> parse_unix_time(std::string_view text) {
  const auto number = parse_number(text);
  if (!number) return std::nullopt;
  return std::visit([](auto value) { return from_unix_time(value); }, *number);
}

}  // namespace ubiety

#include "telemetry/tracing/trace_context.hpp"

#include "domain/random.hpp"
#include "domain/text/characters.hpp"
#include "domain/text/number.hpp"

namespace ubiety::tracing {
namespace {

// VERSION-TRACE-SPAN-FLAGS
constexpr std::size_t trace_at = 3, span_at = 36, flags_at = 53, whole_size = 55;
constexpr std::uint64_t sampled_flag = 1;

std::uint64_t random_id() {
  std::uint64_t id = 0;
  while (id == 0) id = random_number();
  return id;
}

// Up to 16 digits. Capital letters are invalid (2.2.2).
std::optional<std::uint64_t> parse_digits(std::string_view digits) {
  std::uint64_t number = 0;
  for (const char digit : digits) {
    const int value = hexadecimal_value(digit);
    if (value < 0 || ascii::is_upper(digit)) return std::nullopt;
    number = (number << 4) | static_cast<std::uint64_t>(value);
  }
  return number;
}

}  // namespace

TraceId random_trace_id() { return {random_id(), random_id()}; }
std::uint64_t random_span_id() { return random_id(); }

std::optional<TraceContext> parse_traceparent(std::string_view text) {
  if (text.size() < whole_size || text[trace_at - 1] != '-' || text[span_at - 1] != '-' || text[flags_at - 1] != '-')
    return std::nullopt;
  const auto version = parse_digits(text.substr(0, 2));
  if (!version || *version == 0xff) return std::nullopt;
  // Later versions may append more after another dash.
  if (text.size() > whole_size && (*version == 0 || text[whole_size] != '-')) return std::nullopt;

  const auto high = parse_digits(text.substr(trace_at, 16)), low = parse_digits(text.substr(trace_at + 16, 16));
  const auto span_id = parse_digits(text.substr(span_at, 16)), flags = parse_digits(text.substr(flags_at, 2));
  if (!high || !low || !span_id || !flags || (*high | *low) == 0 || *span_id == 0) return std::nullopt;
  return TraceContext{{*high, *low}, *span_id, (*flags & sampled_flag) != 0};
}

std::string format_traceparent(const TraceContext& context) {
  std::string text;
  text.reserve(whole_size);
  text += "00-";
  append_id(text, context.trace_id);
  text += '-';
  append_id(text, context.span_id);
  return text += context.sampled ? "-01" : "-00";
}

void append_id(std::string& out, const TraceId& id) {
  append_id(out, id.high);
  append_id(out, id.low);
}

void append_id(std::string& out, std::uint64_t span_id) {
  std::string bytes;
  append_big_endian(bytes, span_id);
  append_hexadecimal(out, bytes);
}

}  // namespace ubiety::tracing

#include "telemetry/tracing/span.hpp"

#include "domain/random.hpp"
#include "domain/text.hpp"
#include "json/writer.hpp"

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

constexpr int error_status = 2;  // STATUS_CODE_ERROR

// A 64-bit integer, which OTLP writes as a string in JSON.
std::string integer_text(std::int64_t integer) { return std::to_string(integer); }

template <class Id>
void write_id(json::Object& object, std::string_view name, const Id& id) {
  auto& out = object.begin_member(name);
  out += '"';
  append_id(out, id);
  out += '"';
}

void write_attribute(json::Array& attributes, std::string_view name,
                     const std::variant<std::string, std::int64_t>& value) {
  attributes.object([&](json::Object& attribute) {
    attribute.member("key", name);
    attribute.object("value", [&value](json::Object& typed) {
      if (const auto* text = std::get_if<std::string>(&value))
        typed.member("stringValue", *text);
      else
        typed.member("intValue", integer_text(std::get<std::int64_t>(value)));
    });
  });
}

void write_span(json::Object& object, const Span& span, std::chrono::nanoseconds epoch) {
  const auto time_of_day = [epoch](SteadyTime time) { return integer_text((time.time_since_epoch() + epoch).count()); };
  write_id(object, "traceId", span.context.trace_id);
  write_id(object, "spanId", span.context.span_id);
  if (span.parent_id != 0) write_id(object, "parentSpanId", span.parent_id);
  object.member("name", span.name);
  object.member("kind", static_cast<int>(span.kind));
  object.member("startTimeUnixNano", time_of_day(span.began));
  object.member("endTimeUnixNano", time_of_day(span.ended));
  object.array("attributes", [&span](json::Array& attributes) {
    for (const auto& [name, value] : span.attributes) write_attribute(attributes, name, value);
  });
  object.object("status", [&span](json::Object& status) {
    if (span.failed) status.member("code", error_status);
  });
}

void write_resource(json::Object& object, const Resource& resource) {
  object.array("attributes", [&resource](json::Array& attributes) {
    write_attribute(attributes, "service.name", resource.service_name);
    write_attribute(attributes, "service.version", resource.service_version);
  });
}

void write_scope(json::Object& object, std::span<const Span> spans, std::chrono::nanoseconds epoch) {
  object.object("scope", [](json::Object& scope) { scope.member("name", "ubiety"); });
  object.array("spans", [&](json::Array& list) {
    for (const auto& span : spans) list.object([&](json::Object& one) { write_span(one, span, epoch); });
  });
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

std::string otlp_json(const Resource& resource, std::span<const Span> spans, std::chrono::nanoseconds epoch) {
  std::string out;
  json::append_object(out, [&](json::Object& request) {
    request.array("resourceSpans", [&](json::Array& resources) {
      resources.object([&](json::Object& one) {
        one.object("resource", [&](json::Object& object) { write_resource(object, resource); });
        one.array("scopeSpans", [&](json::Array& scopes) {
          scopes.object([&](json::Object& scope) { write_scope(scope, spans, epoch); });
        });
      });
    });
  });
  return out;
}

}  // namespace ubiety::tracing

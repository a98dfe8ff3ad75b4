#include "telemetry/tracing/otlp_json.hpp"

#include "json/writer.hpp"

namespace ubiety::tracing {
namespace {

using json::append_number;
using json::append_string;

constexpr int error_status = 2;  // STATUS_CODE_ERROR

void append_attribute(std::string& out, std::string_view name, const std::variant<std::string, std::int64_t>& value) {
  out += R"({"key":)";
  append_string(out, name);
  if (const auto* text = std::get_if<std::string>(&value)) {
    out += R"(,"value":{"stringValue":)";
    append_string(out, *text);
    out += "}}";
  } else {  // 64-bit integers are texts in OTLP's JSON
    out += R"(,"value":{"intValue":")";
    append_number(out, std::get<std::int64_t>(value));
    out += "\"}}";
  }
}

void append_time(std::string& out, std::string_view name, SteadyTime time, std::chrono::nanoseconds epoch) {
  out.append(",\"").append(name).append("\":\"");
  append_number(out, (time.time_since_epoch() + epoch).count());
  out += '"';
}

void append_span(std::string& out, const Span& span, std::chrono::nanoseconds epoch) {
  out += R"({"traceId":")";
  append_id(out, span.context.trace_id);
  out += R"(","spanId":")";
  append_id(out, span.context.span_id);
  if (span.parent_id != 0) {
    out += R"(","parentSpanId":")";
    append_id(out, span.parent_id);
  }
  out += R"(","name":)";
  append_string(out, span.name);
  out += R"(,"kind":)";
  append_number(out, static_cast<int>(span.kind));
  append_time(out, "startTimeUnixNano", span.began, epoch);
  append_time(out, "endTimeUnixNano", span.ended, epoch);
  out += R"(,"attributes":[)";
  for (const auto& attribute : span.attributes) {
    if (&attribute != &span.attributes.front()) out += ',';
    append_attribute(out, attribute.name, attribute.value);
  }
  out += R"(],"status":{)";
  if (span.failed) {
    out += R"("code":)";
    append_number(out, error_status);
  }
  out += "}}";
}

}  // namespace

std::string otlp_json(const Resource& resource, std::span<const Span> spans, std::chrono::nanoseconds epoch) {
  std::string out = R"({"resourceSpans":[{"resource":{"attributes":[)";
  append_attribute(out, "service.name", resource.service_name);
  out += ',';
  append_attribute(out, "service.version", resource.service_version);
  out += R"(]},"scopeSpans":[{"scope":{"name":"ubiety"},"spans":[)";
  for (const auto& span : spans) {
    if (&span != &spans.front()) out += ',';
    append_span(out, span, epoch);
  }
  return out += "]}]}]}";
}

}  // namespace ubiety::tracing

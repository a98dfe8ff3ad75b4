#include "telemetry/tracing/span.hpp"

#include "json/writer.hpp"

namespace ubiety::tracing {
namespace {

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

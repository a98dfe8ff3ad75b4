#include "http/resources/validation_answer.hpp"

#include <algorithm>
#include <concepts>

#include "domain/report.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

void open_entry(std::string& out, std::string_view place, std::string_view name,
                std::optional<std::size_t> position = std::nullopt) {
  out += "{\"loc\":[";
  json::append_string(out, place);
  if (!name.empty()) {
    out += ',';
    json::append_string(out, name);
  }
  if (position) {
    out += ',';
    json::append_number(out, *position);
  }
  out += ']';
}

void append_message(std::string& out, std::string_view message, std::string_view type) {
  out += ",\"msg\":";
  json::append_string(out, message);
  out += ",\"type\":";
  json::append_string(out, type);
}

template <std::integral Integer>
void append_context(std::string& out, std::string_view name, Integer value) {
  out += ",\"ctx\":{";
  json::append_string(out, name);
  out += ':';
  json::append_number(out, value);
  out += '}';
}

void append_limit(std::string& out, std::int64_t limit) { append_context(out, "limit_value", limit); }

void append_bounded(std::string& out, std::string_view message, std::int64_t limit, std::string_view unit,
                    std::string_view type) {
  append_message(out, std::string(message) + std::to_string(limit) + std::string(unit), type);
  append_limit(out, limit);
}

void append_too_far_ahead(std::string& out, Timestamp limit) {
  const auto text = format_timestamp(limit);
  append_message(out, "ensure this time is not after " + text + ": it is too far ahead of the server's clock",
                 "value_error.datetime.future");
  out += R"(,"ctx":{"limit_value":)";
  json::append_string(out, text);
  out += '}';
}

void append_fault(std::string& out, const Fault& fault) {
  open_entry(out, "body", fault.location);
  switch (fault.kind) {
    case FaultKind::missing: append_message(out, "field required", "value_error.missing"); break;
    case FaultKind::null: append_message(out, "none is not an allowed value", "type_error.none.not_allowed"); break;
    case FaultKind::not_a_string: append_message(out, "str type expected", "type_error.str"); break;
    case FaultKind::not_an_integer: append_message(out, "value is not a valid integer", "type_error.integer"); break;
    case FaultKind::not_a_boolean:
      append_message(out, "value could not be parsed to a boolean", "type_error.bool");
      break;
    case FaultKind::too_small:
      append_bounded(out, "ensure this value is greater than or equal to ", fault.limit, "",
                     "value_error.number.not_ge");
      break;
    case FaultKind::too_large:
      append_bounded(out, "ensure this value is less than or equal to ", fault.limit, "", "value_error.number.not_le");
      break;
    case FaultKind::too_short:
      append_bounded(out, "ensure this value has at least ", fault.limit, " characters",
                     "value_error.any_str.min_length");
      break;
    case FaultKind::too_long:
      append_bounded(out, "ensure this value has at most ", fault.limit, " characters",
                     "value_error.any_str.max_length");
      break;
    case FaultKind::bad_device_id: append_message(out, fault.reason, "value_error.device_id"); break;
    case FaultKind::not_a_time:
      append_message(out, "invalid type; expected datetime, string, bytes, int or float", "type_error");
      break;
    case FaultKind::bad_timestamp: append_message(out, "invalid datetime format", "value_error.datetime"); break;
    case FaultKind::too_far_ahead: append_too_far_ahead(out, fault.time_limit); break;
    case FaultKind::repeated_key:
      append_message(out, "this key is given more than once", "value_error.duplicate");
      break;
  }
  out += '}';
}

template <class Problem>
Answer problem_answer(const Problem& problem) {
  std::string body = "{\"detail\":";
  append_detail(body, problem);
  body += '}';
  return json_answer(status_of(problem), std::move(body));
}

}  // namespace

void append_detail(std::string& out, const Faults& faults) {
  out += '[';
  for (const auto& fault : faults) {
    if (&fault != &faults.front()) out += ',';
    append_fault(out, fault);
  }
  out += ']';
}

void append_detail(std::string& out, const json::ReadError& error) {
  using Kind = json::ReadError::Kind;
  out += '[';
  open_entry(out, "body", "", error.position);
  switch (error.kind) {
    case Kind::empty: append_message(out, "field required", "value_error.missing"); break;
    case Kind::not_json: append_message(out, error.message, "value_error.jsondecode"); break;
    case Kind::trailing_text:
      append_message(out,
                     "Something follows the document. Send several reports to /status/batch as application/x-ndjson, "
                     "each on a line of its own.",
                     "value_error.jsondecode");
      break;
    case Kind::not_an_object: append_message(out, "value is not a valid dict", "type_error.dict"); break;
    case Kind::not_an_array: append_message(out, "value is not a valid list", "type_error.list"); break;
  }
  if (error.position) append_context(out, "pos", *error.position);
  out += "}]";
}

int status_of(const Faults& faults) {
  const bool missing =
      std::any_of(faults.begin(), faults.end(), [](const Fault& fault) { return fault.kind == FaultKind::missing; });
  return missing ? 422 : 400;
}

int status_of(const json::ReadError& error) { return error.kind == json::ReadError::Kind::empty ? 422 : 400; }

Answer faults_answer(const Faults& faults) { return problem_answer(faults); }

Answer read_error_answer(const json::ReadError& error) { return problem_answer(error); }

Answer parameters_answer(const std::vector<ParameterFault>& faults) {
  std::string body = "{\"detail\":[";
  for (const auto& fault : faults) {
    if (&fault != &faults.front()) body += ',';
    open_entry(body, fault.place, fault.name);
    append_message(body, fault.message, fault.type);
    if (fault.limit) append_limit(body, *fault.limit);
    body += '}';
  }
  body += "]}";
  return json_answer(400, std::move(body));
}

}  // namespace ubiety::http

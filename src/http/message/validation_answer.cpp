#include "http/message/validation_answer.hpp"

#include <algorithm>
#include <utility>

#include "domain/report.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace pydantic {

ValidationMessage missing() { return {"field required", "value_error.missing"}; }
ValidationMessage null() { return {"none is not an allowed value", "type_error.none.not_allowed"}; }
ValidationMessage not_a_string() { return {"str type expected", "type_error.str"}; }
ValidationMessage not_an_integer() { return {"value is not a valid integer", "type_error.integer"}; }
ValidationMessage not_a_boolean() { return {"value could not be parsed to a boolean", "type_error.bool"}; }
ValidationMessage not_a_list() { return {"value is not a valid list", "type_error.list"}; }

ValidationMessage not_one_of(std::span<const std::string_view> names) {
  std::string text = "value is not a valid enumeration member; permitted:";
  for (const auto& name : names) text.append(&name == names.data() ? " '" : ", '").append(name).append("'");
  return {std::move(text), "type_error.enum"};
}

ValidationMessage below(std::int64_t min) {
  return {"ensure this value is greater than or equal to " + std::to_string(min), "value_error.number.not_ge", min};
}
ValidationMessage above(std::int64_t max) {
  return {"ensure this value is less than or equal to " + std::to_string(max), "value_error.number.not_le", max};
}
std::optional<ValidationMessage> outside(std::int64_t value, std::int64_t min, std::int64_t max) {
  if (value < min) return below(min);
  if (value > max) return above(max);
  return std::nullopt;
}
ValidationMessage too_few_characters(std::int64_t min) {
  return {"ensure this value has at least " + std::to_string(min) + " characters", "value_error.any_str.min_length",
          min};
}
ValidationMessage too_many_characters(std::int64_t max) {
  return {"ensure this value has at most " + std::to_string(max) + " characters", "value_error.any_str.max_length",
          max};
}
ValidationMessage too_few_items(std::int64_t min) {
  return {"ensure this value has at least " + std::to_string(min) + " items", "value_error.list.min_items", min};
}

ValidationMessage too_many_items(std::int64_t max) {
  return {"ensure this value has at most " + std::to_string(max) + " items", "value_error.list.max_items", max};
}

ValidationMessage bad_time() { return {"invalid datetime format", "value_error.datetime"}; }
ValidationMessage bad_duration() { return {"invalid duration format", "value_error.duration"}; }
ValidationMessage extra_field() { return {"extra fields not permitted", "value_error.extra"}; }
ValidationMessage repeated_key() { return {"this key is given more than once", "value_error.duplicate"}; }
ValidationMessage repeated_parameter() { return {"this parameter is given more than once", "value_error.duplicate"}; }
ValidationMessage bad_percent_encoding() { return {"invalid percent-encoding", "value_error.url"}; }
ValidationMessage bad_cursor() { return {"invalid cursor", "value_error.cursor"}; }

}  // namespace pydantic

namespace {

ValidationMessage too_far_ahead(Timestamp limit) {
  return {"ensure this time is not after " + format_timestamp(limit) + ": it is too far ahead of the server's clock",
          "value_error.datetime.future", limit};
}

ValidationMessage message_for(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::missing: return pydantic::missing();
    case FaultKind::null: return pydantic::null();
    case FaultKind::not_a_string: return pydantic::not_a_string();
    case FaultKind::not_an_integer: return pydantic::not_an_integer();
    case FaultKind::not_a_boolean: return pydantic::not_a_boolean();
    case FaultKind::too_small: return pydantic::below(fault.limit);
    case FaultKind::too_large: return pydantic::above(fault.limit);
    case FaultKind::too_short: return pydantic::too_few_characters(fault.limit);
    case FaultKind::too_long: return pydantic::too_many_characters(fault.limit);
    case FaultKind::bad_device_id: return {std::string(fault.reason), "value_error.device_id"};
    case FaultKind::not_a_time: return {"invalid type; expected datetime, string, bytes, int or float", "type_error"};
    case FaultKind::bad_timestamp: return pydantic::bad_time();
    case FaultKind::too_far_ahead: return too_far_ahead(fault.time_limit);
    case FaultKind::repeated_key: break;
  }
  return pydantic::repeated_key();
}

ValidationMessage message_for(const json::ReadError& error) {
  using Kind = json::ReadError::Kind;
  switch (error.kind) {
    case Kind::empty: return pydantic::missing();
    case Kind::not_an_object: return {"value is not a valid dict", "type_error.dict"};
    case Kind::not_an_array: return pydantic::not_a_list();
    case Kind::trailing_text:
      return {
          "Something follows the document. Send several reports to /status/batch as application/x-ndjson, each on "
          "a line of its own.",
          "value_error.jsondecode"};
    case Kind::not_json: break;
  }
  return {std::string(error.message), "value_error.jsondecode"};
}

void append_message(json::Object& entry, const ValidationMessage& message) {
  entry.member("msg", message.text);
  entry.member("type", message.type);
}

void append_entry(json::Array& list, std::string_view place, std::string_view name, const ValidationMessage& message) {
  list.object([&](json::Object& entry) {
    entry.array("loc", [&](json::Array& location) {
      location.element(place);
      if (!name.empty()) location.element(name);
    });
    append_message(entry, message);
    if (!message.limit) return;
    entry.object("ctx", [&](json::Object& context) {
      std::visit([&](auto limit) { context.member("limit_value", limit); }, *message.limit);
    });
  });
}

template <class Problem>
Answer problem_answer(const Problem& problem) {
  std::string body;
  json::append_object(body, [&](json::Object& object) { append_detail(object.begin_member("detail"), problem); });
  return json_answer(status_of(problem), std::move(body));
}

}  // namespace

void append_detail(std::string& out, const Faults& faults) {
  json::append_array(out, [&](json::Array& list) {
    for (const auto& fault : faults) append_entry(list, "body", fault.location, message_for(fault));
  });
}

void append_detail(std::string& out, const json::ReadError& error) {
  json::append_array(out, [&](json::Array& list) {
    list.object([&](json::Object& entry) {
      entry.array("loc", [&](json::Array& location) {
        location.element("body");
        if (error.position) location.element(*error.position);
      });
      append_message(entry, message_for(error));
      if (error.position) entry.object("ctx", [&](json::Object& context) { context.member("pos", *error.position); });
    });
  });
}

int status_of(const Faults& faults) {
  const bool is_missing =
      std::any_of(faults.begin(), faults.end(), [](const Fault& fault) { return fault.kind == FaultKind::missing; });
  return is_missing ? 422 : 400;
}

int status_of(const json::ReadError& error) { return error.kind == json::ReadError::Kind::empty ? 422 : 400; }

Answer faults_answer(const Faults& faults) { return problem_answer(faults); }

Answer read_error_answer(const json::ReadError& error) { return problem_answer(error); }

Answer parameters_answer(const std::vector<ParameterFault>& faults) {
  std::string body;
  json::append_object(body, [&](json::Object& object) {
    object.array("detail", [&](json::Array& list) {
      for (const auto& fault : faults) append_entry(list, fault.place, fault.name, fault.message);
    });
  });
  return json_answer(400, std::move(body));
}

}  // namespace ubiety::http

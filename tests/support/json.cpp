#include "support/json.hpp"

#include <sstream>
#include <stdexcept>

namespace ubiety::test {

Json::Json(std::string_view text) : parser_(std::make_shared<simdjson::dom::parser>()) {
  const auto error = parser_->parse(text.data(), text.size()).get(element_);
  if (error)
    throw std::runtime_error(std::string("not JSON: ") + simdjson::error_message(error) + ": " + std::string(text));
}

Json Json::operator[](std::string_view key) const {
  if (!contains(key)) throw std::runtime_error("no '" + std::string(key) + "' in " + dump());
  return {parser_, element_[key]};
}

Json Json::operator[](std::size_t index) const { return {parser_, element_.at(index)}; }

bool Json::contains(std::string_view key) const {
  simdjson::dom::element found;
  return element_[key].get(found) == simdjson::SUCCESS;
}

std::size_t Json::size() const { return elements().size(); }

std::vector<std::string> Json::keys() const {
  std::vector<std::string> keys;
  const simdjson::dom::object object = element_.get_object();
  for (const auto& field : object) keys.emplace_back(field.key);
  return keys;
}

std::vector<Json> Json::elements() const {
  std::vector<Json> elements;
  const simdjson::dom::array array = element_.get_array();
  for (const auto element : array) elements.push_back(Json(parser_, element));
  return elements;
}

std::string Json::text() const { return std::string(element_.get_string().value()); }

std::int64_t Json::integer() const { return element_.get_int64().value(); }

bool Json::boolean() const { return element_.get_bool().value(); }

std::string Json::dump() const {
  std::ostringstream text;
  text << simdjson::minify(element_);
  return std::move(text).str();
}

std::string without_last_heard(std::string json) {
  for (const std::string_view name : {R"(,"last_heard":)", R"(,"due":)", R"(,"usual_seconds":)"})
    for (auto begin = json.find(name); begin != std::string::npos; begin = json.find(name, begin))
      json.erase(begin, json.find_first_of(",}", begin + name.size()) - begin);
  return json;
}

std::string json_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      constexpr std::string_view digits = "0123456789abcdef";
      quoted.append("\\u00").append(1, digits[static_cast<std::size_t>(c) / 16]);
      quoted += digits[static_cast<std::size_t>(c) % 16];
    } else {
      quoted += c;
    }
  }
  return quoted += '"';
}

}  // namespace ubiety::test

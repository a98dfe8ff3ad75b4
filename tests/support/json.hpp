// A JSON document, read in few words. Access to an absent value or to one of another type throws, which fails the
// test. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace ubiety::test {

class Json {
 public:
  explicit Json(std::string_view text);

  Json operator[](std::string_view key) const;
  Json operator[](std::size_t index) const;
  bool contains(std::string_view key) const;
  std::size_t size() const;               // of an array
  std::vector<std::string> keys() const;  // of an object, in their order
  std::vector<Json> elements() const;     // of an array

  std::string text() const;
  std::int64_t integer() const;
  bool boolean() const;
  std::string dump() const;  // minified, the keys in their order

 private:
  using Parser = std::shared_ptr<simdjson::dom::parser>;
  Json(Parser parser, simdjson::dom::element element) : parser_(std::move(parser)), element_(element) {}

  Parser parser_;  // owns the text behind element_
  simdjson::dom::element element_;
};

// Returns the JSON of a device, or of several, without what a restart may change: when the device was last heard, is
// due, and its rhythm.
std::string without_last_heard(std::string json);

// Returns a JSON string in quotes.
std::string json_string(std::string_view text);

}  // namespace ubiety::test

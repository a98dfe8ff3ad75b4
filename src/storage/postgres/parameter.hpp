// A value for $1, $2, … of a statement. It is sent as text, and the server converts the text to the type that the
// statement needs (manual, PQexecParams). Any thread.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "storage/postgres/time_text.hpp"

namespace ubiety::postgres {

class Parameter {
 public:
  // Implicit, so that a call lists plain values. An empty optional is NULL.
  Parameter(std::string text) : text_(std::move(text)) {}
  Parameter(std::string_view text) : text_(text) {}
  Parameter(const char* text) : text_(text) {}
  Parameter(bool value) : text_(value ? "true" : "false") {}
  Parameter(std::integral auto number) : text_(std::to_string(number)) {}
  Parameter(Timestamp instant) : text_(time_text(instant)) {}
  template <class Value>
  Parameter(const std::optional<Value>& value) {
    if (value) text_ = Parameter(*value).text_;
  }

  // As libpq wants it: nullptr is NULL.
  const char* text() const { return text_ ? text_->c_str() : nullptr; }

 private:
  std::optional<std::string> text_;
};

}  // namespace ubiety::postgres

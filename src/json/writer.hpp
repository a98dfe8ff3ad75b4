// The one JSON writer: appends values, objects and arrays to a string, in the order of the calls. Object and Array set
// the commas and the closing brackets. Pure functions, any thread.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "domain/timestamp.hpp"

namespace ubiety::json {

// Quoted, and escaped only where RFC 8259 (section 7) requires it. `text` is UTF-8.
void append_string(std::string& out, std::string_view text);

template <std::integral Integer>
void append_number(std::string& out, Integer value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

// Decimal, with at most six digits behind the point, of which the last is not 0. `value` is finite.
void append_decimal(std::string& out, double value);

inline void append_boolean(std::string& out, bool value) { out += value ? "true" : "false"; }

// RFC 3339 in UTC, quoted.
void append_timestamp(std::string& out, Timestamp instant);

// The value as its type writes it; an empty optional as null.
inline void append(std::string& out, std::string_view text) { append_string(out, text); }
inline void append(std::string& out, const char* text) { append_string(out, text); }
inline void append(std::string& out, Timestamp instant) { append_timestamp(out, instant); }
inline void append(std::string& out, double value) { append_decimal(out, value); }
template <std::integral Value>
void append(std::string& out, Value value) {
  if constexpr (std::same_as<Value, bool>)
    append_boolean(out, value);
  else
    append_number(out, value);
}
template <class Value>
void append(std::string& out, const std::optional<Value>& value) {
  if (value)
    append(out, *value);
  else
    out += "null";
}

class Array;

// An object that is being written. `append_object` and the other functions below make one.
class Object {
 public:
  explicit Object(std::string& out) : out_(out) {}
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  // `name` is written as it is, so it must need no escape.
  template <class Value>
  void member(std::string_view name, const Value& value) {
    append(begin_member(name), value);
  }
  // A member whose value `fill` writes, by its argument: an Object& or an Array&.
  template <class Fill>
  void object(std::string_view name, Fill fill);
  template <class Fill>
  void array(std::string_view name, Fill fill);

  // For a value in any other form: the caller appends it to the string that this returns.
  std::string& begin_member(std::string_view name) {
    out_ += std::exchange(before_member_, ',');
    return out_.append("\"").append(name).append("\":");
  }

  void close() { out_ += before_member_ == '{' ? "{}" : "}"; }

 private:
  std::string& out_;
  char before_member_ = '{';
};

// An array that is being written.
class Array {
 public:
  explicit Array(std::string& out) : out_(out) {}
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;

  template <class Value>
  void element(const Value& value) {
    append(begin_element(), value);
  }
  template <class Fill>
  void object(Fill fill);
  template <class Fill>
  void array(Fill fill);

  // For a value in any other form: the caller appends it to the string that this returns.
  std::string& begin_element() {
    out_ += std::exchange(before_element_, ',');
    return out_;
  }

  void close() { out_ += before_element_ == '[' ? "[]" : "]"; }

 private:
  std::string& out_;
  char before_element_ = '[';
};

// Appends the object whose members `fill(Object&)` writes.
template <class Fill>
void append_object(std::string& out, Fill fill) {
  Object object(out);
  fill(object);
  object.close();
}

// Appends the array whose elements `fill(Array&)` writes.
template <class Fill>
void append_array(std::string& out, Fill fill) {
  Array array(out);
  fill(array);
  array.close();
}

template <class Fill>
void Object::object(std::string_view name, Fill fill) {
  append_object(begin_member(name), std::move(fill));
}
template <class Fill>
void Object::array(std::string_view name, Fill fill) {
  append_array(begin_member(name), std::move(fill));
}
template <class Fill>
void Array::object(Fill fill) {
  append_object(begin_element(), std::move(fill));
}
template <class Fill>
void Array::array(Fill fill) {
  append_array(begin_element(), std::move(fill));
}

}  // namespace ubiety::json

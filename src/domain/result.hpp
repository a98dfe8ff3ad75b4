// The outcome of an operation that is expected to fail now and then: a value or an error. Exceptions are for what is
// broken. A plain value, any thread.
#pragma once

#include <utility>
#include <variant>

namespace ubiety {

// Marks an error on its way into a Result, so that value and error may have the same type.
template <class Error>
struct Failure {
  Error error;
};

template <class Error>
Failure(Error) -> Failure<Error>;

template <class Value, class Error>
class [[nodiscard]] Result {
 public:
  Result(Value value) : content_(std::in_place_index<0>, std::move(value)) {}

  template <class Source>
  Result(Failure<Source> failure) : content_(std::in_place_index<1>, std::move(failure.error)) {}

  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Throws std::bad_variant_access unless ok().
  Value& value() { return std::get<0>(content_); }
  const Value& value() const { return std::get<0>(content_); }
  Value& operator*() { return value(); }
  const Value& operator*() const { return value(); }
  Value* operator->() { return &value(); }
  const Value* operator->() const { return &value(); }

  // Throws std::bad_variant_access if ok().
  Error& error() { return std::get<1>(content_); }
  const Error& error() const { return std::get<1>(content_); }

 private:
  std::variant<Value, Error> content_;
};

}  // namespace ubiety

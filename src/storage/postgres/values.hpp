// What PostgreSQL takes and returns: errors, parameters of statements, results and their rows. Any thread, but a result
// and its rows belong to one thread at a time.
#pragma once

#include <libpq-fe.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "domain/text.hpp"
#include "domain/timestamp.hpp"
#include "storage/postgres/binary_format.hpp"

namespace ubiety::postgres {

// A statement failed. The SQLSTATE (manual, "PostgreSQL Error Codes") is empty if the connection is lost.
class SqlError : public std::runtime_error {
 public:
  SqlError(std::string state, const std::string& message) : std::runtime_error(message), state_(std::move(state)) {}

  const std::string& state() const { return state_; }

 private:
  std::string state_;
};

// The SQLSTATEs that are handled.
namespace sqlstate {

inline constexpr const char* unique_violation = "23505";
inline constexpr const char* read_only_transaction = "25006";
inline constexpr const char* insufficient_privilege = "42501";
inline constexpr const char* too_many_connections = "53300";
inline constexpr const char* lock_not_available = "55P03";
inline constexpr const char* query_canceled = "57014";  // also by a time limit
inline constexpr const char* damaged_class = "XX";      // of a damaged page, index or long value, among others

}  // namespace sqlstate

// The server is too old, or would lose commits that a 200 has acknowledged. Its operator has to change it.
class UnfitServer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// An instant as PostgreSQL reads it in a parameter: RFC 3339, except that PostgreSQL calls the year 0000 "1 BC". The
// end of the last day is the only instant that RFC 3339 cannot write.
inline std::string time_text(Timestamp instant) {
  if (instant > latest_timestamp) return "10000-01-01T00:00:00Z";
  auto text = format_timestamp(instant);
  if (text.starts_with("0000-")) {
    text.replace(0, 4, "0001");
    text += " BC";
  }
  return text;
}

// A value for $1, $2, … of a statement. Text is converted by the server to the type that the statement needs (manual,
// PQexecParams).
class Parameter {
 public:
  // Implicit, so that a call lists plain values. An empty optional is NULL.
  Parameter(std::string text) : value_(std::move(text)) {}
  Parameter(std::string_view text) : value_(text) {}
  Parameter(const char* text) : value_(text) {}
  Parameter(bool value) : value_(value ? "true" : "false") {}
  Parameter(std::integral auto number) : value_(std::to_string(number)) {}
  Parameter(Timestamp instant) : value_(time_text(instant)) {}
  template <class Value>
  Parameter(const std::optional<Value>& value) {
    if (value) value_ = std::move(Parameter(*value).value_);
  }
  // A value of this type in its binary format.
  Parameter(Oid type, std::string bytes) : value_(std::move(bytes)), type_(type) {}

  // As libpq takes them. A value of nullptr is NULL. Type 0 is text, for the server to convert.
  const char* value() const { return value_ ? value_->c_str() : nullptr; }
  int size() const { return value_ ? static_cast<int>(value_->size()) : 0; }
  Oid type() const { return type_; }
  int format() const { return type_ == 0 ? 0 : 1; }

 private:
  std::optional<std::string> value_;
  Oid type_ = 0;
};

// An array as a parameter.
template <class Elements, class ValueOf>
Parameter array_parameter(Oid type, Oid element_type, const Elements& elements, ValueOf value_of) {
  std::string bytes;
  append_array(bytes, element_type, elements, value_of);
  return {type, std::move(bytes)};
}

// A libpq result that is cleared with its handle.
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

// Throws the connection's last error as SqlError.
[[noreturn]] inline void fail(PGconn* connection, const PGresult* result) {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  throw SqlError(state == nullptr ? "" : state, PQerrorMessage(connection));
}

// Returns the result if the statement succeeded. Throws SqlError.
inline ResultHandle check(PGconn* connection, ResultHandle result) {
  switch (PQresultStatus(result.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT: return result;
    default: fail(connection, result.get());
  }
}

// One row. Columns are counted from 0. Valid as long as its Rows.
class Row {
 public:
  Row(const PGresult* result, int row) : result_(result), row_(row) {}

  bool is_null(int column) const { return PQgetisnull(result_, row_, column) != 0; }

  // The bytes as the server sent them; empty for NULL.
  std::string_view bytes(int column) const {
    return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
  }

  std::optional<std::string_view> bytes_or_null(int column) const {
    return is_null(column) ? std::nullopt : std::optional(bytes(column));
  }

  // Values of a text result. number() throws BadRow unless the column holds an integer.
  std::string text(int column) const { return std::string(bytes(column)); }
  bool boolean(int column) const { return bytes(column) == "t"; }
  std::int64_t number(int column) const {
    if (const auto number = parse_integer<std::int64_t>(bytes(column))) return *number;
    throw BadRow("expected an integer, not \"" + text(column) + "\"");
  }

 private:
  const PGresult* result_;
  int row_;
};

// The rows that a statement returned.
class Rows {
 public:
  class Iterator {
   public:
    Iterator(const PGresult* result, int row) : result_(result), row_(row) {}
    Row operator*() const { return {result_, row_}; }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return row_ != other.row_; }

   private:
    const PGresult* result_;
    int row_;
  };

  explicit Rows(ResultHandle result) : result_(std::move(result)) {}

  int size() const { return PQntuples(result_.get()); }
  bool empty() const { return size() == 0; }
  Row operator[](int row) const { return {result_.get(), row}; }
  Iterator begin() const { return {result_.get(), 0}; }
  Iterator end() const { return {result_.get(), size()}; }

  // How many rows an INSERT, UPDATE or DELETE changed, or a COPY took.
  std::size_t affected() const { return parse_integer<std::size_t>(PQcmdTuples(result_.get())).value_or(0); }

 private:
  ResultHandle result_;
};

}  // namespace ubiety::postgres

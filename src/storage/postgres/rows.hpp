// The rows that a statement returned. Any thread, one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "storage/postgres/result.hpp"

namespace ubiety::postgres {

// One row. Columns are counted from 0. Valid as long as its Rows.
class Row {
 public:
  Row(const PGresult* result, int row) : result_(result), row_(row) {}

  bool is_null(int column) const { return PQgetisnull(result_, row_, column) != 0; }

  // The bytes as the server sent them; empty for NULL.
  std::string_view bytes(int column) const {
    return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
  }

  // Values of a text result. Numbers throw BadRow if the column holds none, or NULL.
  std::string text(int column) const { return std::string(bytes(column)); }
  bool boolean(int column) const { return bytes(column) == "t"; }
  std::int64_t number(int column) const;

 private:
  const PGresult* result_;
  int row_;
};

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
  std::size_t affected() const;

 private:
  ResultHandle result_;
};

}  // namespace ubiety::postgres

// PostgreSQL's binary formats, which save the server the parsing and formatting of text: values in columns, arrays, and
// the rows of COPY (manual, chapter COPY, "Binary Format"). Any thread.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "domain/status.hpp"
#include "domain/text.hpp"
#include "domain/timestamp.hpp"

namespace ubiety::postgres {

// The database contains a value that this service did not write.
class BadRow : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The oids of types (pg_type.dat), which never change.
namespace oid {

inline constexpr std::uint32_t text = 25, bytea = 17;
inline constexpr std::uint32_t boolean = 16, smallint = 21, integer = 23, timestamptz = 1184;
inline constexpr std::uint32_t boolean_array = 1000, smallint_array = 1005, timestamptz_array = 1185, text_array = 1009,
                               bytea_array = 1001;

}  // namespace oid

// timestamptz counts microseconds from 2000-01-01T00:00:00Z.
inline constexpr std::int64_t postgres_epoch = 946'684'800'000'000;

inline std::int64_t to_postgres(Timestamp time) { return time.microseconds - postgres_epoch; }

// -- writing --

// A field of COPY or an element of an array: its length and its value.
template <std::integral Integer>
void append_field(std::string& out, Integer value) {
  append_big_endian(out, static_cast<std::int32_t>(sizeof(Integer)));
  append_big_endian(out, value);
}
inline void append_field(std::string& out, Timestamp time) { append_field(out, to_postgres(time)); }
inline void append_field(std::string& out, std::string_view text) {
  append_big_endian(out, static_cast<std::int32_t>(text.size()));
  out += text;
}
inline void append_null(std::string& out) { append_big_endian(out, std::int32_t{-1}); }

// One dimension, without NULLs. `value_of` returns an element's value for append_field.
template <class Elements, class ValueOf>
void append_array(std::string& out, std::uint32_t element_type, const Elements& elements, ValueOf value_of) {
  append_big_endian(out, std::int32_t{1});  // dimensions
  append_big_endian(out, std::int32_t{0});  // no NULL
  append_big_endian(out, element_type);
  append_big_endian(out, static_cast<std::int32_t>(elements.size()));
  append_big_endian(out, std::int32_t{1});  // the first index
  for (const auto& element : elements) append_field(out, value_of(element));
}

// An array as a field of COPY.
template <class Elements, class ValueOf>
void append_array_field(std::string& out, std::uint32_t element_type, const Elements& elements, ValueOf value_of) {
  const auto begin = out.size();
  append_big_endian(out, std::int32_t{0});  // the length, known below
  append_array(out, element_type, elements, value_of);
  std::string length;
  append_big_endian(length, static_cast<std::int32_t>(out.size() - begin - sizeof(std::int32_t)));
  out.replace(begin, length.size(), length);
}

// What surrounds the rows of a COPY. A row is the number of its columns (16 bits) and its fields.
void append_header(std::string& out);
void append_trailer(std::string& out);

// -- reading: all throw BadRow --

template <std::integral Integer>
Integer number_in(std::string_view column) {
  if (column.size() != sizeof(Integer)) throw BadRow("the database returned a column of unexpected width");
  return big_endian<Integer>(column);
}

// Rejects infinity, and years that RFC 3339 cannot write.
Timestamp time_in(std::string_view column);

// Microseconds since 2000-01-01T00:00:00Z, within the same limits.
Timestamp from_postgres(std::int64_t time);

// Rejects values out of their ranges.
Status status_from(Timestamp timestamp, Timestamp received, std::int16_t battery_level, std::int16_t rssi, bool online);

// Takes numbers and fields from the front of bytes.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : bytes_(bytes) {}

  template <std::integral Integer>
  Integer number() {
    return big_endian<Integer>(take(sizeof(Integer)));
  }
  // nullopt is NULL.
  std::optional<std::string_view> field_or_null();
  std::string_view field();
  std::string_view take(std::size_t size);
  std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

// Reads the head of an array without NULLs, up to its elements. Returns their number.
std::size_t read_array_head(FieldReader& reader, std::uint32_t element_type);

template <std::integral Integer>
std::vector<Integer> array_in(std::string_view column, std::uint32_t element_type) {
  FieldReader reader(column);
  const auto count = read_array_head(reader, element_type);
  std::vector<Integer> elements;
  elements.reserve(count);
  for (std::size_t i = 0; i < count; ++i) elements.push_back(number_in<Integer>(reader.field()));
  return elements;
}

// Reads the pieces that COPY TO STDOUT sends: a row each, the first behind the header. One thread.
class CopyReader {
 public:
  // Returns the fields of the row in this piece; nullopt if it is the trailer.
  std::optional<FieldReader> read(std::string_view piece, std::int16_t columns);

 private:
  bool header_seen_ = false;
};

}  // namespace ubiety::postgres

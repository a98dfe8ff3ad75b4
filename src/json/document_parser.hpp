// What the readers share: a parser over simdjson, and a builder that fills a report. One parser a thread.
#pragma once

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/report.hpp"
#include "domain/result.hpp"
#include "domain/text.hpp"
#include "json/reader.hpp"

namespace ubiety::json {

class DocumentParser {
 public:
  // Adds the padding that simdjson needs after the text. Returns nullopt if simdjson's DOM refuses the text:
  // SecondReader finds out why. The texts of the element are views into this parser, valid until the next call.
  std::optional<simdjson::dom::element> parse(std::string_view text) {
    // simdjson skips a byte order mark too, from release 3.2 on: a second one would pass.
    if (text.starts_with(byte_order_mark)) return std::nullopt;
    padded_.assign(text);
    padded_.resize(text.size() + simdjson::SIMDJSON_PADDING);
    simdjson::dom::element document;
    if (parser_.parse(padded_.data(), text.size(), false).get(document)) return std::nullopt;
    return document;
  }

 private:
  simdjson::dom::parser parser_;
  std::string padded_;
};

// A text is a view into the element's parser.
FieldValue value_of(simdjson::dom::element element);

// The fields of an object, as views into the element's parser.
Result<Report, ReadError> report_in(simdjson::dom::element value);

// Fills a report from the members of an object; every reader uses it. One builder a report.
class ReportBuilder {
 public:
  // `report` must be empty and outlive the builder.
  explicit ReportBuilder(Report& report) : report_(report) {}

  // Call it for each member in order. Returns where its value belongs; nullptr if the key names no field. `key` must
  // stay in place until finish().
  FieldValue* place_for(std::string_view key) {
    const auto name = std::find(field_names.begin(), field_names.end(), key);
    if (name == field_names.end()) {
      unknown_.push_back(key);
      return nullptr;
    }
    const auto field = static_cast<std::size_t>(name - field_names.begin());
    const auto bit = std::size_t{1} << field;
    if ((known_ & bit) != 0 && (known_again_ & bit) == 0) report_.repeated_keys.emplace_back(key);
    known_again_ |= known_ & bit;
    known_ |= bit;
    return &report_.fields[field];
  }

  // Call it after the last member.
  void finish();

 private:
  Report& report_;
  std::size_t known_ = 0, known_again_ = 0;  // a bit for each field
  std::vector<std::string_view> unknown_;
};

}  // namespace ubiety::json

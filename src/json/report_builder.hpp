// Fills a report from the members of an object, whichever reader finds them. One builder a report.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "domain/report.hpp"

namespace ubiety::json {

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

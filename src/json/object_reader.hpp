// Reads a small JSON object of any fields, for requests that are rare. One reader a thread.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "domain/field_value.hpp"
#include "domain/result.hpp"
#include "json/read_error.hpp"

namespace ubiety::json {

struct Member {
  std::string_view name;
  FieldValue value;  // Composite for a list
  bool is_list = false;
  std::vector<FieldValue> items;  // of a list
};

class ObjectReader {
 public:
  ObjectReader();
  ~ObjectReader();

  // The members in their order in the text. They are views into this reader, valid until the next read.
  Result<std::vector<Member>, ReadError> read(std::string_view text);

 private:
  const std::unique_ptr<class DocumentParser> parser_;
};

}  // namespace ubiety::json

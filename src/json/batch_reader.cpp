#include "json/batch_reader.hpp"

#include <algorithm>

namespace ubiety::json {
namespace {

constexpr std::string_view white_space = " \t\r\n";

}  // namespace

std::optional<ReadError> BatchReader::begin(std::string_view text, BatchForm form) {
  form_ = form;
  if (text.find_first_not_of(white_space) == std::string_view::npos) return ReadError{ReadError::Kind::empty, {}};
  if (form == BatchForm::array) return begin_array(text);
  lines_left_ = text;
  return std::nullopt;
}

std::optional<ReadError> BatchReader::begin_array(std::string_view text) {
  const auto document = parser_.parse(text);
  if (!document) return document.error();
  simdjson::dom::array array;
  if (document->get(array)) return ReadError{ReadError::Kind::not_an_array, {}};
  element_ = array.begin();
  end_ = array.end();
  return std::nullopt;
}

std::optional<Result<Report, ReadError>> BatchReader::next() {
  if (form_ == BatchForm::array) {
    if (!(element_ != end_)) return std::nullopt;
    const auto element = *element_;
    ++element_;
    return report_in(element);
  }
  const auto begin = lines_left_.find_first_not_of(white_space);
  if (begin == std::string_view::npos) return std::nullopt;
  lines_left_.remove_prefix(begin);
  const auto line = lines_left_.substr(0, lines_left_.find('\n'));
  lines_left_.remove_prefix(line.size());
  return line_reader_.read(line);
}

}  // namespace ubiety::json

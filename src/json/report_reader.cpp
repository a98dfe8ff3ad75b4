#include "json/report_reader.hpp"

#include "json/document_parser.hpp"
#include "json/second_reader.hpp"

namespace ubiety::json {

struct ReportReader::Parsers {
  DocumentParser first;
  SecondReader second;
};

ReportReader::ReportReader() : parsers_(std::make_unique<Parsers>()) {}
ReportReader::~ReportReader() = default;

Result<Report, ReadError> ReportReader::read(std::string_view text) {
  if (text.empty()) return Failure{ReadError{ReadError::Kind::empty}};
  text = without_byte_order_mark(text);
  if (const auto document = parsers_->first.parse(text)) return report_in(*document);
  return parsers_->second.read_document(text);
}

}  // namespace ubiety::json

#include "json/reader.hpp"

#include "json/document_parser.hpp"
#include "json/second_reader.hpp"

namespace ubiety::json {
namespace {

constexpr std::string_view white_space = " \t\r\n";

// Why simdjson refused the text. These requests do not need the JSON that only SecondReader accepts.
ReadError error_of(std::string_view text) {
  SecondReader reader;
  if (const auto read = reader.read_document(text); !read) return read.error();
  return {ReadError::Kind::not_json, "a number beyond 64 bits, an unpaired surrogate or too many levels"};
}

}  // namespace

struct ReportReader::Parsers {
  DocumentParser first;
  SecondReader second;
};

ReportReader::ReportReader() : parsers_(std::make_unique<Parsers>()) {}
ReportReader::~ReportReader() = default;

Result<Report, ReadError> ReportReader::read(std::string_view text) {
  if (text.empty()) return Failure{ReadError{ReadError::Kind::empty}};
  text = without_byte_order_mark(text);  // RFC 8259, 8.1
  if (const auto document = parsers_->first.parse(text)) return report_in(*document);
  return parsers_->second.read_document(text);
}

class BatchReader::Implementation {
 public:
  std::optional<ReadError> begin(std::string_view text, BatchForm form);
  std::optional<Result<Report, ReadError>> next();
  const std::optional<ReadError>& error() const { return error_; }

 private:
  std::optional<ReadError> begin_array(std::string_view text);
  std::optional<ReadError> begin_refused_array(std::string_view text);
  std::optional<Result<Report, ReadError>> next_line();
  std::optional<Result<Report, ReadError>> next_of_refused_array();
  void end_refused_array();

  enum class Source { lines, parsed_array, refused_array } source_ = Source::lines;
  std::optional<ReadError> error_;

  // Of lines. Each is parsed by itself, so that one malformed line does not spoil the others.
  std::string_view lines_left_;
  ReportReader line_reader_;

  // Of an array that simdjson parsed as a whole.
  DocumentParser parser_;
  simdjson::dom::array::iterator element_, end_;

  // Of an array that simdjson refused: its elements are read one after another.
  SecondReader second_reader_;
  bool is_closed_ = false;
};

BatchReader::BatchReader() : implementation_(std::make_unique<Implementation>()) {}
BatchReader::~BatchReader() = default;

std::optional<ReadError> BatchReader::begin(std::string_view text, BatchForm form) {
  return implementation_->begin(text, form);
}
std::optional<Result<Report, ReadError>> BatchReader::next() { return implementation_->next(); }
const std::optional<ReadError>& BatchReader::error() const { return implementation_->error(); }

std::optional<ReadError> BatchReader::Implementation::begin(std::string_view text, BatchForm form) {
  error_.reset();
  text = without_byte_order_mark(text);
  if (text.find_first_not_of(white_space) == std::string_view::npos) return ReadError{ReadError::Kind::empty};
  if (form == BatchForm::array) return begin_array(text);
  source_ = Source::lines;
  lines_left_ = text;
  return std::nullopt;
}

std::optional<ReadError> BatchReader::Implementation::begin_array(std::string_view text) {
  const auto document = parser_.parse(text);
  if (!document) return begin_refused_array(text);
  source_ = Source::parsed_array;
  simdjson::dom::array array;
  if (document->get(array)) return ReadError{ReadError::Kind::not_an_array};
  element_ = array.begin();
  end_ = array.end();
  return std::nullopt;
}

std::optional<ReadError> BatchReader::Implementation::begin_refused_array(std::string_view text) {
  source_ = Source::refused_array;
  if (auto error = second_reader_.begin(text)) return error;
  if (!second_reader_.pass('[')) {
    const auto report = second_reader_.read();
    if (!report && report.error().kind == ReadError::Kind::not_json) return report.error();
    if (auto error = second_reader_.end()) return error;
    return ReadError{ReadError::Kind::not_an_array};
  }
  is_closed_ = second_reader_.pass(']');
  if (is_closed_) return second_reader_.end();
  return std::nullopt;
}

std::optional<Result<Report, ReadError>> BatchReader::Implementation::next() {
  switch (source_) {
    case Source::lines: return next_line();
    case Source::refused_array: return next_of_refused_array();
    case Source::parsed_array: break;
  }
  if (!(element_ != end_)) return std::nullopt;
  const auto element = *element_;
  ++element_;
  return report_in(element);
}

std::optional<Result<Report, ReadError>> BatchReader::Implementation::next_line() {
  const auto begin = lines_left_.find_first_not_of(white_space);
  if (begin == std::string_view::npos) return std::nullopt;
  lines_left_.remove_prefix(begin);
  const auto line = lines_left_.substr(0, lines_left_.find('\n'));
  lines_left_.remove_prefix(line.size());
  return line_reader_.read(line);
}

std::optional<Result<Report, ReadError>> BatchReader::Implementation::next_of_refused_array() {
  if (is_closed_) return std::nullopt;
  auto report = second_reader_.read();
  if (!report && report.error().kind == ReadError::Kind::not_json)
    error_ = report.error();
  else if (!second_reader_.pass(','))
    end_refused_array();
  if (error_) return std::nullopt;
  return report;
}

void BatchReader::Implementation::end_refused_array() {
  is_closed_ = second_reader_.pass(']');
  error_ = is_closed_ ? second_reader_.end() : second_reader_.error("Missing a comma or ']' after an array element.");
}

ObjectReader::ObjectReader() : parser_(std::make_unique<DocumentParser>()) {}
ObjectReader::~ObjectReader() = default;

Result<std::vector<Member>, ReadError> ObjectReader::read(std::string_view text) {
  if (text.empty()) return Failure{ReadError{ReadError::Kind::empty}};
  text = without_byte_order_mark(text);
  const auto document = parser_->parse(text);
  if (!document) return Failure{error_of(text)};
  simdjson::dom::object object;
  if (document->get(object)) return Failure{ReadError{ReadError::Kind::not_an_object}};

  std::vector<Member> members;
  for (const auto& [name, element] : object) {
    Member member{name, value_of(element), false, {}};
    simdjson::dom::array list;
    if (!element.get(list)) {
      member.is_list = true;
      for (const auto item : list) member.items.push_back(value_of(item));
    }
    members.push_back(std::move(member));
  }
  return members;
}

}  // namespace ubiety::json

#include "json/second_reader.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <simdjson.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "domain/text.hpp"
#include "json/document_parser.hpp"
#include "json/rapidjson_stream.hpp"

namespace ubiety::json {
namespace {

constexpr std::string_view white_space = " \t\r\n";

// RapidJSON stops inside a misspelt `true`. Returns where the word begins.
std::size_t start_of_word(std::string_view text, std::size_t at) {
  while (at > 0 && text[at - 1] >= 'a' && text[at - 1] <= 'z') --at;
  return at;
}

// Builds a report from the parts of one value, with which RapidJSON calls it.
class ReportHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, ReportHandler> {
 public:
  // `kept` owns the report's texts.
  ReportHandler(const RapidJsonStream& stream, std::deque<std::string>& kept) : stream_(stream), kept_(kept) {}

  bool Null() { return put(ubiety::Null{}); }
  bool Bool(bool value) { return put(value); }
  bool Uint(unsigned) {  // called for every number: see RapidJsonStream
    // In `76-1`, which has no substitute, RapidJSON reads 76 before it finds the fault.
    const auto number = parse_number(stream_.number());
    if (is_field() && number) std::visit([this](auto value) { put(value); }, *number);
    return true;
  }
  bool String(const char* text, rapidjson::SizeType size, bool) { return !is_field() || put(keep(text, size)); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ == 1) place_ = builder_.place_for(keep(text, size));
    return true;
  }
  bool StartObject() {
    if (depth_ == 0) is_object_ = true;
    return start_composite();
  }
  bool EndObject(rapidjson::SizeType) { return end_composite(); }
  bool StartArray() { return start_composite(); }
  bool EndArray(rapidjson::SizeType) { return end_composite(); }

  Result<Report, ReadError> take() {
    if (!is_object_) return Failure{ReadError{ReadError::Kind::not_an_object}};
    builder_.finish();
    for (auto& key : report_.repeated_keys) key = replace_malformed(key);  // unpaired surrogates
    return std::move(report_);
  }

 private:
  // Whether the next value belongs to a field.
  bool is_field() const { return depth_ == 1 && place_ != nullptr; }

  bool put(FieldValue value) {
    if (is_field()) *place_ = value;
    return true;
  }

  std::string_view keep(const char* text, std::size_t size) { return kept_.emplace_back(text, size); }

  bool start_composite() {
    put(Composite{});
    ++depth_;
    return true;
  }

  bool end_composite() {
    --depth_;
    return true;
  }

  const RapidJsonStream& stream_;
  std::deque<std::string>& kept_;
  Report report_;
  ReportBuilder builder_{report_};
  std::size_t depth_ = 0;
  bool is_object_ = false;
  FieldValue* place_ = nullptr;
};

}  // namespace

Result<Report, ReadError> SecondReader::read_document(std::string_view text) {
  if (auto error = begin(text)) return Failure{std::move(*error)};
  auto report = read();
  if (!report && report.error().kind == ReadError::Kind::not_json) return report;
  if (auto error = end()) return Failure{std::move(*error)};
  return report;
}

std::optional<ReadError> SecondReader::begin(std::string_view text) {
  text_ = text;
  at_ = 0;
  if (simdjson::validate_utf8(text.data(), text.size())) return std::nullopt;
  while (const auto size = first_character_size(text_.substr(at_))) at_ += size;
  return error("Invalid UTF-8.");
}

Result<Report, ReadError> SecondReader::read() {
  kept_.clear();
  RapidJsonStream stream(text_.substr(at_));
  ReportHandler handler(stream, kept_);
  rapidjson::Reader reader;
  constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseStopWhenDoneFlag;
  const auto result = reader.Parse<flags>(stream, handler);
  if (result) {
    at_ += stream.Tell();
    return handler.take();
  }
  at_ += result.Offset();
  auto code = result.Code();
  // RapidJSON reports an invalid first character as an empty document.
  if (code == rapidjson::kParseErrorDocumentEmpty && at_ < text_.size()) code = rapidjson::kParseErrorValueInvalid;
  if (code == rapidjson::kParseErrorValueInvalid) at_ = start_of_word(text_, at_);
  return Failure{error(rapidjson::GetParseError_En(code))};
}

bool SecondReader::pass(char expected) {
  at_ = std::min(text_.find_first_not_of(white_space, at_), text_.size());
  if (at_ == text_.size() || text_[at_] != expected) return false;
  ++at_;
  return true;
}

std::optional<ReadError> SecondReader::end() {
  at_ = std::min(text_.find_first_not_of(white_space, at_), text_.size());
  if (at_ == text_.size()) return std::nullopt;
  return ReadError{ReadError::Kind::trailing_text, {}, count_characters(text_.substr(0, at_))};
}

ReadError SecondReader::error(std::string message) const {
  return {ReadError::Kind::not_json, std::move(message), count_characters(text_.substr(0, at_))};
}

}  // namespace ubiety::json

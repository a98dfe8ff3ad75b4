#include "json/second_reader.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <simdjson.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "domain/text.hpp"
#include "json/document_parser.hpp"

namespace ubiety::json {
namespace {

constexpr std::string_view white_space = " \t\r\n";

constexpr std::size_t escape_size = 6;  // \u and four hexadecimal digits

bool pass_digits(std::string_view& text) {
  const auto digits = std::find_if_not(text.begin(), text.end(), ascii::is_digit) - text.begin();
  text.remove_prefix(static_cast<std::size_t>(digits));
  return digits > 0;
}

bool pass_any_of(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// RFC 8259, section 6.
bool is_number(std::string_view text) {
  pass_any_of(text, "-");
  if (!pass_any_of(text, "0") && !pass_digits(text)) return false;
  if (pass_any_of(text, ".") && !pass_digits(text)) return false;
  if (pass_any_of(text, "eE")) {
    pass_any_of(text, "+-");
    if (!pass_digits(text)) return false;
  }
  return text.empty();
}

// The code unit of a `\u` escape at the front of the text.
std::optional<unsigned> code_unit(std::string_view text) {
  if (text.size() < escape_size || !text.starts_with("\\u")) return std::nullopt;
  int unit = 0;
  for (const char c : text.substr(2, escape_size - 2)) {
    const int digit = hexadecimal_value(c);
    if (digit < 0) return std::nullopt;
    unit = unit * 16 + digit;
  }
  return static_cast<unsigned>(unit);
}

bool is_between(std::optional<unsigned> unit, unsigned first, unsigned last) {
  return unit && *unit >= first && *unit <= last;
}

// A text as an input stream for RapidJSON 1.1. RapidJSON refuses two things that RFC 8259 allows, so the stream
// substitutes them:
// - A number becomes `0`. RapidJSON refuses a number beyond a double even if it passes numbers on as text
//   (kParseNumbersAsStringsFlag). number() returns the number itself.
// - The escape of a high surrogate without its low one becomes the three bytes that encode it in the manner of UTF-8.
//   For a lone low surrogate RapidJSON writes those bytes itself.
class RapidJsonStream {
 public:
  // `text` is UTF-8 and must stay in place.
  explicit RapidJsonStream(std::string_view text) : text_(text) { look(); }
  RapidJsonStream(const RapidJsonStream&) = delete;
  RapidJsonStream& operator=(const RapidJsonStream&) = delete;

  // The text of the last number that RapidJSON read.
  std::string_view number() const { return number_; }

  // RapidJSON's interface of a stream.
  using Ch = char;
  char Peek() const {
    if (!substitute_.empty()) return substitute_.front();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  char Take() {
    if (!substitute_.empty()) return take_substitute();
    if (at_ == text_.size()) return '\0';
    const char taken = text_[at_];
    if (taken == '"' && at_ >= plain_until_) in_string_ = !in_string_;
    ++at_;
    look();
    return taken;
  }
  std::size_t Tell() const { return at_; }

  // RapidJSON always compiles these, but calls them only when it parses in place.
  char* PutBegin() { return nullptr; }
  void Put(char) {}
  void Flush() {}
  std::size_t PutEnd(char*) { return 0; }

 private:
  // Chooses a substitute for the text at at_, if it needs one.
  void look() {
    if (at_ < plain_until_ || at_ == text_.size()) return;
    const char c = text_[at_];
    if (in_string_) {
      if (c == '\\') look_at_escape();
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      look_at_number();
    }
  }
  char take_substitute();
  void look_at_escape();
  void look_at_number();
  void substitute(std::string_view shown, std::size_t replaced);

  const std::string_view text_;
  std::size_t at_ = 0;
  bool in_string_ = false;
  std::size_t plain_until_ = 0;  // text before this needs no substitute and does not end a string

  std::string_view substitute_;  // the part of it that RapidJSON has not read yet
  std::size_t substitute_end_ = 0;
  char surrogate_[3];
  std::string_view number_;
};

char RapidJsonStream::take_substitute() {
  const char taken = substitute_.front();
  substitute_.remove_prefix(1);
  if (substitute_.empty()) {
    at_ = substitute_end_;
    look();
  }
  return taken;
}

void RapidJsonStream::look_at_escape() {
  const auto rest = text_.substr(at_);
  const auto unit = code_unit(rest);
  const bool is_high_surrogate = is_between(unit, 0xD800, 0xDBFF);
  if (!is_high_surrogate || is_between(code_unit(rest.substr(escape_size)), 0xDC00, 0xDFFF)) {
    plain_until_ = at_ + 2;
    return;
  }
  surrogate_[0] = '\xED';
  surrogate_[1] = static_cast<char>(0x80 | (*unit >> 6 & 0x3F));
  surrogate_[2] = static_cast<char>(0x80 | (*unit & 0x3F));
  substitute({surrogate_, sizeof surrogate_}, escape_size);
}

// A malformed number gets no substitute, so that RapidJSON finds the fault.
void RapidJsonStream::look_at_number() {
  const auto rest = text_.substr(at_);
  const std::string_view run(rest.begin(), std::find_if_not(rest.begin(), rest.end(), may_be_in_number));
  if (!is_number(run)) {
    plain_until_ = at_ + run.size();
    return;
  }
  number_ = run;
  substitute("0", run.size());
}

void RapidJsonStream::substitute(std::string_view shown, std::size_t replaced) {
  substitute_ = shown;
  substitute_end_ = at_ + replaced;
}

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

// JSON text as an input stream for RapidJSON 1.1. RapidJSON refuses two things that RFC 8259 allows, so the stream
// substitutes them:
// - A number becomes `0`. RapidJSON refuses a number beyond a double even if it passes numbers on as text
//   (kParseNumbersAsStringsFlag). number() returns the number itself.
// - The escape of a high surrogate without its low one becomes the three bytes that encode it in the manner of UTF-8.
//   For a lone low surrogate RapidJSON writes those bytes itself.
// One stream a thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace ubiety::json {

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

}  // namespace ubiety::json

// Updates as the text that a row of the log keeps: JSON, which SQLite's own functions read too. See docs/FORMATS.md.
#pragma once

#include <simdjson.h>

#include <functional>
#include <string>
#include <string_view>

#include "storage/store.hpp"

namespace ubiety::sqlite {

// Any thread.
std::string logged_text(const UpdateList& updates);

// One thread.
class LoggedTextReader {
 public:
  // Tells the sink each update in its order. Throws Error when the text is not what logged_text writes.
  void read(std::string_view text, const std::function<void(StatusUpdate&&)>& sink);

 private:
  simdjson::dom::parser parser_;
};

}  // namespace ubiety::sqlite

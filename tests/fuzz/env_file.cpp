// What is read from a .env file can be written so that it is read again; an error names its line.
#include "config/environment.hpp"

#include "fuzzing.hpp"

using namespace ubiety;

namespace {

std::string quoted_value(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '\n')
      text += "\\n";
    else
      text += c;
  }
  return text + '"';
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto entries = config::parse_env_file(fuzz::text_of(data, size));
  if (!entries) {
    fuzz::require(entries.error().starts_with("line "), "an error names its line");
    return 0;
  }
  std::string written;
  for (const auto& [name, value] : *entries) {
    fuzz::require(!name.empty() && name.find_first_of("= \t\r\n\"'#") == std::string::npos, "a name is a name");
    written += name + '=' + quoted_value(value) + '\n';
  }
  const auto again = config::parse_env_file(written);
  fuzz::require(again && again->size() == entries->size(), "what is written is read");
  for (std::size_t i = 0; i < entries->size(); ++i)
    fuzz::require((*again)[i].name == (*entries)[i].name && (*again)[i].value == (*entries)[i].value,
                  "what is written is read as it was");
  return 0;
}

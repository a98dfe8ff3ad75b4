#include "config/verify_arguments.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "config/read_file.hpp"
#include "domain/text/ascii.hpp"

namespace ubiety::config {
namespace {

constexpr const char* key_variable = "UBIETY_API_KEY";

// Reads the file into `text`, unless `path` is empty.
std::optional<std::string> read_into(std::string& text, const std::string& path) {
  if (path.empty()) return std::nullopt;
  auto content = read_file(path);
  if (!content) return path + ": " + std::generic_category().message(content.error());
  if (content->empty()) return path + " is empty";
  text = std::move(*content);
  return std::nullopt;
}

// What can stand in a field of a request.
bool is_key(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::optional<std::string> complete(VerifyArguments& arguments) {
  const auto& url = arguments.url;
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
    return "--url must begin with http:// or https://";
  if (url.find('@') != std::string::npos) return "--url takes no user or password; an API key is in a file";
  if (const char* key = std::getenv(key_variable)) arguments.api_key = key;
  if (auto problem = read_into(arguments.api_key, arguments.api_key_file)) return "--api-key-file: " + *problem;
  if (auto problem = read_into(arguments.ca, arguments.ca_file)) return "--ca-file: " + *problem;
  arguments.api_key = trimmed(arguments.api_key, " \t\r\n");
  if (!is_key(arguments.api_key)) return "the API key for --url is not one word of visible ASCII characters";
  return std::nullopt;
}

}  // namespace ubiety::config

#include "config/environment.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "domain/text.hpp"

namespace ubiety::config {
namespace {

constexpr std::string_view blanks = " \t\r";

bool is_name(std::string_view text) {
  return !text.empty() && !ascii::is_digit(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return ascii::is_alphanumeric(c) || c == '_'; });
}

bool is_text(std::string_view line) {
  return count_characters(line).has_value() && line.find('\0') == std::string_view::npos;
}

char unescaped(char c) { return c == 'n' ? '\n' : c == 't' ? '\t' : c; }

// Returns the value between the quotes; nullopt if it does not end, or if anything but a comment follows it.
std::optional<std::string> quoted_value(std::string_view text) {
  const char quote = text.front();
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      const auto rest = trimmed(text.substr(i + 1), blanks);
      return rest.empty() || rest.front() == '#' ? std::optional(value) : std::nullopt;
    }
    if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) {
      value += unescaped(text[++i]);
      continue;
    }
    value += text[i];
  }
  return std::nullopt;
}

std::string bare_value(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '#' && (i == 0 || blanks.find(text[i - 1]) != std::string_view::npos))
      return std::string(trimmed(text.substr(0, i), blanks));
  return std::string(text);
}

std::optional<EnvEntry> parse_line(std::string_view line) {
  constexpr std::string_view export_word = "export ";
  if (line.starts_with(export_word)) line = trimmed(line.substr(export_word.size()), blanks);
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const auto name = trimmed(line.substr(0, equals), blanks);
  if (!is_name(name)) return std::nullopt;
  const auto text = trimmed(line.substr(equals + 1), blanks);
  const bool is_quoted = !text.empty() && (text.front() == '"' || text.front() == '\'');
  const auto value = is_quoted ? quoted_value(text) : bare_value(text);
  if (!value) return std::nullopt;
  return EnvEntry{std::string(name), *value};
}

// A dangling link, such as one to a secret that is not mounted, does not count as an absent file.
bool is_link(const std::string& path) {
  std::error_code failed;
  return std::filesystem::is_symlink(path, failed);
}

}  // namespace

Result<std::vector<EnvEntry>, std::string> parse_env_file(std::string_view text) {
  text = without_byte_order_mark(text);
  std::vector<EnvEntry> entries;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trimmed(text.substr(0, end), blanks);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!is_text(line)) return Failure{"line " + std::to_string(number) + " is not text in UTF-8"};
    if (line.empty() || line.front() == '#') continue;
    auto entry = parse_line(line);
    if (!entry) return Failure{"line " + std::to_string(number) + " is not NAME=VALUE"};
    entries.push_back(std::move(*entry));
  }
  return entries;
}

Result<std::vector<EnvEntry>, std::string> read_env_file(const std::string& path, AbsentFile absent) {
  const auto text = read_file(path);
  if (!text) {
    if (text.error() == ENOENT && absent == AbsentFile::is_empty && !is_link(path)) return std::vector<EnvEntry>{};
    return Failure{path + ": " + std::generic_category().message(text.error())};
  }
  auto entries = parse_env_file(*text);
  if (!entries) return Failure{path + ": " + entries.error()};
  return entries;
}

Result<std::string, int> read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Failure{errno};
  std::string text;
  std::array<char, 4096> piece;
  for (;;) {
    const auto count = ::read(file, piece.data(), piece.size());
    const int error = errno;
    if (count > 0) text.append(piece.data(), static_cast<std::size_t>(count));
    if (count > 0 || (count < 0 && error == EINTR)) continue;
    ::close(file);
    if (count < 0) return Failure{error};
    return text;
  }
}

}  // namespace ubiety::config

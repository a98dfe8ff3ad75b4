#include "storage/sqlite/store_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

namespace ubiety::sqlite {
namespace {

// https://www.sqlite.org/fileformat2.html#the_database_header, with the NUL that ends it.
constexpr std::string_view magic{"SQLite format 3\0", 16};

std::string text_of_errno() { return std::generic_category().message(errno); }

// SQLite needs the folder too: its write-ahead log is a second file there.
std::optional<std::string> problem_with_folder(const std::string& path) {
  auto folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) return "the folder " + folder.string() + ": " + text_of_errno();
  if (!S_ISDIR(found.st_mode)) return folder.string() + " is not a folder";
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return "the folder " + folder.string() + " cannot be written: " + text_of_errno();
  return std::nullopt;
}

// An empty file is a database without tables.
bool is_database(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, magic.size()> head{};
  file.read(head.data(), head.size());
  return file.gcount() == 0 || std::string_view(head.data(), static_cast<std::size_t>(file.gcount())) == magic;
}

}  // namespace

std::optional<std::string> problem_with_file(const std::string& path, MissingFile missing) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno != ENOENT) return path + ": " + text_of_errno();
    if (missing == MissingFile::may_be_made) return problem_with_folder(path);
    return path + " does not exist; `ubietyd serve` or `ubietyd migrate up` makes it";
  }
  if (S_ISDIR(found.st_mode)) return path + " is a folder, not a file";
  if (!S_ISREG(found.st_mode)) return path + " is not a regular file";
  if (::access(path.c_str(), R_OK | W_OK) != 0) return path + " cannot be read and written: " + text_of_errno();
  if (!is_database(path)) return path + " is not an SQLite database";
  return problem_with_folder(path);
}

}  // namespace ubiety::sqlite

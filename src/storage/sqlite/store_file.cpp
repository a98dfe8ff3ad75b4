#include "storage/sqlite/store_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {
namespace {

// https://www.sqlite.org/fileformat2.html#the_database_header, with its final NUL.
constexpr std::string_view magic{"SQLite format 3\0", 16};

std::string text_of_errno() { return std::generic_category().message(errno); }

// SQLite creates its write-ahead log in the same folder.
std::optional<std::string> problem_with_folder(const std::string& path) {
  auto folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) return "the folder " + folder.string() + ": " + text_of_errno();
  if (!S_ISDIR(found.st_mode)) return folder.string() + " is not a folder";
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return "the folder " + folder.string() + " is not writable: " + text_of_errno();
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

bool FileLock::try_lock() {
  if (locked_) return true;
  const auto fail = [this] { throw Error(SQLITE_CANTOPEN, path_ + ": " + std::generic_category().message(errno)); };
  if (file_ < 0) file_ = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
  if (file_ < 0) fail();
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return locked_ = true;
  if (errno != EWOULDBLOCK) fail();
  return false;
}

bool FileLock::is_elsewhere() const {
  struct stat opened {
  }, named{};
  if (file_ < 0) return false;
  return ::fstat(file_, &opened) != 0 || ::stat(path_.c_str(), &named) != 0 || opened.st_dev != named.st_dev ||
         opened.st_ino != named.st_ino;
}

std::size_t FileLock::names() const {
  struct stat opened {};
  return file_ < 0 || ::fstat(file_, &opened) != 0 ? 0 : opened.st_nlink;
}

void FileLock::close() {
  locked_ = false;
  if (file_ >= 0) ::close(std::exchange(file_, -1));
}

std::optional<FilePlace::Identity> FilePlace::Named::identity_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return Identity{found.st_dev, found.st_ino};
}

FilePlace::FilePlace(std::string database, std::string wal) : database_(std::move(database)), wal_(std::move(wal)) {}

std::optional<std::string> FilePlace::change() const {
  for (const auto* file : {&database_, &wal_})
    if (!file->is_in_place())
      return file->path() + (file->now() ? " was replaced by another file" : " was removed or moved") +
             " while it was in use";
  return std::nullopt;
}

}  // namespace ubiety::sqlite

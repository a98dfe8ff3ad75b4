#include "storage/sqlite/file_place.hpp"

#include <sys/stat.h>

namespace ubiety::sqlite {

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

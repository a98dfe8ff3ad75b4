#include "storage/sqlite/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {

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

}  // namespace ubiety::sqlite

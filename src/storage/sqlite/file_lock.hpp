// An exclusive lock on a database file, for as long as the process lives. It is flock(2)'s and lies on the file itself,
// so that every path to the file meets it; SQLite's own locks are of another kind, and do not see it. One thread.
#pragma once

#include <cstddef>
#include <string>

namespace ubiety::sqlite {

class FileLock {
 public:
  explicit FileLock(std::string path) : path_(std::move(path)) {}
  // Closing any descriptor of a file takes the process's POSIX locks on it away, which are SQLite's: no connection of
  // this process to the file may be open.
  ~FileLock() { close(); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // Takes the lock; false when another process has it. Throws Error when the file cannot be opened.
  bool try_lock();
  bool is_locked() const { return locked_; }

  // Whether the path leads to another file than the one that was opened, or to none.
  bool is_elsewhere() const;
  // How many names the file has in its file system.
  std::size_t names() const;
  void close();

 private:
  const std::string path_;
  int file_ = -1;
  bool locked_ = false;
};

}  // namespace ubiety::sqlite

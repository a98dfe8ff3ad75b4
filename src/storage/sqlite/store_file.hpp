// The file of an embedded store in its folder: whether it can be a store, the lock on it, and whether it is still where
// it was opened.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>

namespace ubiety::sqlite {

enum class MissingFile { may_be_made, is_a_problem };

// Why `path` cannot be a store, for a person; nullopt if it can. Checked before the file is opened, because SQLite
// would create a missing file, and names neither path nor cause in most of its errors. Creates nothing. Any thread.
std::optional<std::string> problem_with_file(const std::string& path, MissingFile missing);

// An exclusive flock(2) on a file until this object or the process ends. It is on the file itself, so it works through
// every path to the file; SQLite's own POSIX locks do not see it. One thread.
class FileLock {
 public:
  explicit FileLock(std::string path) : path_(std::move(path)) {}
  // No connection of this process to the file may be open: closing a descriptor of a file drops all POSIX locks of the
  // process on it, and those are SQLite's.
  ~FileLock() { close(); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // Returns false if another process holds the lock. Throws Error if the file cannot be opened.
  bool try_lock();
  bool is_locked() const { return locked_; }

  // Whether the path no longer leads to the file that was opened.
  bool is_elsewhere() const;
  // The number of hard links to the file.
  std::size_t names() const;
  void close();

 private:
  const std::string path_;
  int file_ = -1;
  bool locked_ = false;
};

// Whether the files of an open database are still where they were opened. Data written to a removed or replaced file is
// lost when the process ends. One thread.
class FilePlace {
 public:
  // The paths of the open database and its WAL.
  FilePlace(std::string database, std::string wal);

  // What has happened to the files, for a person; nullopt if both are in place. Makes two system calls.
  std::optional<std::string> change() const;

  // Whether the WAL's path still leads to the WAL that was opened.
  bool has_wal() const { return wal_.is_in_place(); }

 private:
  struct Identity {
    dev_t device;
    ino_t inode;
    bool operator==(const Identity&) const = default;
  };

  class Named {
   public:
    explicit Named(std::string path) : path_(std::move(path)), opened_(identity_of(path_)) {}
    const std::string& path() const { return path_; }
    std::optional<Identity> now() const { return identity_of(path_); }
    bool is_in_place() const { return opened_ && now() == opened_; }

   private:
    static std::optional<Identity> identity_of(const std::string& path);

    std::string path_;
    std::optional<Identity> opened_;
  };

  Named database_, wal_;
};

}  // namespace ubiety::sqlite

// Whether the files of an open database are still where they were opened. A file that was removed or replaced can still
// be written to, and whatever is written is gone with the process. One thread.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace ubiety::sqlite {

class FilePlace {
 public:
  // The database and its WAL, which are open and there.
  FilePlace(std::string database, std::string wal);

  // What has happened to one of the files, for a person; nullopt when both are in their place. Two system calls.
  std::optional<std::string> change() const;

  // Whether the WAL's name still leads to the WAL that was opened.
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

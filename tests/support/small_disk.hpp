// A file system of a few megabytes. Only root can mount it. One thread.
#pragma once

#include <cstddef>

#include "support/temporary_directory.hpp"

namespace ubiety::test {

class SmallDisk {
 public:
  explicit SmallDisk(std::size_t megabytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const { return is_mounted_; }  // false if this process may not mount it
  const std::filesystem::path& path() const { return folder_.path(); }
  void fill();  // to the last byte, with one file
  void free();  // removes that file

 private:
  TemporaryDirectory folder_;
  bool is_mounted_;
};

}  // namespace ubiety::test

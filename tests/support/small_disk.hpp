// SmallDisk: a file system of few megabytes, which only root can have.
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

  bool is_mounted() const { return is_mounted_; }  // false without the rights to
  const std::filesystem::path& path() const { return folder_.path(); }
  void fill();  // to the last byte, with a file of its own
  void free();  // takes that away

 private:
  TemporaryDirectory folder_;
  bool is_mounted_;
};

}  // namespace ubiety::test

// A new, empty folder, which is removed with the object. Each object belongs to one thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ubiety::test {

class TemporaryDirectory {
 public:
  // Below the system's folder for temporary files.
  TemporaryDirectory();
  // In memory if the system has a folder there (/dev/shm). Its files are real, but no write waits for a disk.
  static TemporaryDirectory in_memory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryDirectory(const std::filesystem::path& parent);

  std::filesystem::path path_;
};

// Returns the whole content of a file; empty if there is no such file.
std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace ubiety::test

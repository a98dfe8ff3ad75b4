#include "support/small_disk.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <string>

#include "support/file_descriptor.hpp"

namespace ubiety::test {

SmallDisk::SmallDisk(std::size_t megabytes)
    : is_mounted_(::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0,
                          ("size=" + std::to_string(megabytes) + "m").c_str()) == 0) {}

SmallDisk::~SmallDisk() {
  // Processes that still use the file system keep it; its name is gone.
  if (is_mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
}

void SmallDisk::fill() {
  const FileDescriptor file(::open((path() / "filler").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  // Page by page, which is the unit of allocation.
  static constexpr std::array<char, 4096> page{};
  while (::write(file.number(), page.data(), page.size()) > 0) {
  }
}

void SmallDisk::free() { std::filesystem::remove(path() / "filler"); }

}  // namespace ubiety::test

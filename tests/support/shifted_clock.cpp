#include "support/shifted_clock.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace ubiety::test {
namespace {

constexpr std::size_t size = sizeof(std::atomic<std::int64_t>);

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

std::filesystem::path file_in(const TemporaryDirectory& folder) { return folder.path() / "clock_shift"; }

std::atomic<std::int64_t>* mapped(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0 || ::ftruncate(file, size) != 0) fail("the file of the clock's shift");
  void* const bytes = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (bytes == MAP_FAILED) fail("the file of the clock's shift");
  return static_cast<std::atomic<std::int64_t>*>(bytes);
}

}  // namespace

ShiftedClock::ShiftedClock() : shift_(mapped(file_in(folder_))) {}

ShiftedClock::~ShiftedClock() { ::munmap(shift_, size); }

Environment ShiftedClock::environment() const {
  return {{"LD_PRELOAD", UBIETY_SHIFTED_CLOCK}, {"UBIETY_TESTS_CLOCK_SHIFT", file_in(folder_).string()}};
}

}  // namespace ubiety::test

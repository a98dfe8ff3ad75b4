#include "config/read_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace ubiety::config {

Result<std::string, int> read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Failure{errno};
  std::string text;
  std::array<char, 4096> piece;
  for (;;) {
    const auto count = ::read(file, piece.data(), piece.size());
    const int problem = errno;
    if (count > 0) text.append(piece.data(), static_cast<std::size_t>(count));
    if (count > 0 || (count < 0 && problem == EINTR)) continue;
    ::close(file);
    if (count < 0) return Failure{problem};
    return text;
  }
}

}  // namespace ubiety::config

#include "support/process_figures.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

#include "support/temporary_directory.hpp"

namespace ubiety::test {
namespace {

std::filesystem::path folder_of(pid_t process) { return std::filesystem::path("/proc") / std::to_string(process); }

}  // namespace

std::size_t resident_kilobytes(pid_t process) {
  std::istringstream lines(read_file(folder_of(process) / "status"));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
  return 0;
}

std::chrono::milliseconds processor_time(pid_t process) {
  const auto text = read_file(folder_of(process) / "stat");
  std::istringstream fields(text.substr(text.rfind(')') + 1));  // the name before it may hold anything
  std::string ignored;
  for (int i = 0; i < 11; ++i) fields >> ignored;
  long user = 0, system = 0;
  fields >> user >> system;
  return std::chrono::milliseconds{(user + system) * 1000 / ::sysconf(_SC_CLK_TCK)};
}

std::size_t open_files(pid_t process) {
  const std::filesystem::directory_iterator files(folder_of(process) / "fd");
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

std::size_t open_sockets(pid_t process) {
  const std::filesystem::directory_iterator files(folder_of(process) / "fd");
  return static_cast<std::size_t>(std::count_if(begin(files), end(files), [](const auto& file) {
    std::error_code closed_meanwhile;
    return std::filesystem::read_symlink(file.path(), closed_meanwhile).string().starts_with("socket:");
  }));
}

}  // namespace ubiety::test

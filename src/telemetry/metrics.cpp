#include "telemetry/metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace ubiety {
namespace {

// The time at which the machine started, in seconds since 1970.
double boot_time() {
  std::ifstream stat("/proc/stat");
  double seconds = 0;
  for (std::string word; stat >> word;)
    if (word == "btime") stat >> seconds;
  return seconds;
}

// The fields of /proc/self/stat, indexed as in proc(5). The second, the name, may contain blanks and is skipped.
std::vector<double> own_stat() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(')');
  std::vector<double> fields(4);
  if (name_end == std::string::npos || name_end + 4 > text.size()) return fields;
  std::istringstream numbers(text.substr(name_end + 4));
  fields.insert(fields.end(), std::istream_iterator<double>(numbers), {});
  return fields;
}

std::size_t count_open_files() {
  std::error_code failed;
  const std::filesystem::directory_iterator files("/proc/self/fd", failed);
  return failed ? 0 : static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

}  // namespace

ProcessFigures process_figures() {
  constexpr std::size_t user_time = 14, system_time = 15, threads = 20, start_time = 22, virtual_size = 23,
                        resident_pages = 24;
  const auto stat = own_stat();
  ProcessFigures figures;
  if (stat.size() > resident_pages) {
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    figures.cpu_seconds = (stat[user_time] + stat[system_time]) / ticks;
    figures.start_time_seconds = boot_time() + stat[start_time] / ticks;
    figures.threads = static_cast<std::size_t>(stat[threads]);
    figures.virtual_bytes = static_cast<std::size_t>(stat[virtual_size]);
    figures.resident_bytes =
        static_cast<std::size_t>(stat[resident_pages]) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  }
  figures.open_files = count_open_files();
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) figures.max_open_files = files.rlim_cur;
  return figures;
}

}  // namespace ubiety

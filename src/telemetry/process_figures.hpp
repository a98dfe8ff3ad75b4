// The figures that Linux keeps about this process (proc(5)). Any thread.
#pragma once

#include <cstddef>

namespace ubiety {

struct ProcessFigures {
  double cpu_seconds = 0;         // of all threads, in user and kernel mode
  double start_time_seconds = 0;  // since 1970
  std::size_t resident_bytes = 0;
  std::size_t virtual_bytes = 0;
  std::size_t threads = 0;
  std::size_t open_files = 0;
  std::size_t max_open_files = 0;
};

// A figure that cannot be read is 0.
ProcessFigures process_figures();

}  // namespace ubiety

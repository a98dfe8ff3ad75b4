// What the open-loop load generator is asked for, on its command line. One thread.
#pragma once

#include <cstdint>
#include <string>

namespace ubiety::open_loop {

struct Arguments {
  std::uint16_t port = 0;       // on 127.0.0.1
  double rate = 0;              // requests a second
  double seconds = 0;           // that count
  double warm_up = 0;           // seconds before them, that do not
  std::size_t connections = 0;  // at most so many requests are under way
  std::uint32_t devices = 0;    // that report in turn
  std::string path = "/status";
};

// Ends the program with exit code 2 and a usage line when they are wrong.
Arguments read_arguments(int count, char** words);

}  // namespace ubiety::open_loop

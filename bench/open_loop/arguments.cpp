#include "open_loop/arguments.hpp"

#include <cstdlib>
#include <iostream>

namespace ubiety::open_loop {

Arguments read_arguments(int count, char** words) {
  Arguments arguments;
  if (count >= 7) {
    arguments.port = static_cast<std::uint16_t>(std::strtoul(words[1], nullptr, 10));
    arguments.rate = std::strtod(words[2], nullptr);
    arguments.seconds = std::strtod(words[3], nullptr);
    arguments.warm_up = std::strtod(words[4], nullptr);
    arguments.connections = std::strtoul(words[5], nullptr, 10);
    arguments.devices = static_cast<std::uint32_t>(std::strtoul(words[6], nullptr, 10));
    if (count > 7) arguments.path = words[7];
  }
  if (arguments.port == 0 || arguments.rate <= 0 || arguments.seconds <= 0 || arguments.connections == 0 ||
      arguments.devices == 0) {
    std::cerr << "usage: ubiety_open_loop PORT RATE SECONDS WARM_UP_SECONDS CONNECTIONS DEVICES [PATH]\n";
    std::exit(2);
  }
  return arguments;
}

}  // namespace ubiety::open_loop

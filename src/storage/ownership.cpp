#include "storage/ownership.hpp"

#include <unistd.h>

#include <array>

namespace ubiety {

Owner this_process(Timestamp now) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return {.host = host.data(), .pid = ::getpid(), .since = now};
}

std::string to_text(const Owner& owner) {
  if (owner.pid == 0) return "another process";
  auto text = "process " + std::to_string(owner.pid);
  if (!owner.host.empty()) text += " on " + owner.host;
  return text + ", since " + format_timestamp(owner.since);
}

}  // namespace ubiety

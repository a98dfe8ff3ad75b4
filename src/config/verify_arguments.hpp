// What stands behind `ubietyd verify`. At the start, one thread.
#pragma once

#include <optional>
#include <string>

namespace ubiety::config {

struct VerifyArguments {
  std::string url;           // of the running node to compare with; empty for none
  std::string api_key_file;  // empty: the key is UBIETY_API_KEY, or the node needs none
  std::string ca_file;       // empty: the system's authorities

  std::string api_key;  // empty for none
  std::string ca;       // PEM; empty: the system's authorities
};

// Fills in the key and the certificate from their files or the environment, and checks the URL. A key is no argument,
// since every user of the machine sees those. Returns what is wrong, for a person; nullopt if nothing is.
std::optional<std::string> complete(VerifyArguments& arguments);

}  // namespace ubiety::config

// `ubietyd keys …`: an operator's commands on the keys in the store, whether or not a service runs. Blocking; one
// thread.
#pragma once

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include "storage/key_store.hpp"

namespace ubiety::program {

class KeyCli {
 public:
  // Keys and lists go to `out`, so that a script can read them; messages about them go to `notes`.
  KeyCli(KeyStore& store, Timestamp now, std::ostream& out, std::ostream& notes)
      : store_(store), now_(now), out_(out), notes_(notes) {}

  // Each returns the exit code of the process: 0; 1 if the command failed; 2 if an argument is invalid.
  int create(const std::string& name, const std::vector<std::string>& scopes, const std::string& expires);
  int list();
  int revoke(KeyId id);
  int rotate(KeyId id, std::chrono::seconds grace);

 private:
  int refuse(const std::string& problem, int code = 1);
  int refuse_unknown(KeyId id) { return refuse("there is no key " + std::to_string(id)); }

  KeyStore& store_;
  const Timestamp now_;
  std::ostream& out_;
  std::ostream& notes_;
};

}  // namespace ubiety::program

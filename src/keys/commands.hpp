// `ubietyd keys …`: what an operator does with the keys, past a service that may run or not. Blocking; one thread.
#pragma once

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include "storage/key_store.hpp"

namespace ubiety::keys {

class Commands {
 public:
  // Keys and lists go to `out`, so that a script can take them; what is said about them goes to `notes`.
  Commands(KeyStore& store, Timestamp now, std::ostream& out, std::ostream& notes)
      : store_(store), now_(now), out_(out), notes_(notes) {}

  // Each gives the process's exit code: 0, 1 when it cannot be done, 2 when an argument is wrong.
  int create(const std::string& name, const std::vector<std::string>& scopes, const std::string& expires);
  int list();
  int revoke(KeyId id);
  int rotate(KeyId id, std::chrono::seconds grace);

 private:
  int refuse(const std::string& problem, int code = 1);
  int unknown(KeyId id) { return refuse("there is no key " + std::to_string(id)); }

  KeyStore& store_;
  const Timestamp now_;
  std::ostream& out_;
  std::ostream& notes_;
};

// A time as RFC 3339 has it, or so many days or hours from now: 90d, 12h. nullopt for anything else, and for what is
// past.
std::optional<Timestamp> parse_expiry(const std::string& text, Timestamp now);

}  // namespace ubiety::keys

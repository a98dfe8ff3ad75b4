// One process at a time owns a store or a spool: of two processes on one store, each would miss the other's updates. A
// process that finds an owner waits until that owner has ended. Ownership ends with the process, however it ends.
//
// One thread, except where stated.
#pragma once

#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>

#include "domain/timestamp.hpp"
#include "storage/store.hpp"

namespace ubiety {

// A process that owns a store. Unknown members are empty.
struct Owner {
  std::string host;
  std::int64_t pid = 0;
  Timestamp since{};

  bool operator==(const Owner&) const = default;
};

// This process as an owner. Any thread.
inline Owner this_process(Timestamp now) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return {.host = host.data(), .pid = ::getpid(), .since = now};
}

// "process 4711 on web-1, since 2026-11-28T13:50:00Z", without the unknown parts. Any thread.
inline std::string to_text(const Owner& owner) {
  if (owner.pid == 0) return "another process";
  auto text = "process " + std::to_string(owner.pid);
  if (!owner.host.empty()) text += " on " + owner.host;
  return text + ", since " + format_timestamp(owner.since);
}

// The outcome of a claim.
struct Claim {
  enum class Outcome : std::uint8_t {
    owned,   // this process owns it
    others,  // another process owns it: see `other`
    lost,    // this process owned it, but may no longer, or the store has been replaced: see `reason`
  };
  Outcome outcome = Outcome::owned;
  Owner other{};
  std::string reason{};
};

class Ownership {
 public:
  virtual ~Ownership() = default;

  // Claims the store unless another process owns it, for which it does not wait. Called again, it checks that this
  // process still owns the store and that the store is still the same.
  virtual StoreResult<Claim> claim() = 0;

  // Records the owner in the store, and waits until no earlier owner can commit. Call it after a successful claim and
  // with the schema up to date, before anything is loaded. The store's sessions commit only after it.
  virtual StoreResult<Done> take_over(Timestamp now) = 0;
};

}  // namespace ubiety

// One process at a time owns a store, and a spool: two that serve from one store would each miss what the other takes.
// A process that finds an owner waits for its end. Ownership ends with the process, however that ends.
//
// One thread, but for whatever says otherwise.
#pragma once

#include <cstdint>
#include <string>

#include "domain/timestamp.hpp"
#include "storage/store_result.hpp"

namespace ubiety {

// A process that owns a store. What is not known of it is empty.
struct Owner {
  std::string host;
  std::int64_t pid = 0;
  Timestamp since{};

  bool operator==(const Owner&) const = default;
};

// This process.
Owner this_process(Timestamp now);

// "process 4711 on web-1, since 2026-11-28T13:50:00Z"; less when less is known.
std::string to_text(const Owner& owner);

// What a claim found.
struct Claim {
  enum class Outcome : std::uint8_t {
    owned,   // this process owns it
    others,  // another process does: see `other`
    lost,    // this process owned it, and what is there now may be another's, or another store: see `reason`
  };
  Outcome outcome = Outcome::owned;
  Owner other{};
  std::string reason{};
};

class Ownership {
 public:
  virtual ~Ownership() = default;

  // Takes the store unless another process owns it. Called again, it makes sure that the store is still this process's
  // and still the same. Does not wait for the other process.
  virtual StoreResult<Claim> claim() = 0;

  // To be called with the claim granted and the schema up to date, before anything is loaded: notes the owner in the
  // store, and returns when no earlier owner can commit any more. Only then do the store's sessions commit.
  virtual StoreResult<Done> take_over(Timestamp now) = 0;
};

}  // namespace ubiety

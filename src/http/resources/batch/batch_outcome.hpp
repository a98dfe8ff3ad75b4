// The outcome of each update of a batch, and the answer that lists them. The intake adds the updates in their order,
// then the shards' parcels come back. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/parcel.hpp"
#include "http/message/answer.hpp"
#include "http/message/validation_answer.hpp"

namespace ubiety::http {

class BatchOutcome {
 public:
  explicit BatchOutcome(std::size_t shards) : parcels_(shards) {}

  // -- while the batch is read --

  // The next update is faulty.
  void reject(const json::ReadError& error);
  void reject(const Faults& faults);
  // The next update is in the parcel of `shard`.
  void pass_to(std::uint32_t shard) { places_.push_back(static_cast<Place>(shard)); }

  std::size_t size() const { return places_.size(); }

  // -- afterwards --

  void wait_for_parcels(std::size_t count) { awaited_ = count; }
  // Takes back the parcel of a shard, with its outcomes.
  void take_back(ParcelPointer parcel);
  bool is_complete() const { return awaited_ == 0; }

  // `with_results`: with the outcome of each update.
  Answer answer(bool with_results);

 private:
  using Place = std::uint16_t;  // a shard, or `rejected`
  static constexpr Place rejected = UINT16_MAX;
  static constexpr std::size_t max_errors = 100;

  struct Error {
    std::size_t index;
    std::string detail;  // as JSON
  };
  struct Counts {
    std::size_t accepted = 0, late = 0, duplicate = 0, rejected = 0;
    std::size_t refused = 0;  // by the store
    std::size_t unknown = 0;  // whether they were stored
  };

  template <class Problem>
  void reject_with(const Problem& problem);
  // Calls visit(index, outcome) for each update; the outcome is nullptr for one that was rejected when it was read.
  template <class Visit>
  void for_each(Visit visit) const;
  Counts count();
  int status_for(const Counts& counts) const;

  std::vector<Place> places_;
  std::vector<Error> errors_;  // the first max_errors, and those of the store
  bool missing_field_ = false;
  Parcels parcels_;  // by shard; nullptr until it is back
  std::size_t awaited_ = 0;
};

}  // namespace ubiety::http

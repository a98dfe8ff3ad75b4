// Takes in a batch of updates: from the request's body to a parcel for each shard. Works in steps, so that a large
// batch does not hold up the loop. The loop's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/parcel.hpp"
#include "http/message/gunzip.hpp"
#include "http/resources/batch/batch_outcome.hpp"
#include "http/resources/batch/batch_request.hpp"
#include "json/batch_reader.hpp"

namespace ubiety::http {

struct Service;

class BatchIntake {
 public:
  // `reader` belongs to one intake at a time, from its first step to its last; `body` has to stay where it is until
  // then, and has its credit already.
  BatchIntake(Service& service, json::BatchReader& reader, BatchRequest request, std::string_view body, Credit credit);

  // Returns nullopt while there is more to do. At the end returns the parcels, each with its credit, or the answer to a
  // batch of which nothing is stored. Updates that are in no parcel are noted in `outcome` as rejected.
  std::optional<Result<Parcels, Answer>> advance(BatchOutcome& outcome);

  const BatchRequest& request() const { return request_; }

 private:
  enum class Stage { inflate, admit, begin, read };
  std::optional<Answer> inflate();
  std::optional<Answer> admit();
  std::optional<Answer> begin();
  std::optional<Result<Parcels, Answer>> read(BatchOutcome& outcome);
  void take(const Result<Report, json::ReadError>& report, Timestamp now, BatchOutcome& outcome);
  Result<Parcels, Answer> finished_parcels();

  Service& service_;
  json::BatchReader& reader_;
  const BatchRequest request_;
  Stage stage_ = Stage::admit;
  std::optional<Gunzip> gunzip_;
  std::string inflated_;
  std::string_view text_;
  Credit credit_;
  Parcels by_shard_;  // null where there is none
};

}  // namespace ubiety::http

// Turns the body of a batch request into a parcel for each shard. Works in steps, so that a large batch does not block
// the loop. The loop's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/parcel.hpp"
#include "domain/result.hpp"
#include "http/message/answer.hpp"
#include "http/message/request_body.hpp"
#include "http/resources/batch/batch_outcome.hpp"
#include "json/reader.hpp"

namespace ubiety::http {

struct Service;

// The header fields of a request with a batch.
struct BatchRequest {
  json::BatchForm form = json::BatchForm::lines;
  bool gzip = false;                // the body is compressed
  bool results = false;             // the client wants the outcome of each update
  GroupNumber group = whole_fleet;  // see Service::group_of
};

// A pure function. The error is a 415.
Result<BatchRequest, Answer> parse_batch_request(std::optional<std::string_view> content_type,
                                                 std::optional<std::string_view> content_encoding,
                                                 std::optional<std::string_view> prefer);

class BatchIntake {
 public:
  // `reader` serves one intake at a time. `reader` and `body` outlive the last step. `credit` covers the body.
  BatchIntake(Service& service, json::BatchReader& reader, BatchRequest request, std::string_view body, Credit credit);

  // Does the next step. Returns nullopt while there is more to do, and at the end the parcels, each with its credit.
  // The error is the answer to a batch of which nothing is stored. `outcome` gets the place of each update, or its
  // faults.
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
  Parcels by_shard_;  // nullptr for a shard without an update
};

}  // namespace ubiety::http

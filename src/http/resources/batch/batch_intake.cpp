#include "http/resources/batch/batch_intake.hpp"

#include <algorithm>
#include <utility>

#include "domain/report.hpp"
#include "http/message/header_fields.hpp"
#include "http/message/request_body.hpp"
#include "http/message/validation_answer.hpp"
#include "http/service.hpp"

namespace ubiety::http {
namespace {

constexpr std::size_t updates_per_step = 64;

Answer too_many_answer(std::string_view what, std::string_view setting, std::size_t limit) {
  std::string detail = "a batch has at most " + std::to_string(limit) + " ";
  return detail_answer(413, detail.append(what).append(" (").append(setting).append("); nothing was stored"));
}

std::size_t count_of(std::string_view text, char wanted) {
  std::size_t count = 0;
  for (auto at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) ++count;
  return count;
}

}  // namespace

Result<BatchRequest, Answer> parse_batch_request(std::optional<std::string_view> content_type,
                                                 std::optional<std::string_view> content_encoding,
                                                 std::optional<std::string_view> prefer) {
  const bool lines = is_ndjson(content_type);
  if (!lines && !is_json(content_type)) return Failure{neither_json_nor_ndjson_answer()};
  auto coding = accepted_coding(content_encoding.value_or(""));
  if (!coding) return Failure{std::move(coding.error())};
  return BatchRequest{lines ? json::BatchForm::lines : json::BatchForm::array, *coding == ContentCoding::gzip,
                      prefers_representation(prefer)};
}

BatchIntake::BatchIntake(Service& service, json::BatchReader& reader, BatchRequest request, std::string_view body,
                         Credit credit)
    : service_(service),
      reader_(reader),
      request_(request),
      text_(body),
      credit_(std::move(credit)),
      by_shard_(service.engine.shards()) {
  if (!request.gzip) return;
  gunzip_.emplace(body, service.options.max_batch_bytes);
  stage_ = Stage::inflate;
}

std::optional<Result<Parcels, Answer>> BatchIntake::advance(BatchOutcome& outcome) {
  if (stage_ == Stage::read) return read(outcome);
  auto refusal = stage_ == Stage::inflate ? inflate() : stage_ == Stage::admit ? admit() : begin();
  if (refusal) return Failure{std::move(*refusal)};
  return std::nullopt;
}

std::optional<Answer> BatchIntake::inflate() {
  const auto before = gunzip_->size();
  const auto progress = gunzip_->advance();
  if (const auto limit =
          service_.engine.admission().grow(credit_, {0, static_cast<std::int64_t>(gunzip_->size() - before)}))
    return overload_answer(*limit);
  switch (progress) {
    case Gunzip::Progress::more: return std::nullopt;
    case Gunzip::Progress::malformed: return malformed_gzip_answer();
    case Gunzip::Progress::too_large:
      return too_many_answer("bytes once decoded", "MAX_BATCH_BYTES", service_.options.max_batch_bytes);
    case Gunzip::Progress::done: break;
  }
  inflated_ = gunzip_->take();
  gunzip_.reset();
  text_ = inflated_;
  stage_ = Stage::admit;
  return std::nullopt;
}

// Comes before the work of parsing. An update has at least one brace, so the count is never too low.
std::optional<Answer> BatchIntake::admit() {
  const auto updates = std::min(count_of(text_, '{'), service_.options.max_batch_updates);
  if (const auto limit = service_.engine.admission().grow(credit_, {static_cast<std::int64_t>(updates), 0}))
    return overload_answer(*limit);
  stage_ = Stage::begin;
  return std::nullopt;
}

std::optional<Answer> BatchIntake::begin() {
  stage_ = Stage::read;
  if (const auto error = reader_.begin(text_, request_.form)) return read_error_answer(*error);
  return std::nullopt;
}

std::optional<Result<Parcels, Answer>> BatchIntake::read(BatchOutcome& outcome) {
  const auto limit = service_.options.max_batch_updates;
  const auto now = service_.clock.now();
  for (std::size_t count = 0; count < updates_per_step; ++count) {
    const auto report = reader_.next();
    if (const auto& error = reader_.error()) return Failure{read_error_answer(*error)};
    if (!report) return finished_parcels();
    if (outcome.size() == limit) return Failure{too_many_answer("updates", "MAX_BATCH_UPDATES", limit)};
    take(*report, now, outcome);
  }
  return std::nullopt;
}

void BatchIntake::take(const Result<Report, json::ReadError>& report, Timestamp now, BatchOutcome& outcome) {
  if (!report) return outcome.reject(report.error());
  auto update =
      validate(*report, now, now, service_.options.max_future);  // finished_parcels() sets the time of receipt
  if (!update) return outcome.reject(update.error());
  const auto shard = service_.engine.shard_of(update->device_id);
  auto& parcel = by_shard_[shard];
  if (!parcel) parcel = std::make_unique<Parcel>(shard);
  parcel->add(std::move(*update));
  outcome.pass_to(shard);
}

// Times of receipt rise in the order in which updates are submitted. So they are set now: other requests were served
// while the batch was read.
Result<Parcels, Answer> BatchIntake::finished_parcels() {
  auto parcels = std::move(by_shard_);
  std::erase(parcels, nullptr);
  std::size_t updates = 0;
  for (const auto& parcel : parcels) updates += parcel->updates().size();
  const auto now = service_.clock.now();
  const auto bytes = static_cast<std::size_t>(credit_.load().bytes);
  for (const auto& parcel : parcels) {
    const auto share = parcel->updates().size();
    parcel->group = request_.group;
    parcel->credit =
        credit_.split({static_cast<std::int64_t>(share), static_cast<std::int64_t>(bytes * share / updates)});
    if (const auto limit = service_.engine.admission().admit_to_shard(parcel->shard, parcel->credit))
      return Failure{overload_answer(*limit)};
    for (auto& each : parcel->updates()) each.update.status.received = service_.next_received(now);
  }
  credit_ = {};
  return parcels;
}

}  // namespace ubiety::http

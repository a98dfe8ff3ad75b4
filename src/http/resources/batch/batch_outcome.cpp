#include "http/resources/batch/batch_outcome.hpp"

#include <algorithm>
#include <utility>

#include "domain/report.hpp"
#include "http/message/validation_answer.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

constexpr std::string_view refused_detail =
    R"([{"loc":["body"],"msg":"the store refuses this update","type":"internal_error"}])";

std::string_view word_for(const UpdateOutcome* outcome) {
  if (outcome == nullptr) return "rejected";
  switch (*outcome) {
    case UpdateOutcome::stored: return "stored";
    case UpdateOutcome::late: return "late";
    case UpdateOutcome::duplicate: return "duplicate";
    case UpdateOutcome::expired:
    case UpdateOutcome::unavailable:
    case UpdateOutcome::refused: break;
  }
  return "rejected";
}

void append_count(std::string& out, std::string_view name, std::size_t count) {
  out.append("\"").append(name).append("\":");
  json::append_number(out, count);
  out += ',';
}

}  // namespace

template <class Problem>
void BatchOutcome::reject_with(const Problem& problem) {
  missing_field_ = missing_field_ || status_of(problem) == 422;
  if (errors_.size() < most_errors) {
    errors_.push_back({places_.size(), {}});
    append_detail(errors_.back().detail, problem);
  }
  places_.push_back(rejected);
}

void BatchOutcome::reject(const json::ReadError& error) { reject_with(error); }

void BatchOutcome::reject(const Faults& faults) { reject_with(faults); }

void BatchOutcome::settle(ParcelPointer parcel) {
  auto& place = parcels_[parcel->shard];
  place = std::move(parcel);
  --awaited_;
}

template <class Tell>
void BatchOutcome::for_each(Tell tell) const {
  std::vector<const ParcelUpdate*> next(parcels_.size(), nullptr);
  for (std::size_t shard = 0; shard < parcels_.size(); ++shard)
    if (parcels_[shard]) next[shard] = parcels_[shard]->updates().data();
  for (std::size_t index = 0; index < places_.size(); ++index)
    tell(index, places_[index] == rejected ? nullptr : &next[places_[index]]++->outcome);
}

// Notes the updates that the store refused among the errors, too.
BatchOutcome::Counts BatchOutcome::count() {
  Counts counts;
  for_each([&](std::size_t index, const UpdateOutcome* outcome) {
    if (outcome == nullptr) {
      ++counts.rejected;
      return;
    }
    switch (*outcome) {
      case UpdateOutcome::late: ++counts.late; break;
      case UpdateOutcome::duplicate: ++counts.duplicate; break;
      case UpdateOutcome::stored: break;
      case UpdateOutcome::expired:
      case UpdateOutcome::unavailable: ++counts.unsettled; break;
      case UpdateOutcome::refused:
        ++counts.refused;
        ++counts.rejected;
        errors_.push_back({index, std::string(refused_detail)});
        break;
    }
  });
  counts.accepted = places_.size() - counts.rejected - counts.unsettled;
  return counts;
}

int BatchOutcome::status_for(const Counts& counts) const {
  if (counts.rejected == 0) return 200;
  if (counts.accepted != 0) return 207;
  if (counts.refused != 0) return 500;
  return missing_field_ ? 422 : 400;
}

Answer BatchOutcome::answer(bool results) {
  const auto counts = count();
  if (counts.unsettled != 0)
    return unavailable_answer("some of the updates waited too long; which were stored is unknown");

  std::string body = "{";
  append_count(body, "accepted", counts.accepted);
  append_count(body, "late", counts.late);
  append_count(body, "duplicate", counts.duplicate);
  append_count(body, "rejected", counts.rejected);
  body += "\"errors\":[";
  std::stable_sort(errors_.begin(), errors_.end(),
                   [](const Error& left, const Error& right) { return left.index < right.index; });
  errors_.resize(std::min(errors_.size(), most_errors));
  for (const auto& error : errors_) {
    if (&error != &errors_.front()) body += ',';
    body += "{\"index\":";
    json::append_number(body, error.index);
    body.append(",\"detail\":").append(error.detail).append("}");
  }
  body += ']';
  if (results) {
    body.reserve(body.size() + 12 * places_.size());
    body += ",\"results\":[";
    for_each([&](std::size_t index, const UpdateOutcome* outcome) {
      body.append(index == 0 ? "\"" : ",\"").append(word_for(outcome)).append("\"");
    });
    body += ']';
  }
  body += '}';
  auto answer = json_answer(status_for(counts), std::move(body));
  if (results) answer.fields.push_back({"Preference-Applied", "return=representation"});
  return answer;
}

}  // namespace ubiety::http

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

std::string_view name_of(const UpdateOutcome* outcome) {
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

}  // namespace

template <class Problem>
void BatchOutcome::reject_with(const Problem& problem) {
  missing_field_ = missing_field_ || status_of(problem) == 422;
  if (errors_.size() < max_errors) {
    errors_.push_back({places_.size(), {}});
    append_detail(errors_.back().detail, problem);
  }
  places_.push_back(rejected);
}

void BatchOutcome::reject(const json::ReadError& error) { reject_with(error); }

void BatchOutcome::reject(const Faults& faults) { reject_with(faults); }

void BatchOutcome::take_back(ParcelPointer parcel) {
  auto& place = parcels_[parcel->shard];
  place = std::move(parcel);
  --awaited_;
}

template <class Visit>
void BatchOutcome::for_each(Visit visit) const {
  std::vector<const ParcelUpdate*> next(parcels_.size(), nullptr);
  for (std::size_t shard = 0; shard < parcels_.size(); ++shard)
    if (parcels_[shard]) next[shard] = parcels_[shard]->updates().data();
  for (std::size_t index = 0; index < places_.size(); ++index)
    visit(index, places_[index] == rejected ? nullptr : &next[places_[index]]++->outcome);
}

// Adds an error for each update that the store refused.
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
      case UpdateOutcome::unavailable: ++counts.unknown; break;
      case UpdateOutcome::refused:
        ++counts.refused;
        ++counts.rejected;
        errors_.push_back({index, std::string(refused_detail)});
        break;
    }
  });
  counts.accepted = places_.size() - counts.rejected - counts.unknown;
  return counts;
}

int BatchOutcome::status_for(const Counts& counts) const {
  if (counts.rejected == 0) return 200;
  if (counts.accepted != 0) return 207;
  if (counts.refused != 0) return 500;
  return missing_field_ ? 422 : 400;
}

Answer BatchOutcome::answer(bool with_results) {
  const auto counts = count();
  if (counts.unknown != 0) return unavailable_answer("some updates waited too long; which ones were stored is unknown");

  std::stable_sort(errors_.begin(), errors_.end(),
                   [](const Error& left, const Error& right) { return left.index < right.index; });
  errors_.resize(std::min(errors_.size(), max_errors));
  std::string body;
  if (with_results) body.reserve(12 * places_.size());
  json::append_object(body, [&](json::Object& object) {
    object.member("accepted", counts.accepted);
    object.member("late", counts.late);
    object.member("duplicate", counts.duplicate);
    object.member("rejected", counts.rejected);
    object.array("errors", [this](json::Array& list) {
      for (const auto& error : errors_)
        list.object([&error](json::Object& entry) {
          entry.member("index", error.index);
          entry.begin_member("detail") += error.detail;
        });
    });
    if (!with_results) return;
    object.array("results", [this](json::Array& list) {
      for_each([&list](std::size_t, const UpdateOutcome* outcome) { list.element(name_of(outcome)); });
    });
  });
  auto answer = json_answer(status_for(counts), std::move(body));
  if (with_results) answer.fields.push_back({"Preference-Applied", "return=representation"});
  return answer;
}

}  // namespace ubiety::http

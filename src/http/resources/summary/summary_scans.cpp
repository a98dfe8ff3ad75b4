#include "http/resources/summary/summary_scans.hpp"

#include <algorithm>

namespace ubiety::http {
namespace {

constexpr std::size_t waiting_per_running = 8;

}  // namespace

PendingScan* SummaryScans::join(const SummaryRequest& request) {
  for (auto& [number, scan] : scans_)
    if (!scan.scan && scan.request == request) return &scan;
  if (waiting() >= max_running_ * waiting_per_running) return nullptr;
  auto& scan = scans_[++last_number_];
  scan.request = request;
  return &scan;
}

SummaryScans::Numbered SummaryScans::next() {
  if (running() < max_running_)
    for (auto& [number, scan] : scans_)
      if (!scan.scan && may_run(scan)) return {number, &scan};
  return {0, nullptr};
}

bool SummaryScans::may_run(const PendingScan& scan) const {
  const auto& query = scan.request.query;
  return std::none_of(scans_.begin(), scans_.end(), [&](const auto& numbered) {
    const auto& other = numbered.second;
    const bool is_sorting = other.request.query.sort && !other.order;
    return other.scan && (other.request == scan.request || (query.sort && is_sorting));
  });
}

PendingScan* SummaryScans::find(std::uint64_t number) {
  const auto found = scans_.find(number);
  return found == scans_.end() ? nullptr : &found->second;
}

std::vector<std::uint64_t> SummaryScans::numbers() const {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, scan] : scans_) numbers.push_back(number);
  return numbers;
}

std::size_t SummaryScans::running() const {
  return static_cast<std::size_t>(
      std::count_if(scans_.begin(), scans_.end(), [](const auto& one) { return one.second.scan != nullptr; }));
}

}  // namespace ubiety::http

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
      if (!scan.scan && !has_running_twin(scan)) return {number, &scan};
  return {0, nullptr};
}

bool SummaryScans::has_running_twin(const PendingScan& scan) const {
  return std::any_of(scans_.begin(), scans_.end(),
                     [&](const auto& other) { return other.second.scan && other.second.request == scan.request; });
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

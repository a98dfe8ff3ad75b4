#include "http/resources/summary/summary_scans.hpp"

#include <algorithm>

#include "domain/text.hpp"
#include "http/message/header_fields.hpp"
#include "http/message/query.hpp"
#include "http/resources/filter_parameters.hpp"

namespace ubiety::http {
namespace {

constexpr std::string_view cursor_version = "01";
constexpr std::int64_t max_limit = 100'000;

// Returns nullopt for anything that summary_cursor did not write.
std::optional<std::string> decode_summary_cursor(std::string_view text) {
  if (!text.starts_with(cursor_version) || text.size() == cursor_version.size()) return std::nullopt;
  return from_hexadecimal(text.substr(cursor_version.size()));
}

constexpr std::size_t waiting_per_running = 8;

}  // namespace

Result<SummaryRequest, Answer> parse_summary_request(std::string_view query,
                                                     std::optional<std::string_view> accept_encoding) {
  SummaryRequest request;
  QueryReader reader(query);
  auto& [filter, limit, after] = request.query;
  if (const auto given = reader.integer("limit", 1, max_limit)) limit = static_cast<std::size_t>(*given);
  if (const auto cursor = reader.text("cursor")) {
    if (auto device_id = decode_summary_cursor(*cursor))
      after = std::move(*device_id);
    else
      reader.fault("cursor", pydantic::bad_cursor());
  }
  filter = read_filter(reader);
  if (auto refusal = reader.refusal()) return Failure{std::move(*refusal)};

  request.gzip = request.query.is_of_all() && accepts_gzip(accept_encoding);
  return request;
}

bool ask_the_same(const SummaryRequest& left, const SummaryRequest& right) {
  return left.gzip == right.gzip && left.query.limit == right.query.limit && left.query.after == right.query.after &&
         left.query.filter == right.query.filter;
}

std::string summary_cursor(std::string_view last_device_id) {
  return std::string(cursor_version) + to_hexadecimal(last_device_id);
}

PendingScan* SummaryScans::join(const SummaryRequest& request) {
  for (auto& [number, scan] : scans_)
    if (!scan.scan && ask_the_same(scan.request, request)) return &scan;
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
  return std::any_of(scans_.begin(), scans_.end(), [&](const auto& other) {
    return other.second.scan && ask_the_same(other.second.request, scan.request);
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

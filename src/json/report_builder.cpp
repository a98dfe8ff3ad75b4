#include "json/report_builder.hpp"

#include <functional>
#include <utility>

namespace ubiety::json {
namespace {

// The answer to a body full of repeated keys would otherwise be many times the size of the body.
constexpr std::size_t max_repeated_keys = 100;

// Sorted. A large body may have a hundred thousand keys, and hashes sort much faster than texts.
std::vector<std::string> repeated_among(const std::vector<std::string_view>& keys) {
  std::vector<std::pair<std::size_t, std::string_view>> hashed;
  hashed.reserve(keys.size());
  for (const auto key : keys) hashed.emplace_back(std::hash<std::string_view>{}(key), key);
  std::sort(hashed.begin(), hashed.end());

  std::vector<std::string> repeated;
  auto same = hashed.begin();
  while ((same = std::adjacent_find(same, hashed.end())) != hashed.end() && repeated.size() < max_repeated_keys) {
    repeated.emplace_back(same->second);
    same = std::upper_bound(same, hashed.end(), *same);
  }
  std::sort(repeated.begin(), repeated.end());
  return repeated;
}

}  // namespace

void ReportBuilder::finish() {
  if (unknown_.size() < 2) return;
  const auto repeated = repeated_among(unknown_);
  report_.repeated_keys.insert(report_.repeated_keys.end(), repeated.begin(), repeated.end());
}

}  // namespace ubiety::json

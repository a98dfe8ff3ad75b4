#include "support/verification.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "support/history_of.hpp"

namespace ubiety::test {
namespace {

// Orders by time; of equal times the last sent is first. A device has one client, which waits for each answer.
std::vector<Sent> newest_first(const std::vector<Sent>& sent) {
  std::vector<Sent> sorted(sent.rbegin(), sent.rend());
  const auto time_of = [](const Sent& update) {
    // Without the Z a shorter fraction sorts before a longer one, as it must.
    return std::string_view(update.report.timestamp).substr(0, update.report.timestamp.size() - 1);
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Sent& left, const Sent& right) { return time_of(left) > time_of(right); });
  return sorted;
}

void verify_device(HttpClient& client, const std::string& device, const std::vector<Sent>& sent, Verification& result) {
  const auto history = history_of(client, device);
  auto record = history.begin();
  std::size_t lost = 0;
  for (const auto& update : newest_first(sent)) {
    result.stored += update.told == Told::stored;
    result.unsettled += update.told != Told::stored;
    if (record != history.end() && *record == update.report.history_record()) {
      ++record;
      result.unanswered += update.told == Told::nothing;
      if (update.told == Told::not_stored && ++result.unexpected == 1)
        ADD_FAILURE() << device << ": stored, though the answer said not: " << update.report.history_record();
    } else if (update.told == Told::stored && lost++ == 0) {
      ADD_FAILURE() << device << ": acknowledged, but not at its place: " << update.report.history_record();
    }
  }
  EXPECT_EQ(lost, 0u) << device;
  result.lost += lost;
  result.unexpected += static_cast<std::size_t>(history.end() - record);
  if (record != history.end()) ADD_FAILURE() << device << ": never sent, or out of order: " << *record;
  const auto latest = latest_of(client, device);
  if (latest == (history.empty() ? "" : history.front())) return;
  ++result.outdated;
  ADD_FAILURE() << device << ": the latest is not the first of the history: " << latest;
}

// Checks for each reader that what it read is still there, and that no read is older than the one before.
void verify_reads(HttpClient& client, const std::string& device, const std::vector<Sent>& sent,
                  const std::vector<Reads>& readers, Verification& result) {
  const auto history = history_of(client, device);
  const std::set<std::string> present(history.begin(), history.end());
  std::map<std::string, std::size_t> place;  // 0 is the newest
  for (const auto& update : newest_first(sent)) place.emplace(update.report.history_record(), place.size());
  for (const auto& reads : readers) {
    std::size_t last_place = sent.size();
    for (const auto& record : reads) {
      ++result.reads;
      if (!present.contains(record) && ++result.vanished == 1)
        ADD_FAILURE() << device << ": was read, and is gone: " << record;
      const auto found = place.find(record);
      if (found == place.end()) continue;  // never sent; verify_device() reports it if it is stored
      if (found->second > last_place && ++result.regressions == 1)
        ADD_FAILURE() << device << ": the latest went back to " << record;
      last_place = found->second;
    }
  }
}

}  // namespace

Verification verify(int port, const Recording& recording) {
  for (const auto& fault : recording.faults) ADD_FAILURE() << fault;
  Verification result;
  HttpClient client(port);
  for (const auto& [device, sent] : recording.sent) verify_device(client, device, sent, result);
  for (const auto& [device, readers] : recording.read) {
    const auto sent = recording.sent.find(device);
    verify_reads(client, device, sent == recording.sent.end() ? std::vector<Sent>{} : sent->second, readers, result);
  }
  return result;
}

std::uint32_t new_seed() {
  const char* given = std::getenv("UBIETY_SEED");
  const std::uint32_t seed =
      given ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
  std::cout << "UBIETY_SEED=" << seed << std::endl;
  return seed;
}

}  // namespace ubiety::test

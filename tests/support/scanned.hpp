// Scans a table, from the first slice to the reply. One thread.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/shard/device_scan.hpp"
#include "support/answers.hpp"
#include "support/device_table.hpp"

namespace ubiety::test {

// A scan whose budget has this limit.
struct ScanUnderTest {
  explicit ScanUnderTest(Table& the_table, SummaryEncoder the_encoder, SummaryQuery query = {}, bool deflated = false,
                         std::int64_t most_bytes = 1 << 30)
      : table(the_table),
        encoder(the_encoder),
        budget(most_bytes),
        shared(std::make_shared<SummaryScan>(budget, SteadyTime{} + std::chrono::seconds(1))),
        scan({shared, std::move(query), deflated, replies.reply_to(0)}) {}

  // Scans the next slice. Returns whether it was the last.
  bool advance(const DeviceScan::Moment& now) { return scan.advance(3, table, encoder, now); }
  bool advance() { return advance({SteadyTime{}, table.now}); }

  // Scans all slices, calls `between` between two of them, and returns the result.
  SummaryPart finish(const std::function<void()>& between = [] {}) {
    while (!advance()) {
      ++slices;
      between();
    }
    return replies.of(0).value();
  }

  Table& table;
  const SummaryEncoder encoder;
  Answers<SummaryPart> replies;
  ByteBudget budget;
  SummaryScanPointer shared;
  DeviceScan scan;
  int slices = 1;
};

inline SummaryPart scanned(Table& table, SummaryEncoder encoder, SummaryQuery query = {}, bool deflated = false) {
  return ScanUnderTest(table, encoder, std::move(query), deflated).finish();
}

inline std::string text_of(const SummaryPart& part) {
  std::string text;
  for (const auto& piece : part.pieces) text += *piece.bytes;
  return text;
}

inline std::vector<std::string> ids_of(const SummaryRows& rows) {
  std::vector<std::string> ids;
  for (std::size_t row = 0; row < rows.size(); ++row) ids.emplace_back(rows.id(row));
  return ids;
}

}  // namespace ubiety::test

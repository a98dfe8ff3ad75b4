#include "http/resources/whole_summary.hpp"

#include <gtest/gtest.h>

#include "http/message/gzip.hpp"
#include "support/gunzip.hpp"

namespace ubiety::http {
namespace {

using Texts = std::vector<std::string>;

SummaryPart part_of(std::uint32_t shard, std::uint64_t version, const Texts& texts, std::uint64_t devices) {
  SummaryPart part{.shard = shard, .version = version, .pieces = {}, .devices = devices, .online = devices};
  for (const auto& text : texts) {
    auto [bytes, crc, length] = deflate_piece(text);
    part.pieces.push_back({std::make_shared<const std::string>(std::move(bytes)), crc, length});
  }
  return part;
}

std::vector<SummaryPart> parts_of(std::uint64_t version, const Texts& first, const Texts& second) {
  return {part_of(0, version, first, first.size()), part_of(1, version, second, second.size())};
}

std::string text_of(const Answer& answer) {
  std::string bytes = answer.body;
  for (const auto& piece : answer.more_body) bytes += *piece;
  return test::gunzip(bytes).value();
}

TEST(GzippedSummaryTest, JoinsTheShardsParts) {
  GzippedSummary summary;
  auto parts = parts_of(1, {"1", ",2"}, {"3"});
  EXPECT_EQ(text_of(summary.answer(parts)),
            R"({"devices":[1,2,3],"total_devices":3,"online_devices":3,"offline_devices":0})");
}

TEST(GzippedSummaryTest, HasNoCommaBesideAShardWithoutDevices) {
  for (auto parts : {parts_of(1, {}, {"3"}), parts_of(1, {"3"}, {})}) {
    GzippedSummary summary;
    EXPECT_EQ(text_of(summary.answer(parts)),
              R"({"devices":[3],"total_devices":1,"online_devices":1,"offline_devices":0})");
  }
}

TEST(GzippedSummaryTest, IsPutTogetherOnceForAllOfAVersion) {
  GzippedSummary summary;
  auto parts = parts_of(7, {"1"}, {});
  const auto first = summary.answer(parts).more_body;
  auto again = parts_of(7, {"1"}, {});
  EXPECT_EQ(summary.answer(again).more_body, first);
}

TEST(GzippedSummaryTest, IsAnotherWhenAnyShardHasAnotherVersion) {
  GzippedSummary summary;
  auto parts = parts_of(7, {"1"}, {"3"});
  summary.answer(parts);
  auto changed = parts_of(7, {"1"}, {"4"});
  changed[1].version = 8;
  EXPECT_EQ(text_of(summary.answer(changed)),
            R"({"devices":[1,4],"total_devices":2,"online_devices":2,"offline_devices":0})");
}

}  // namespace
}  // namespace ubiety::http

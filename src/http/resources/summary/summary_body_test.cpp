#include "http/resources/summary/summary_body.hpp"

#include <gtest/gtest.h>

#include "support/gunzip.hpp"

namespace ubiety::http {
namespace {

using Texts = std::vector<std::string>;

SummaryPart part_of(const Texts& texts, bool deflated) {
  SummaryPart part;
  part.devices = part.online = texts.size();
  for (const auto& text : texts) {
    auto [bytes, crc, length] = deflated ? deflate_piece(text) : Deflated{text, 0, 0};
    part.pieces.push_back({std::make_shared<const std::string>(std::move(bytes)), crc, length});
  }
  return part;
}

SummaryPart page_of(const Texts& ids, std::uint64_t devices) {
  SummaryPart part;
  part.devices = devices;
  for (const auto& id : ids) {
    part.rows.ids += id;
    part.rows.json += ",\"" + id + "\"";
    part.rows.ends.push_back({part.rows.ids.size(), part.rows.json.size()});
  }
  return part;
}

std::string body_of(const SummaryRequest& request, std::vector<SummaryPart> parts) {
  SummaryBody body(request, std::move(parts));
  while (!body.advance()) {
  }
  std::string text;
  for (const auto& piece : body.pieces()) text += *piece;
  return text;
}

std::string whole_of(const Texts& first, const Texts& second, bool gzip) {
  SummaryRequest request;
  request.gzip = gzip;
  auto text = body_of(request, {part_of(first, gzip), part_of(second, gzip)});
  return gzip ? test::gunzip(text).value() : text;
}

SummaryRequest with_limit(std::size_t limit) {
  SummaryRequest request;
  request.query.limit = limit;
  return request;
}

TEST(SummaryBodyTest, joins_the_shards_parts) {
  for (const bool gzip : {false, true}) {
    EXPECT_EQ(whole_of({"1", ",2"}, {"3"}, gzip),
              R"({"devices":[1,2,3],"total_devices":3,"online_devices":3,"offline_devices":0})");
    EXPECT_EQ(whole_of({}, {}, gzip), R"({"devices":[],"total_devices":0,"online_devices":0,"offline_devices":0})");
  }
}

TEST(SummaryBodyTest, has_no_comma_beside_a_shard_without_devices) {
  for (const bool gzip : {false, true})
    for (const auto& [first, second] : {std::pair(Texts{}, Texts{"3"}), std::pair(Texts{"3"}, Texts{})})
      EXPECT_EQ(whole_of(first, second, gzip),
                R"({"devices":[3],"total_devices":1,"online_devices":1,"offline_devices":0})");
}

TEST(SummaryBodyTest, sends_pieces_without_a_copy) {
  const auto part = part_of({"1"}, false);
  SummaryBody body({}, {part});
  EXPECT_TRUE(body.advance());
  EXPECT_EQ(body.pieces()[1], part.pieces[0].bytes);
}

TEST(SummaryBodyTest, merges_rows_by_their_ids) {
  EXPECT_EQ(body_of(with_limit(4), {page_of({"a", "d"}, 2), page_of({"b", "c"}, 2)}),
            R"({"devices":["a","b","c","d"],"total_devices":4,"online_devices":0,"offline_devices":4})");
  EXPECT_EQ(body_of(with_limit(4), {page_of({}, 0), page_of({}, 0)}),
            R"({"devices":[],"total_devices":0,"online_devices":0,"offline_devices":0})");
}

TEST(SummaryBodyTest, names_the_next_page_when_there_are_more) {
  const auto text = body_of(with_limit(2), {page_of({"a", "d", "e"}, 7), page_of({"b", "c", "f"}, 9)});
  EXPECT_EQ(text, R"({"devices":["a","b"],"total_devices":16,"online_devices":0,"offline_devices":16,)"
                  R"("next_cursor":")" +
                      summary_cursor("b") + "\"}");
}

// Rows with these values; one without an id no longer matches.
SummaryPart sorted_page_of(const std::vector<std::pair<std::int64_t, std::string>>& rows) {
  SummaryPart part;
  part.devices = 10;
  for (const auto& [value, id] : rows) {
    part.rows.ids += id;
    if (!id.empty()) part.rows.json += ",\"" + id + "\"";
    part.rows.ends.push_back({part.rows.ids.size(), part.rows.json.size(), value});
  }
  return part;
}

TEST(SummaryBodyTest, merges_sorted_rows_behind_those_of_earlier_pages) {
  auto request = with_limit(3);
  request.query.sort = SummarySort{SummarySort::By::rssi, false};
  const auto first = sorted_page_of({{1, "a"}, {2, "d"}, {2, "e"}, {9, "x"}});
  const auto second = sorted_page_of({{1, "b"}, {2, "c"}, {3, "a"}});
  const auto body_with = [&](std::size_t skipped) {
    SummaryBody body(request, {first, second}, skipped);
    while (!body.advance()) {
    }
    std::string text;
    for (const auto& piece : body.pieces()) text += *piece;
    return text.substr(0, text.find(']') + 1);
  };
  EXPECT_EQ(body_with(0), R"({"devices":["a","b","c"])");
  EXPECT_EQ(body_with(2), R"({"devices":["c","d","e"])");
  EXPECT_EQ(body_with(5), R"({"devices":["a","x"])");
  EXPECT_EQ(body_with(7), R"({"devices":[])");
}

TEST(SummaryBodyTest, leaves_out_a_sorted_device_that_no_longer_matches) {
  auto request = with_limit(3);
  request.query.sort = SummarySort{SummarySort::By::rssi, false};
  const auto part = sorted_page_of({{1, ""}, {2, "b"}, {3, "c"}, {4, "d"}});
  EXPECT_EQ(body_of(request, {part}),
            R"({"devices":["b","c"],"total_devices":10,"online_devices":0,"offline_devices":10})")
      << "its place is on this page, and the next page is behind it";
}

TEST(SummaryBodyTest, takes_a_large_page_in_steps) {
  Texts even, odd, all;
  for (int i = 10'000; i < 20'000; ++i) {
    (i % 2 == 0 ? even : odd).push_back(std::to_string(i));
    all.push_back(std::to_string(i));
  }
  SummaryBody body(with_limit(10'000), {page_of(even, 1), page_of(odd, 1)});
  int steps = 1;
  for (; !body.advance(); ++steps) {
  }
  EXPECT_GE(steps, 9);
  EXPECT_GE(body.pieces().size(), 2u) << "no piece is large";
  std::string text, expected = "{\"devices\":[";
  for (const auto& piece : body.pieces()) text += *piece;
  for (const auto& id : all) expected += (id == "10000" ? "\"" : ",\"") + id + "\"";
  EXPECT_EQ(text, expected + R"(],"total_devices":2,"online_devices":0,"offline_devices":2})");
}

}  // namespace
}  // namespace ubiety::http

#include "fleet/mutes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace ubiety {
namespace {

using ::testing::ElementsAre;

MuteTarget device(std::string id) { return {MuteTarget::Kind::device, std::move(id)}; }
MuteTarget prefix(std::string text) { return {MuteTarget::Kind::prefix, std::move(text)}; }

Mutes set_of(std::initializer_list<Mute> all) {
  Mutes mutes;
  for (const auto& mute : all) mutes.set(mute);
  return mutes;
}

TEST(Mutes, without_any_nobody_is_muted) {
  const Mutes mutes;
  EXPECT_TRUE(mutes.is_empty());
  EXPECT_EQ(mutes.until("a", {0}), std::nullopt);
  EXPECT_EQ(mutes.next_end({0}), std::nullopt);
}

TEST(Mutes, a_device_is_muted_until_its_end) {
  const auto mutes = set_of({{device("a1"), {10}}});
  EXPECT_EQ(mutes.until("a1", {9}), Timestamp{10});
  EXPECT_EQ(mutes.until("a1", {10}), std::nullopt);
  EXPECT_FALSE(mutes.is_muted("a", {9}));
  EXPECT_FALSE(mutes.is_muted("a12", {9}));
}

TEST(Mutes, a_prefix_mutes_all_ids_that_begin_with_it) {
  const auto mutes = set_of({{prefix("gw07-"), {10}}});
  EXPECT_TRUE(mutes.is_muted("gw07-", {9}));
  EXPECT_TRUE(mutes.is_muted("gw07-12", {9}));
  EXPECT_FALSE(mutes.is_muted("gw07", {9}));
  EXPECT_FALSE(mutes.is_muted("a-gw07-12", {9}));
  EXPECT_FALSE(mutes.is_muted("gw07-12", {10}));
}

TEST(Mutes, the_last_end_counts) {
  const auto mutes = set_of({{device("gw07-12"), {10}}, {prefix("gw"), {30}}, {prefix("gw07"), {20}}});
  EXPECT_EQ(mutes.until("gw07-12", {0}), Timestamp{30});
  EXPECT_EQ(mutes.until("gw07-12", {29}), Timestamp{30});
}

TEST(Mutes, the_same_text_may_be_a_device_and_a_prefix) {
  auto mutes = set_of({{device("a"), {10}, 3}, {prefix("a"), {20}}});
  EXPECT_EQ(mutes.size(), 2U);
  EXPECT_TRUE(mutes.remove(prefix("a")));
  EXPECT_EQ(mutes.until("a", {0}), Timestamp{10});
  EXPECT_EQ(mutes.until("ab", {0}), std::nullopt);
  EXPECT_EQ(mutes.find(prefix("a")), nullptr);
  ASSERT_NE(mutes.find(device("a")), nullptr);
  EXPECT_EQ(*mutes.find(device("a")), (Mute{device("a"), {10}, 3}));
}

TEST(Mutes, a_later_mute_of_the_same_target_replaces_the_first) {
  auto mutes = set_of({{device("a"), {20}, 1}, {device("a"), {10}, 2}});
  EXPECT_EQ(mutes.all(), (std::vector<Mute>{{device("a"), {10}, 2}}));
  EXPECT_TRUE(mutes.remove(device("a")));
  EXPECT_FALSE(mutes.remove(device("a")));
  EXPECT_TRUE(mutes.is_empty());
}

TEST(Mutes, are_listed_in_their_order) {
  const auto mutes = set_of({{prefix("a"), {1}}, {device("b"), {2}}, {prefix("B"), {3}}, {device("a"), {4}}});
  EXPECT_THAT(mutes.all(), ElementsAre(Mute{device("a"), {4}}, Mute{device("b"), {2}}, Mute{prefix("B"), {3}},
                                       Mute{prefix("a"), {1}}));
}

TEST(Mutes, the_next_end_is_the_first_one_that_is_still_to_come) {
  const auto mutes = set_of({{prefix("a"), {30}}, {device("b"), {20}}, {device("c"), {10}}});
  EXPECT_EQ(mutes.next_end({0}), Timestamp{10});
  EXPECT_EQ(mutes.next_end({10}), Timestamp{20});
  EXPECT_EQ(mutes.next_end({29}), Timestamp{30});
  EXPECT_EQ(mutes.next_end({30}), std::nullopt);
}

RC_GTEST_PROP(Mutes, agree_with_a_look_at_each, ()) {
  const auto text = rc::gen::resize(5, rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('a', 'b'))));
  const auto target =
      rc::gen::construct<MuteTarget>(rc::gen::element(MuteTarget::Kind::device, MuteTarget::Kind::prefix), text);
  const auto time = rc::gen::construct<Timestamp>(rc::gen::inRange<std::int64_t>(0, 10));
  Mutes mutes;
  std::vector<Mute> model;
  for (const auto& one : *rc::gen::container<std::vector<MuteTarget>>(target)) {
    std::erase_if(model, [&](const Mute& mute) { return mute.target == one; });
    if (!*rc::gen::weightedElement<bool>({{3, true}, {1, false}})) {
      mutes.remove(one);
      continue;
    }
    model.push_back({one, *time});
    mutes.set(model.back());
  }
  const auto id = *text;
  const auto now = *time;
  std::optional<Timestamp> expected;
  for (const auto& [muted, until, by] : model) {
    const bool is_for_it = muted.kind == MuteTarget::Kind::device ? id == muted.text : id.starts_with(muted.text);
    if (is_for_it && until > now) expected = std::max(expected, std::optional(until));
  }
  RC_ASSERT(mutes.until(id, now) == expected);
}

}  // namespace
}  // namespace ubiety

#include "http/resources/batch/batch_outcome.hpp"

#include <gtest/gtest.h>

#include "domain/report.hpp"
#include "support/json.hpp"

namespace ubiety::http {
namespace {

constexpr std::size_t shards = 3;

Faults missing(std::string field) { return {{std::move(field), FaultKind::missing}}; }
Faults null(std::string field) { return {{std::move(field), FaultKind::null}}; }

class BatchOutcomeTest : public ::testing::Test {
 protected:
  static ParcelPointer parcel_of(std::uint32_t shard, const std::vector<UpdateOutcome>& outcomes) {
    auto parcel = std::make_unique<Parcel>(shard);
    for (std::size_t i = 0; i < outcomes.size(); ++i) parcel->add({});
    for (std::size_t i = 0; i < outcomes.size(); ++i) parcel->updates()[i].outcome = outcomes[i];
    return parcel;
  }
  void take_back(std::uint32_t shard, const std::vector<UpdateOutcome>& outcomes) {
    batch_.take_back(parcel_of(shard, outcomes));
  }
  void pass_to(std::vector<std::uint32_t> places) {
    for (const auto shard : places) batch_.pass_to(shard);
  }

  BatchOutcome batch_{shards};
};

TEST_F(BatchOutcomeTest, is_a_200_when_all_are_accepted) {
  pass_to({2, 0, 2, 2});
  batch_.wait_for_parcels(2);
  take_back(2, {UpdateOutcome::stored, UpdateOutcome::late, UpdateOutcome::duplicate});
  EXPECT_FALSE(batch_.is_complete());
  take_back(0, {UpdateOutcome::stored});
  EXPECT_TRUE(batch_.is_complete());
  const auto answer = batch_.answer(false);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"accepted":4,"late":1,"duplicate":1,"rejected":0,"errors":[]})");
  EXPECT_TRUE(answer.fields.empty());
}

TEST_F(BatchOutcomeTest, lists_results_in_the_order_of_the_updates) {
  pass_to({2, 0});
  batch_.reject(null("rssi"));
  pass_to({2, 1, 0});
  batch_.wait_for_parcels(3);
  take_back(0, {UpdateOutcome::duplicate, UpdateOutcome::late});
  take_back(1, {UpdateOutcome::stored});
  take_back(2, {UpdateOutcome::stored, UpdateOutcome::late});
  const auto answer = batch_.answer(true);
  EXPECT_EQ(answer.status, 207);
  EXPECT_EQ(
      answer.body,
      R"({"accepted":5,"late":2,"duplicate":1,"rejected":1,"errors":[{"index":2,"detail":[{"loc":["body","rssi"],)"
      R"("msg":"none is not an allowed value","type":"type_error.none.not_allowed"}]}],)"
      R"("results":["stored","duplicate","rejected","late","stored","late"]})");
  ASSERT_EQ(answer.fields.size(), 1u);
  EXPECT_EQ(answer.fields[0].name, "Preference-Applied");
}

TEST_F(BatchOutcomeTest, is_a_400_when_none_is_accepted) {
  batch_.reject(json::ReadError{json::ReadError::Kind::not_an_object, {}});
  EXPECT_TRUE(batch_.is_complete());
  const auto answer = batch_.answer(true);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body,
            R"({"accepted":0,"late":0,"duplicate":0,"rejected":1,"errors":[{"index":0,"detail":[{"loc":["body"],)"
            R"("msg":"value is not a valid dict","type":"type_error.dict"}]}],"results":["rejected"]})");
}

TEST_F(BatchOutcomeTest, is_a_422_when_none_is_accepted_and_a_field_is_missing) {
  batch_.reject(null("rssi"));
  batch_.reject(missing("online"));
  EXPECT_EQ(batch_.answer(false).status, 422);
}

TEST_F(BatchOutcomeTest, lists_a_hundred_errors) {
  for (int i = 0; i < 150; ++i) batch_.reject(null("rssi"));
  const test::Json answer(batch_.answer(false).body);
  EXPECT_EQ(answer["rejected"].integer(), 150);
  EXPECT_EQ(answer["errors"].size(), 100u);
  EXPECT_EQ(answer["errors"][99]["index"].integer(), 99);
}

TEST_F(BatchOutcomeTest, is_unknown_when_some_update_is) {
  for (const auto unknown : {UpdateOutcome::expired, UpdateOutcome::unavailable}) {
    BatchOutcome batch(shards);
    batch.pass_to(0);
    batch.pass_to(0);
    batch.wait_for_parcels(1);
    batch.take_back(parcel_of(0, {UpdateOutcome::stored, unknown}));
    const auto answer = batch.answer(true);
    EXPECT_EQ(answer.status, 503);
    ASSERT_EQ(answer.fields.size(), 1u);
    EXPECT_EQ(answer.fields[0].name, "Retry-After");
  }
}

TEST_F(BatchOutcomeTest, counts_what_the_store_refuses_as_rejected) {
  pass_to({0});
  batch_.reject(null("rssi"));
  pass_to({0});
  batch_.wait_for_parcels(1);
  take_back(0, {UpdateOutcome::refused, UpdateOutcome::stored});
  const auto answer = batch_.answer(true);
  EXPECT_EQ(answer.status, 207);
  const test::Json body(answer.body);
  EXPECT_EQ(body["rejected"].integer(), 2);
  EXPECT_EQ(body["errors"][std::size_t{0}]["index"].integer(), 0);
  EXPECT_EQ(body["errors"][1]["index"].integer(), 1);
  EXPECT_EQ(body["results"].dump(), R"(["rejected","rejected","stored"])");
}

TEST_F(BatchOutcomeTest, is_a_fault_of_ours_when_the_store_refuses_all) {
  pass_to({0});
  batch_.wait_for_parcels(1);
  take_back(0, {UpdateOutcome::refused});
  EXPECT_EQ(batch_.answer(false).status, 500);
}

TEST_F(BatchOutcomeTest, is_a_200_of_no_update) {
  const auto answer = batch_.answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"accepted":0,"late":0,"duplicate":0,"rejected":0,"errors":[],"results":[]})");
}

}  // namespace
}  // namespace ubiety::http

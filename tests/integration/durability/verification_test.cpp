// The checker is checked: each fault that it is there to find is found.
#include "support/verification.hpp"

#include <gtest/gtest.h>

#include "support/http_client.hpp"
#include "support/intercepted_failures.hpp"
#include "support/service_process.hpp"

namespace ubiety::test {
namespace {

class Checker : public ::testing::Test {
 protected:
  Checker() {
    service_.start();
    HttpClient client(service_.port());
    for (const auto& report : {first_, second_, third_}) EXPECT_EQ(client.post("/status", report.json()).status, 200);
  }

  int faults_found(const Recording& recording) {
    return failures_of([&] { verify(service_.port(), recording); });
  }

  const Report first_{.device_id = "a", .timestamp = "2025-06-09T14:00:00Z"};
  const Report second_{.device_id = "a", .timestamp = "2025-06-09T14:00:00.5Z"};
  const Report third_{.device_id = "a", .timestamp = "2025-06-09T14:00:00.5Z", .battery_level = 5};
  const Report never_sent_{.device_id = "a", .timestamp = "2025-06-09T13:00:00Z"};
  ServiceProcess service_;
};

TEST_F(Checker, finds_no_fault_where_there_is_none) {
  EXPECT_EQ(faults_found({{{"a", {{first_, Told::stored}, {second_, Told::stored}, {third_, Told::stored}}}}, {}, {}}),
            0);
  EXPECT_EQ(
      faults_found({{{"a", {{first_, Told::stored}, {second_, Told::unknown}, {third_, Told::nothing}}}}, {}, {}}), 0);
  EXPECT_EQ(faults_found({{{"b", {{{.device_id = "b"}, Told::nothing}}}}, {}, {}}), 0);
}

TEST_F(Checker, finds_a_lost_update) {
  EXPECT_GT(
      faults_found(
          {{{"a",
             {{first_, Told::stored}, {never_sent_, Told::stored}, {second_, Told::stored}, {third_, Told::stored}}}},
           {},
           {}}),
      0);
  EXPECT_GT(faults_found({{{"b", {{{.device_id = "b"}, Told::stored}}}}, {}, {}}), 0);
}

TEST_F(Checker, finds_an_update_that_no_client_sent) {
  EXPECT_GT(faults_found({{{"a", {{first_, Told::stored}, {third_, Told::stored}}}}, {}, {}}), 0);
}

TEST_F(Checker, finds_what_is_stored_though_the_answer_said_not) {
  EXPECT_GT(
      faults_found({{{"a", {{first_, Told::stored}, {second_, Told::not_stored}, {third_, Told::stored}}}}, {}, {}}),
      0);
}

TEST_F(Checker, finds_a_wrong_order) {
  EXPECT_GT(faults_found({{{"a", {{first_, Told::stored}, {third_, Told::stored}, {second_, Told::stored}}}}, {}, {}}),
            0);
}

TEST_F(Checker, finds_what_was_read_and_is_gone) {
  const Recording recording{{}, {{"a", {{first_.history_record(), never_sent_.history_record()}}}}, {}};
  EXPECT_GT(faults_found(recording), 0);
}

TEST_F(Checker, finds_a_latest_that_went_back) {
  Recording recording{{{"a", {{first_, Told::stored}, {second_, Told::stored}, {third_, Told::stored}}}}, {}, {}};
  const auto first = first_.history_record(), second = second_.history_record(), third = third_.history_record();
  recording.read["a"] = {{first, first, second, third, third}, {second, third}};
  EXPECT_EQ(faults_found(recording), 0) << "each reader goes forwards";
  recording.read["a"] = {{second, first}};
  EXPECT_EQ(faults_found(recording), 1) << "to an earlier time";
  recording.read["a"] = {{second, third, second}};
  EXPECT_EQ(faults_found(recording), 1) << "within one time";
}

}  // namespace
}  // namespace ubiety::test

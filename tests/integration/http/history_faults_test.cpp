#include <gtest/gtest.h>

#include "integration/http/faults.hpp"
#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

class HistoryFaults : public ServiceTest {
 protected:
  HistoryFaults() { client_.post("/status", Report{.device_id = device_}.json()); }

  HttpResponse ask(std::string_view query) {
    return client_.get("/status/" + device_ + "/history?" + std::string(query));
  }

  std::string device_ = fresh_device("past");
};

TEST_F(HistoryFaults, name_a_limit_out_of_range) {
  for (const char* query : {"limit=0", "limit=-1", "limit=-9223372036854775809"}) {
    SCOPED_TRACE(query);
    expect_faults(ask(query), 400,
                  {query_fault("limit", "ensure this value is greater than or equal to 1", "value_error.number.not_ge",
                               R"({"limit_value":1})")});
  }
  for (const char* query : {"limit=1001", "limit=2147483648", "limit=100000000000000000000"}) {
    SCOPED_TRACE(query);
    expect_faults(ask(query), 400,
                  {query_fault("limit", "ensure this value is less than or equal to 1000", "value_error.number.not_le",
                               R"({"limit_value":1000})")});
  }
  EXPECT_EQ(ask("limit=1").status, 200);
  EXPECT_EQ(ask("limit=1000").status, 200);
}

TEST_F(HistoryFaults, name_a_limit_that_is_no_integer) {
  for (const char* query :
       {"limit=abc", "limit=", "limit", "limit=1.5", "limit=5x", "limit=0x10", "limit=1e2", "limit=%00"}) {
    SCOPED_TRACE(query);
    expect_faults(ask(query), 400, {query_fault("limit", "value is not a valid integer", "type_error.integer")});
  }
}

TEST_F(HistoryFaults, name_a_time_that_is_none) {
  for (const std::string name : {"since", "before"})
    for (const char* value : {"yesterday", "", "2025-06-09", "2025-06-09T25:00:00Z", "1749477600s", "%00"}) {
      SCOPED_TRACE(name + "=" + value);
      expect_faults(ask(name + "=" + value), 400,
                    {query_fault(name, "invalid datetime format", "value_error.datetime")});
    }
}

TEST_F(HistoryFaults, name_a_repeated_parameter) {
  expect_faults(ask("limit=5&limit=5"), 400, {query_fault("limit", "", "value_error.duplicate")});
  expect_faults(ask("since=2025-06-09T14:00:00Z&limit=5&since=2025-06-09T14:00:00Z"), 400,
                {query_fault("since", "", "value_error.duplicate")});
  expect_faults(ask("limit=5&l%69mit=6"), 400, {query_fault("limit", "", "value_error.duplicate")});
}

TEST_F(HistoryFaults, are_named_all_at_once) {
  expect_faults(ask("before=x&limit=0&since=y"), 400,
                {query_fault("limit", "ensure this value is greater than or equal to 1", "value_error.number.not_ge",
                             R"({"limit_value":1})"),
                 query_fault("since", "invalid datetime format", "value_error.datetime"),
                 query_fault("before", "invalid datetime format", "value_error.datetime")});
}

TEST_F(HistoryFaults, name_a_cursor_that_the_service_never_gave) {
  for (const char* value : {"x", "", "AAAA", "!!!!", "%00%FF", "0", "eyJhIjoxfQ==", "9999999999999999999999"}) {
    SCOPED_TRACE(value);
    const auto response = ask(std::string("cursor=") + value);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(Json(response.body)["detail"][std::size_t{0}]["loc"].dump(), R"(["query","cursor"])");
  }
}

TEST_F(HistoryFaults, name_a_bad_escape) {
  for (const char* query : {"limit=%zz", "limit=5&x=%", "since=2025-06-09T14%3"})
    EXPECT_EQ(ask(query).status, 400) << query;
}

TEST_F(HistoryFaults, are_found_before_the_device_is_looked_for) {
  EXPECT_EQ(client_.get("/status/nobody/history?limit=0").status, 400);
}

}  // namespace
}  // namespace ubiety::test

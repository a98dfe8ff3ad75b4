#include "http/http1/refusal.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ubiety::http::gate {
namespace {

std::string target_of(const std::string& request) {
  const std::size_t begin = request.find(' ') + 1;
  return request.substr(begin, request.find(' ', begin) - begin);
}

TEST(Refusal, comes_out_of_the_stand_in_request_as_it_went_in) {
  std::set<std::string> targets;
  for (int i = 0; i <= static_cast<int>(Reason::unknown_version); ++i) {
    const auto reason = static_cast<Reason>(i);
    const std::string target = target_of(stand_in_request(reason, false));
    EXPECT_TRUE(targets.insert(target).second) << target;
    EXPECT_EQ(target_of(stand_in_request(reason, true)), target);

    const auto* parsed = parse_refusal_target(target);
    ASSERT_NE(parsed, nullptr) << target;
    EXPECT_EQ(parsed->status, refusal_of(reason).status);
    EXPECT_EQ(parsed->detail, refusal_of(reason).detail);
    EXPECT_EQ(target.substr(1, 3), std::to_string(parsed->status));
  }
}

TEST(Refusal, stand_in_is_a_whole_request) {
  EXPECT_EQ(stand_in_request(Reason::bare_lf, false), "GET *400/bare-lf HTTP/1.1\r\n\r\n");
  EXPECT_EQ(stand_in_request(Reason::target_too_long, true), "HEAD *414/target-too-long HTTP/1.1\r\n\r\n");
}

TEST(Refusal, keeps_the_fields_of_every_answer) {
  EXPECT_EQ(stand_in_request(Reason::bare_lf, false,
                             "POST /a HTTP/1.1\r\nHost: x\r\nORIGIN: http://a\r\nX-Request-ID:b \r\nX-Request: c\r\n"
                             "Content-Length: 5\r\nOrigin-A: d\r\ntraceparent: e\r\n\r\n"),
            "GET *400/bare-lf HTTP/1.1\r\nORIGIN: http://a\r\nX-Request-ID:b \r\ntraceparent: e\r\n\r\n");
}

TEST(Refusal, other_targets_are_none) {
  for (const char* target : {"", "*", "/", "/*400/bare-lf", "*400", "*400/bare-l", "*400/bare-lf/", "*200/ok"}) {
    EXPECT_EQ(parse_refusal_target(target), nullptr) << target;
  }
}

}  // namespace
}  // namespace ubiety::http::gate

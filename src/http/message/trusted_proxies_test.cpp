#include "http/message/trusted_proxies.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

const TrustedProxies proxies({parse_ip_range("10.0.0.0/8").value(), parse_ip_range("::1").value()});

std::string client(std::string_view peer, std::string_view forwarded_for) {
  return to_string(proxies.client_behind(parse_ip_address(peer).value(), forwarded_for));
}

TEST(TrustedProxies, are_the_only_ones_whose_word_counts) {
  EXPECT_EQ(client("192.0.2.1", "203.0.113.9"), "192.0.2.1");
  EXPECT_EQ(client("10.0.0.1", "203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(client("::1", "2001:db8::9"), "2001:db8::9");
}

TEST(TrustedProxies, name_the_rightmost_that_is_none_of_them) {
  EXPECT_EQ(client("10.0.0.1", "1.2.3.4, 203.0.113.9"), "203.0.113.9") << "the left one is the client's own word";
  EXPECT_EQ(client("10.0.0.1", "1.2.3.4, 203.0.113.9,10.0.0.2 , 10.0.0.3"), "203.0.113.9");
  EXPECT_EQ(client("10.0.0.1", "10.0.0.2, 10.0.0.3"), "10.0.0.2") << "all are proxies: the first of them";
}

TEST(TrustedProxies, are_not_followed_past_what_is_no_address) {
  EXPECT_EQ(client("10.0.0.1", "203.0.113.9, unknown"), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", "203.0.113.9, unknown, 10.0.0.2"), "10.0.0.2");
  EXPECT_EQ(client("10.0.0.1", ""), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", ","), "10.0.0.1");
}

TEST(TrustedProxies, may_write_a_port) {
  EXPECT_EQ(client("10.0.0.1", "203.0.113.9:4711"), "203.0.113.9");
  EXPECT_EQ(client("10.0.0.1", "[2001:db8::9]:4711"), "2001:db8::9");
  EXPECT_EQ(client("10.0.0.1", "[2001:db8::9]"), "2001:db8::9");
}

TEST(TrustedProxies, write_nothing_else) {
  for (const auto* entry : {"203.0.113.9:", "203.0.113.9:http", "203.0.113.9:123456", "203.0.113.9:-1", "[2001:db8::9",
                            "[2001:db8::9]4711", "[2001:db8::9]:", "[2001:db8::9]:x", "[]", "[", "[203.0.113.9]",
                            "2001:db8::9%eth0", "203.0.113", "0x7f.1", "203.0.113.9 1.2.3.4", "\"203.0.113.9\""})
    EXPECT_EQ(client("10.0.0.1", entry), "10.0.0.1") << entry;
}

}  // namespace
}  // namespace ubiety::http

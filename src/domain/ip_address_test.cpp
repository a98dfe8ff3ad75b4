#include "domain/ip_address.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

IpAddress address(std::string_view text) { return parse_ip_address(text).value(); }

TEST(IpAddress, is_read_and_shown_in_both_versions) {
  for (const auto* text : {"192.0.2.1", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1:0:0:1"})
    EXPECT_EQ(to_string(address(text)), text);
  EXPECT_EQ(to_string(address("2001:DB8:0:0:0:0:0:1")), "2001:db8::1");
}

TEST(IpAddress, is_the_same_when_it_is_mapped_to_ipv6) {
  EXPECT_EQ(address("::ffff:192.0.2.1"), address("192.0.2.1"));
  EXPECT_TRUE(address("192.0.2.1").is_v4());
  EXPECT_FALSE(address("::1").is_v4());
}

TEST(IpAddress, is_no_other_text) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv, " 192.0.2.1"sv, "192.0.2.1 "sv, "192.0.2"sv, "192.0.2.256"sv, "192.0.2.01"sv, "[::1]"sv,
                          "::1%eth0"sv, "192.0.2.1:80"sv, "unknown"sv, "192.0.2.1\0"sv, "1:2:3:4:5:6:7:8:9"sv})
    EXPECT_FALSE(parse_ip_address(text)) << text;
}

TEST(IpRange, contains_all_addresses_with_its_prefix) {
  const auto range = parse_ip_range("10.1.0.0/16").value();
  EXPECT_TRUE(range.contains(address("10.1.255.255")));
  EXPECT_FALSE(range.contains(address("10.2.0.0")));
  EXPECT_FALSE(range.contains(address("::1")));
  const auto sixes = parse_ip_range("2001:db8:8000::/33").value();
  EXPECT_TRUE(sixes.contains(address("2001:db8:ffff::1")));
  EXPECT_FALSE(sixes.contains(address("2001:db8:7fff::1")));
  EXPECT_TRUE(parse_ip_range("0.0.0.0/0").value().contains(address("203.0.113.9")));
  EXPECT_FALSE(parse_ip_range("0.0.0.0/0").value().contains(address("2001:db8::1")));
  EXPECT_TRUE(parse_ip_range("::/0").value().contains(address("203.0.113.9")));
}

TEST(IpRange, is_a_single_address_without_a_prefix) {
  const auto range = parse_ip_range("127.0.0.1").value();
  EXPECT_TRUE(range.contains(address("127.0.0.1")));
  EXPECT_FALSE(range.contains(address("127.0.0.2")));
}

TEST(IpRange, is_written_exactly) {
  for (const auto* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8", "::/129",
                           "::1/64", "10.0.0.0/8/8", "10.0.0.0/+8", "localhost"})
    EXPECT_FALSE(parse_ip_range(text)) << text;
}

}  // namespace
}  // namespace ubiety

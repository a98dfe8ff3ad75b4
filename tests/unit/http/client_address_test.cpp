#include "http/client_address.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

TEST(ClientAddress, IsShownAsIPv4WhereItIsOne) {
  EXPECT_EQ(to_string({{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1}}), "192.0.2.1");
}

TEST(ClientAddress, IsShownAsIPv6Otherwise) {
  EXPECT_EQ(to_string({{0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}), "2001:db8::1");
  EXPECT_EQ(to_string({}), "::");
}

}  // namespace
}  // namespace ubiety::http

#include "http/message/request_id.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ubiety::http {
namespace {

std::string id_for(std::optional<std::string_view> offered) {
  std::string id;
  append_request_id(id, offered);
  return id;
}

bool is_new(const std::string& id) {
  return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

TEST(RequestId, is_the_clients_own) {
  const std::string all_visible = [] {
    std::string text;
    for (char c = 0x21; c < 0x7F; ++c) text += c;
    return text;
  }();
  for (const std::string& offered : {std::string("x"), std::string("abc-123"), all_visible, std::string(128, 'x')})
    EXPECT_EQ(id_for(offered), offered);
}

TEST(RequestId, is_new_where_the_clients_is_not_fit_to_repeat) {
  for (const std::string& offered :
       {std::string(), std::string(129, 'x'), std::string("a b"), std::string("a\tb"), std::string("a\r\nb"),
        std::string("a\0b", 3), std::string("\x7F"), std::string("\u00FC")})
    EXPECT_TRUE(is_new(id_for(offered))) << offered;
}

TEST(RequestId, is_new_and_of_its_own_without_an_offer) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const auto id = id_for(std::nullopt);
    EXPECT_TRUE(is_new(id)) << id;
    EXPECT_TRUE(ids.insert(id).second) << id;
  }
}

TEST(RequestId, is_appended) {
  std::string text = "X-Request-ID: ";
  append_request_id(text, "abc");
  EXPECT_EQ(text, "X-Request-ID: abc");
}

}  // namespace
}  // namespace ubiety::http

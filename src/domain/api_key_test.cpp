#include "domain/api_key.hpp"

#include <gtest/gtest.h>

#include "support/generators.hpp"

namespace ubiety {
namespace {

Scopes scopes_of(std::initializer_list<Scope> list) {
  Scopes scopes;
  for (const auto scope : list) scopes.add(scope);
  return scopes;
}

TEST(Scopes, allow_what_they_name_and_admin_all) {
  for (const auto scope : all_scopes) {
    EXPECT_TRUE(scopes_of({scope}).allow(scope));
    EXPECT_TRUE(scopes_of({Scope::admin}).allow(scope));
    EXPECT_FALSE(Scopes().allow(scope));
  }
  EXPECT_FALSE(scopes_of({Scope::ingest}).allow(Scope::read));
  EXPECT_FALSE(scopes_of({Scope::ingest, Scope::read}).allow(Scope::admin));
}

TEST(Scopes, are_read_as_they_are_written) {
  for (const auto& scopes : {Scopes(), scopes_of({Scope::read}), scopes_of({Scope::admin, Scope::ingest}),
                             scopes_of({Scope::ingest, Scope::read, Scope::admin})})
    EXPECT_EQ(scopes_in(to_text(scopes)), scopes) << to_text(scopes);
  EXPECT_EQ(to_text(scopes_of({Scope::admin, Scope::ingest})), "ingest,admin");
}

TEST(Scopes, allow_nothing_if_only_a_later_version_knows_them) {
  EXPECT_EQ(scopes_in("read,dashboards"), scopes_of({Scope::read}));
  for (const auto* text : {"", ",", "Read", " read", "read ", "administrator", "all"})
    EXPECT_TRUE(scopes_in(text).are_none()) << text;
}

TEST(ApiKey, is_live_until_it_expires_or_is_revoked) {
  ApiKey key;
  EXPECT_EQ(state_of(key, noon), "active");
  key.expires = noon;
  EXPECT_TRUE(is_live(key, noon - std::chrono::microseconds(1)));
  EXPECT_FALSE(is_live(key, noon));
  EXPECT_EQ(state_of(key, noon), "expired");
  key.expires.reset();
  key.is_active = false;
  EXPECT_FALSE(is_live(key, noon));
  EXPECT_EQ(state_of(key, noon), "revoked");
}

TEST(KeyName, is_a_text_that_a_terminal_can_show) {
  for (const auto* name : {"a", "gateway berlin", "Zähler №7", "🔑"}) EXPECT_EQ(check_key_name(name), std::nullopt);
  EXPECT_EQ(check_key_name(std::string(255, 'x')), std::nullopt);
  EXPECT_EQ(check_key_name(std::string(256, 'x')), KeyNameFault::too_long);
  EXPECT_EQ(check_key_name(""), KeyNameFault::empty);
  for (const auto* name : {"\x1B[31m", "a\nb", "\x7F", "\xC2\x9B[31m", "\xC2\x80", "\xFF", "\xC0\x80"})
    EXPECT_EQ(check_key_name(name), KeyNameFault::not_text);
  EXPECT_EQ(check_key_name("\xC2\xA0"), std::nullopt);
}

}  // namespace
}  // namespace ubiety

#include "keys/key_ring.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "domain/text.hpp"
#include "keys/key_text.hpp"
#include "support/generators.hpp"

namespace ubiety::keys {
namespace {

KeyHash hash_of(std::string_view text) { return KeyHasher().hash_of(text); }

ApiKey key_of(KeyId id, std::string_view text) {
  ApiKey key;
  key.id = id;
  key.hash = hash_of(text);
  key.scopes.add(Scope::read);
  return key;
}

SteadyTime steady(int seconds) { return SteadyTime(std::chrono::seconds(seconds)); }

TEST(KeyHasher, is_sha256) {
  const auto hash = hash_of("abc");
  EXPECT_EQ(to_hexadecimal({reinterpret_cast<const char*>(hash.data()), hash.size()}),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(KeyRing, finds_each_of_many_and_no_other) {
  std::vector<RingKey> keys;
  for (KeyId id = 0; id < 1000; ++id)
    keys.push_back({.hash = hash_of(std::to_string(id)), .id = id, .scopes = {}, .use = nullptr});
  const KeyRing ring(std::move(keys));
  for (KeyId id = 0; id < 1000; ++id) {
    const auto* found = ring.find(hash_of(std::to_string(id)));
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->id, id);
  }
  EXPECT_EQ(ring.find(hash_of("1000")), nullptr);
  EXPECT_EQ(KeyRing({}).find(hash_of("0")), nullptr);
}

TEST(KeyRing, distinguishes_hashes_by_any_of_their_bytes) {
  const auto hash = hash_of("a key");
  std::vector<RingKey> keys;
  for (std::size_t place = 0; place < hash.size(); ++place) {
    auto other = hash;
    other[place] ^= 1;
    keys.push_back({.hash = other, .id = static_cast<KeyId>(place), .scopes = {}, .use = nullptr});
  }
  EXPECT_EQ(KeyRing(keys).find(hash), nullptr);
  keys.push_back({.hash = hash, .id = 99, .scopes = {}, .use = nullptr});
  const KeyRing ring(keys);
  ASSERT_NE(ring.find(hash), nullptr);
  EXPECT_EQ(ring.find(hash)->id, 99);
}

// The caller decides whether a key has expired, because the clock may go back.
TEST(NewKeyRing, has_all_keys_that_are_not_revoked) {
  auto revoked = key_of(2, "revoked"), expiring = key_of(3, "expiring");
  revoked.is_active = false;
  expiring.expires = noon;
  KeyUses uses;
  const auto ring = ring_of({key_of(1, "good"), revoked, expiring}, uses);
  EXPECT_EQ(ring->size(), 2U);
  EXPECT_EQ(ring->find(hash_of("good"))->expires, RingKey::never);
  EXPECT_EQ(ring->find(hash_of("expiring"))->expires, *expiring.expires);
  EXPECT_EQ(ring->find(hash_of("revoked")), nullptr);
}

TEST(KeyUses, are_reported_once_with_the_time_of_day) {
  KeyUses uses;
  const auto ring = ring_of({key_of(1, "used"), key_of(2, "unused")}, uses);
  EXPECT_TRUE(uses.unwritten(steady(10), noon).empty());
  ring->find(hash_of("used"))->use->note(steady(70));
  const auto used = uses.unwritten(steady(100), noon);
  ASSERT_EQ(used.size(), 1U);
  EXPECT_EQ(used.front().id, 1);
  EXPECT_EQ(used.front().when, noon - std::chrono::seconds(30));
  EXPECT_EQ(uses.unwritten(steady(100), noon).size(), 1U) << "until they are written";
  uses.written(used, steady(100));
  EXPECT_TRUE(uses.unwritten(steady(110), noon).empty());
}

TEST(KeyUses, outlive_the_ring_on_which_they_were_noted) {
  KeyUses uses;
  auto ring = ring_of({key_of(1, "used")}, uses);
  const auto before = ring;
  ring = ring_of({key_of(1, "used")}, uses);
  before->find(hash_of("used"))->use->note(steady(70));
  EXPECT_EQ(uses.unwritten(steady(100), noon).size(), 1U);
}

TEST(PublishedKeys, are_the_newest_and_none_before_the_first) {
  PublishedKeys published;
  EXPECT_EQ(published.current(), nullptr);
  KeyUses uses;
  published.publish(ring_of({}, uses));
  ASSERT_NE(published.current(), nullptr);
  EXPECT_EQ(published.current()->size(), 0U);
  published.publish(ring_of({key_of(1, "one")}, uses));
  EXPECT_EQ(published.current()->size(), 1U);
  EXPECT_EQ(published.current(), published.current());
}

// Mainly for ThreadSanitizer.
TEST(PublishedKeys, are_never_older_than_the_ones_seen_before) {
  constexpr std::size_t rings = 100;
  PublishedKeys published;
  const std::jthread keeper([&] {
    KeyUses uses;
    std::vector<ApiKey> keys;
    for (std::size_t number = 1; number <= rings; ++number) {
      keys.push_back(key_of(static_cast<KeyId>(number), std::to_string(number)));
      published.publish(ring_of(keys, uses));
      uses.written(uses.unwritten(steady(100), noon), steady(100));
    }
  });
  const auto first = hash_of("1");
  for (std::size_t seen = 0; seen < rings;) {
    const auto* ring = published.current();
    if (ring == nullptr) continue;
    ASSERT_GE(ring->size(), seen);
    seen = ring->size();
    ring->find(first)->use->note(steady(static_cast<int>(seen)));
  }
}

}  // namespace
}  // namespace ubiety::keys

#include "storage/key_store.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

constexpr auto day = std::chrono::days(1);

KeyHash hash_of(int number) {
  KeyHash hash{};
  hash[0] = static_cast<std::uint8_t>(number);
  hash[31] = static_cast<std::uint8_t>(number >> 8);
  return hash;
}

NewKey new_key(int number, std::optional<Timestamp> expires = {}) {
  NewKey key{.name = "key " + std::to_string(number),
             .prefix = "ubiety_" + std::to_string(number),
             .hash = hash_of(number),
             .scopes = scopes_in("ingest,read"),
             .created = at(0),
             .expires = expires};
  return key;
}

class KeyStores : public EachStore {
 protected:
  KeyStores() {
    EXPECT_TRUE(open_migrator()->up());
    keys_ = open_keys();
  }

  std::unique_ptr<KeyStore> open_keys() {
    auto opened = store_->open_keys();
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  ApiKey add(const NewKey& key) {
    auto added = keys_->add(key);
    EXPECT_TRUE(added) << added.error().message;
    return *added;
  }
  std::vector<ApiKey> all() {
    auto stored = keys_->all();
    EXPECT_TRUE(stored) << stored.error().message;
    return std::move(stored->keys);
  }
  ApiKey find(KeyId id) {
    for (const auto& key : all())
      if (key.id == id) return key;
    ADD_FAILURE() << "no key " << id;
    return {};
  }
  std::int64_t version() { return keys_->version().value(); }
  Rotated rotate(KeyId id, int new_number, int now, std::chrono::seconds grace) {
    auto rotated = keys_->rotate({.id = id,
                                  .new_prefix = "new",
                                  .new_hash = hash_of(new_number),
                                  .now = at(now),
                                  .old_expires = at(now) + grace});
    EXPECT_TRUE(rotated) << rotated.error().message;
    return *rotated;
  }

  std::unique_ptr<KeyStore> keys_;
};
UBIETY_WITH_EACH_STORE(KeyStores);

TEST_P(KeyStores, give_back_what_they_were_given) {
  auto wanted = new_key(1, at(5) + std::chrono::microseconds(7));
  wanted.name = "Zähler \"7\" '; DROP TABLE api_keys --";
  const auto added = add(wanted);
  for (const auto& key : {added, find(added.id)}) {
    EXPECT_GT(key.id, 0);
    EXPECT_EQ(key.name, wanted.name);
    EXPECT_EQ(key.prefix, wanted.prefix);
    EXPECT_EQ(key.hash, wanted.hash);
    EXPECT_EQ(key.scopes, wanted.scopes);
    EXPECT_TRUE(key.is_active);
    EXPECT_EQ(key.replaces, std::nullopt);
    EXPECT_EQ(key.created, wanted.created);
    EXPECT_EQ(key.expires, wanted.expires);
    EXPECT_EQ(key.revoked, std::nullopt);
    EXPECT_EQ(key.last_used, std::nullopt);
  }
}

TEST_P(KeyStores, list_all_in_the_order_of_their_ids) {
  EXPECT_TRUE(all().empty());
  std::vector<KeyId> ids;
  for (int i = 0; i < 300; ++i) ids.push_back(add(new_key(i)).id);
  std::vector<KeyId> listed;
  for (const auto& key : all()) listed.push_back(key.id);
  EXPECT_EQ(listed, ids);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
}

TEST_P(KeyStores, take_no_key_twice) {
  add(new_key(1));
  const auto again = keys_->add(new_key(1));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, StoreFailure::Kind::rejected);
  EXPECT_EQ(all().size(), 1U);
}

TEST_P(KeyStores, revoke_once_and_for_all) {
  const auto id = add(new_key(1)).id;
  const auto revoked = keys_->revoke(id, at(10));
  ASSERT_TRUE(revoked && *revoked);
  EXPECT_FALSE((*revoked)->is_active);
  EXPECT_EQ((*revoked)->revoked, at(10));
  const auto again = keys_->revoke(id, at(20));
  ASSERT_TRUE(again && *again);
  EXPECT_EQ((*again)->revoked, at(10));
  EXPECT_EQ(keys_->revoke(id + 1, at(10)).value(), std::nullopt);
}

TEST_P(KeyStores, rotate_a_key_into_another_of_the_same_kind) {
  const auto old = add(new_key(1, at(0) + 90 * day));
  const auto rotated = rotate(old.id, 2, 100, std::chrono::hours(1));
  ASSERT_EQ(rotated.outcome, RotationOutcome::rotated);
  EXPECT_NE(rotated.key.id, old.id);
  EXPECT_EQ(rotated.key.replaces, old.id);
  EXPECT_EQ(rotated.key.name, old.name);
  EXPECT_EQ(rotated.key.scopes, old.scopes);
  EXPECT_EQ(rotated.key.hash, hash_of(2));
  EXPECT_EQ(rotated.key.created, at(100));
  EXPECT_EQ(rotated.key.expires, at(100) + 90 * day) << "as long a life";
  EXPECT_EQ(find(old.id).expires, at(100) + std::chrono::hours(1));
  EXPECT_TRUE(find(old.id).is_active);
}

TEST_P(KeyStores, rotate_a_key_without_end_into_another) {
  const auto old = add(new_key(1));
  EXPECT_EQ(rotate(old.id, 2, 100, day).key.expires, std::nullopt);
}

TEST_P(KeyStores, lengthen_no_life_by_a_grace) {
  const auto old = add(new_key(1, at(150)));
  ASSERT_EQ(rotate(old.id, 2, 100, day).outcome, RotationOutcome::rotated);
  EXPECT_EQ(find(old.id).expires, at(150));
}

TEST_P(KeyStores, keep_two_of_a_line_live_at_most) {
  const auto first = add(new_key(1));
  const auto second = rotate(first.id, 2, 100, day).key;
  const auto third = rotate(second.id, 3, 200, day).key;
  EXPECT_EQ(find(first.id).expires, at(200));
  EXPECT_EQ(find(second.id).expires, at(200) + day);
  EXPECT_TRUE(is_live(find(third.id), at(200)));
}

TEST_P(KeyStores, rotate_nothing_that_is_not_live) {
  EXPECT_EQ(rotate(99, 2, 100, day).outcome, RotationOutcome::unknown);
  const auto revoked = add(new_key(3)), expired = add(new_key(4, at(100)));
  ASSERT_TRUE(keys_->revoke(revoked.id, at(50)));
  EXPECT_EQ(rotate(revoked.id, 5, 100, day).outcome, RotationOutcome::not_live);
  EXPECT_EQ(rotate(expired.id, 6, 100, day).outcome, RotationOutcome::not_live);
  EXPECT_EQ(all().size(), 2U);
}

TEST_P(KeyStores, rotate_a_key_once_while_its_successor_is_live) {
  const auto old = add(new_key(1));
  const auto successor = rotate(old.id, 2, 100, day).key;
  const auto again = rotate(old.id, 3, 101, day);
  EXPECT_EQ(again.outcome, RotationOutcome::replaced);
  EXPECT_EQ(again.key.id, successor.id);
  ASSERT_TRUE(keys_->revoke(successor.id, at(102)));
  EXPECT_EQ(rotate(old.id, 4, 103, day).outcome, RotationOutcome::rotated) << "its text was lost, say";
}

TEST_P(KeyStores, have_another_version_after_each_change) {
  std::vector<std::int64_t> versions{version()};
  const auto note = [&] {
    for (const auto before : versions) EXPECT_NE(version(), before);
    versions.push_back(version());
    EXPECT_EQ(keys_->all()->version, version());
  };
  const auto id = add(new_key(1)).id;
  note();
  const auto successor = rotate(id, 2, 100, day).key;
  note();
  ASSERT_TRUE(keys_->revoke(id, at(100)));
  note();
  ASSERT_TRUE(keys_->note_uses(std::vector<KeyUsed>{{successor.id, at(100)}}));
  EXPECT_EQ(version(), versions.back()) << "a use is no change";
  EXPECT_EQ(version(), open_keys()->version().value()) << "for others too";
}

TEST_P(KeyStores, note_the_last_use_and_never_an_earlier_one) {
  const auto first = add(new_key(1)).id, second = add(new_key(2)).id;
  ASSERT_TRUE(keys_->note_uses(std::vector<KeyUsed>{{first, at(10)}, {second, at(20)}, {second + 1, at(30)}}));
  ASSERT_TRUE(keys_->note_uses(std::vector<KeyUsed>{{first, at(5)}, {second, at(25)}}));
  EXPECT_EQ(find(first).last_used, at(10));
  EXPECT_EQ(find(second).last_used, at(25));
}

TEST_P(KeyStores, rotate_a_key_once_for_all_who_want_to_at_the_same_time) {
  const auto old = add(new_key(1));
  std::atomic<int> rotated{0}, replaced{0};
  std::vector<std::jthread> operators;
  for (int number = 2; number < 8; ++number)
    operators.emplace_back([&, number, keys = std::shared_ptr(open_keys())] {
      const auto outcome = keys->rotate(
          {.id = old.id, .new_prefix = "new", .new_hash = hash_of(number), .now = at(100), .old_expires = at(200)});
      ASSERT_TRUE(outcome) << outcome.error().message;
      if (outcome->outcome == RotationOutcome::rotated) ++rotated;
      if (outcome->outcome == RotationOutcome::replaced) ++replaced;
    });
  operators.clear();
  EXPECT_EQ(rotated, 1);
  EXPECT_EQ(replaced, 5);
  EXPECT_EQ(all().size(), 2U);
}

TEST_P(KeyStores, are_unavailable_before_there_is_a_table) {
  keys_.reset();  // which keeps migrators of SQLite out
  while (migrate_down(*store_)) continue;
  const auto version = open_keys()->version();
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().kind, StoreFailure::Kind::unavailable);
}

}  // namespace
}  // namespace ubiety::test

// The mutes that the stores keep.
#include <gmock/gmock.h>

#include "integration/storage/store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

MuteTarget device(std::string id) { return {MuteTarget::Kind::device, std::move(id)}; }
MuteTarget prefix(std::string text) { return {MuteTarget::Kind::prefix, std::move(text)}; }

class StoredMutes : public EachStore {
 protected:
  std::vector<Mute> mutes() { return expected(open_session()->mutes()); }

  std::unique_ptr<Session> session_ = open_session();
};
UBIETY_WITH_EACH_STORE(StoredMutes);

TEST_P(StoredMutes, are_read_as_they_were_saved) {
  EXPECT_THAT(mutes(), IsEmpty());
  const Mute by_key{device("Zähler \"7\"'; DROP TABLE mute --"), at(5) + std::chrono::microseconds(7), 3};
  const Mute by_nobody{prefix("gw07-%_"), at(6), {}};
  expected(session_->save_mute(by_key));
  expected(session_->save_mute(by_nobody));
  EXPECT_THAT(mutes(), UnorderedElementsAre(by_key, by_nobody));
}

TEST_P(StoredMutes, of_the_same_target_replace_each_other) {
  expected(session_->save_mute({device("a"), at(5), 3}));
  expected(session_->save_mute({device("a"), at(4), {}}));
  EXPECT_THAT(mutes(), UnorderedElementsAre(Mute{device("a"), at(4), {}}));
}

TEST_P(StoredMutes, are_removed_by_kind_and_text) {
  for (const auto& target : {device("a"), prefix("a"), device("ab"), prefix("b")})
    expected(session_->save_mute({target, at(5), {}}));
  const std::vector<MuteTarget> removed{device("a"), prefix("b"), device("none")};
  expected(session_->remove_mutes(removed));
  EXPECT_THAT(mutes(), UnorderedElementsAre(Mute{prefix("a"), at(5), {}}, Mute{device("ab"), at(5), {}}));
}

}  // namespace
}  // namespace ubiety::test

// `ubietyd keys`, with a service that runs or not.
#include <gtest/gtest.h>

#include <sstream>

#include "integration/http/keys/keyed_service.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class KeyCommands : public ::testing::TestWithParam<StoreKind> {
 protected:
  // The words of the line of `keys list` that begins with this id.
  std::vector<std::string> listed(std::int64_t id) {
    const auto finished = service_.run_keys({"list"});
    EXPECT_EQ(finished.status.code, 0) << finished.error;
    std::istringstream lines(finished.output);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::vector<std::string> all{std::istream_iterator<std::string>(words), {}};
      if (!all.empty() && all.front() == std::to_string(id)) return all;
    }
    ADD_FAILURE() << "no key " << id << " in " << finished.output;
    return std::vector<std::string>(8);
  }
  void expect_refused(const std::vector<std::string>& arguments, int code, const std::string& reason) {
    const auto finished = service_.run_keys(arguments);
    EXPECT_EQ(finished.status.code, code) << finished.error;
    EXPECT_EQ(finished.output, "");
    EXPECT_NE(finished.error.find(reason), std::string::npos) << finished.error;
  }

  KeyedService service_{GetParam()};
};

TEST_P(KeyCommands, print_a_key_alone_so_that_a_script_can_take_it) {
  const auto finished = service_.run_keys({"create", "sensors", "--scope", "read", "--scope", "ingest"});
  EXPECT_EQ(finished.status.code, 0);
  EXPECT_TRUE(finished.output.starts_with("ubiety_"));
  EXPECT_EQ(finished.output.size(), 57U);
  EXPECT_EQ(finished.output.find_first_of(" \n"), 56U);
  EXPECT_EQ(finished.error.find(finished.output.substr(0, 56)), std::string::npos);
  service_.start();
  EXPECT_TRUE(service_.lets_in(finished.output.substr(0, 56)));
}

TEST_P(KeyCommands, list_keys_and_what_became_of_them) {
  const auto key = service_.create("ingest,read", {"--expires", "2999-01-01T00:00:00Z"}),
             other = service_.create("admin");
  EXPECT_EQ(service_.run_keys({"revoke", std::to_string(other.id)}).status.code, 0);
  const auto first = listed(key.id);
  EXPECT_EQ(first[1], key.text.substr(0, 13));
  EXPECT_EQ(first[2], "ingest,read");
  EXPECT_EQ(first[3], "active");
  EXPECT_EQ(first[5], "2999-01-01T00:00:00Z");
  EXPECT_EQ(first[6], "-");
  EXPECT_EQ(listed(other.id)[3], "revoked");
}

TEST_P(KeyCommands, act_on_a_service_that_runs_within_a_second) {
  service_.start();
  const auto key = service_.create("read");
  EXPECT_TRUE(wait_until([&] { return service_.lets_in(key.text); }, 1s));
  const auto rotated = service_.run_keys({"rotate", std::to_string(key.id), "--grace", "0"});
  ASSERT_EQ(rotated.status.code, 0) << rotated.error;
  const auto successor = rotated.output.substr(0, rotated.output.size() - 1);
  EXPECT_TRUE(wait_until([&] { return !service_.lets_in(key.text); }, 1s));
  EXPECT_TRUE(service_.lets_in(successor));
  EXPECT_EQ(listed(key.id)[3], "expired");
  EXPECT_EQ(service_.run_keys({"revoke", std::to_string(key.id + 1)}).status.code, 0);
  EXPECT_TRUE(wait_until([&] { return !service_.lets_in(successor); }, 1s));
}

TEST_P(KeyCommands, leave_a_rotated_key_a_day_by_default) {
  const auto key = service_.create("read");
  const auto rotated = service_.run_keys({"rotate", std::to_string(key.id)});
  ASSERT_EQ(rotated.status.code, 0) << rotated.error;
  service_.start();
  EXPECT_TRUE(service_.lets_in(key.text));
  EXPECT_TRUE(service_.lets_in(rotated.output.substr(0, rotated.output.size() - 1)));
  expect_refused({"rotate", std::to_string(key.id)}, 1, "was rotated into key " + std::to_string(key.id + 1));
}

TEST_P(KeyCommands, refuse_what_cannot_be_done) {
  expect_refused({"create", "a"}, 2, "--scope");
  expect_refused({"create", "a", "--scope", "root"}, 2, "ingest, read, admin");
  expect_refused({"create", "", "--scope", "read"}, 2, "1 to 255 characters");
  expect_refused({"create", "a\nb", "--scope", "read"}, 2, "control character");
  expect_refused({"create", "a", "--scope", "read", "--expires", "2020-01-01T00:00:00Z"}, 2, "a future time");
  expect_refused({"create", "a", "--scope", "read", "--expires", "soon"}, 2, "a future time");
  expect_refused({"revoke", "7"}, 1, "there is no key 7");
  expect_refused({"rotate", "7"}, 1, "there is no key 7");
  expect_refused({"revoke", "x"}, 2, "x");
  expect_refused({"forget", "7"}, 2, "subcommand");
  const auto key = service_.create("read");
  EXPECT_EQ(service_.run_keys({"revoke", std::to_string(key.id)}).status.code, 0);
  expect_refused({"rotate", std::to_string(key.id)}, 1, "is revoked or has expired");
}

TEST_P(KeyCommands, take_scopes_in_one_list_and_in_several) {
  const auto keys = {service_.run_keys({"create", "list", "--scope", "read,ingest"}),
                     service_.run_keys({"create", "flags", "--scope", "read", "--scope", "ingest"}),
                     service_.run_keys({"create", "both", "--scope=ingest,read", "--scope", "read"})};
  for (const auto& key : keys) EXPECT_EQ(key.status.code, 0) << key.error;
  for (const std::int64_t id : {1, 2, 3}) EXPECT_EQ(listed(id)[2], "ingest,read");
  expect_refused({"create", "a", "--scope", "read,root"}, 2, "root");
  expect_refused({"create", "a", "--scope", "read;ingest"}, 2, "read;ingest");
}

UBIETY_WITH_EACH_STORE(KeyCommands);

TEST(KeyCommandsOnPostgres, say_so_when_it_is_away) {
  const auto finished = run_ubietyd({"keys", "list"}, {{"DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing"}});
  EXPECT_EQ(finished.status.code, 1);
  EXPECT_NE(finished.error, "");
}

}  // namespace
}  // namespace ubiety::test

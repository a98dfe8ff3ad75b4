// /admin/keys, and how soon what it does is in effect.
#include <gtest/gtest.h>

#include "integration/http/documented_methods.hpp"
#include "integration/http/keys/keyed_service.hpp"
#include "support/json.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class KeyAdministration : public ::testing::TestWithParam<StoreKind> {
 protected:
  KeyAdministration() { service_.start(); }

  HttpResponse ask(std::string_view method, const std::string& below, std::string_view body = {}) {
    return service_.request(method, "/admin/keys" + below, admin_.text, body);
  }
  Json made(std::string_view body) {
    const auto response = ask("POST", "", body);
    EXPECT_EQ(response.status, 201) << response.body;
    return Json(response.body);
  }
  Json listed(std::int64_t id) {
    const auto response = ask("GET", "");
    EXPECT_EQ(response.status, 200);
    for (const auto& key : Json(response.body)["keys"].elements())
      if (key["id"].integer() == id) return key;
    throw std::runtime_error("no key " + std::to_string(id) + " in " + response.body);
  }
  std::string below(const Json& key, const std::string& what = {}) {
    return "/" + std::to_string(key["id"].integer()) + what;
  }
  // The status, and the kind of each fault.
  std::string faults_of(std::string_view body) {
    const auto response = ask("POST", "", body);
    std::string faults = std::to_string(response.status);
    for (const auto& fault : Json(response.body)["detail"].elements())
      faults += " " + fault["loc"].dump() + fault["type"].text();
    return faults;
  }

  KeyedService service_{GetParam()};
  MadeKey admin_ = service_.create("admin");
};

TEST_P(KeyAdministration, makes_a_key_that_is_good_at_once) {
  const auto response =
      ask("POST", "", R"({"name":"sensors","scopes":["read","ingest"],"expires_at":"2999-01-01T00:00:00Z"})");
  ASSERT_EQ(response.status, 201) << response.body;
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
  const Json key(response.body);
  EXPECT_EQ(key.keys(), (std::vector<std::string>{"id", "name", "prefix", "scopes", "state", "replaces", "created_at",
                                                  "expires_at", "revoked_at", "last_used_at", "key"}));
  EXPECT_EQ(key["name"].text(), "sensors");
  EXPECT_EQ(key["scopes"].dump(), R"(["ingest","read"])");
  EXPECT_EQ(key["state"].text(), "active");
  EXPECT_EQ(key["expires_at"].text(), "2999-01-01T00:00:00Z");
  EXPECT_EQ(key["last_used_at"].dump(), "null");
  EXPECT_TRUE(key["key"].text().starts_with(key["prefix"].text()));
  EXPECT_TRUE(service_.lets_in(key["key"].text()));
  EXPECT_EQ(service_.post_report(key["key"].text(), "a").status, 200);
}

TEST_P(KeyAdministration, lists_keys_with_their_last_use_and_without_their_text) {
  const auto key = made(R"({"name":"sensors","scopes":["read"]})");
  EXPECT_EQ(listed(key["id"].integer())["last_used_at"].dump(), "null");
  service_.lets_in(key["key"].text());
  const auto now_listed = listed(key["id"].integer());
  EXPECT_NE(now_listed["last_used_at"].dump(), "null");
  EXPECT_FALSE(now_listed.contains("key"));
  const auto response = ask("GET", "");
  EXPECT_EQ(response.body.find(key["key"].text()), std::string::npos);
  EXPECT_EQ(Json(response.body)["total_keys"].integer(), 2);
}

TEST_P(KeyAdministration, notes_the_last_use_at_a_stop) {
  const auto key = made(R"({"name":"sensors","scopes":["read"]})");
  service_.lets_in(key["key"].text());
  service_.process().restart();
  EXPECT_NE(listed(key["id"].integer())["last_used_at"].dump(), "null");
}

TEST_P(KeyAdministration, revokes_a_key_at_once) {
  const auto key = made(R"({"name":"sensors","scopes":["read"]})");
  ASSERT_TRUE(service_.lets_in(key["key"].text()));
  const auto response = ask("DELETE", below(key));
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  EXPECT_FALSE(service_.lets_in(key["key"].text()));
  EXPECT_EQ(listed(key["id"].integer())["state"].text(), "revoked");
  EXPECT_EQ(ask("DELETE", below(key)).status, 204) << "twice is as good as once";
  service_.process().restart();
  EXPECT_FALSE(service_.lets_in(key["key"].text()));
}

TEST_P(KeyAdministration, rotates_a_key) {
  const auto old = made(R"({"name":"sensors","scopes":["read"]})");
  const auto response = ask("POST", below(old, "/rotate"), R"({"grace_seconds":3600})");
  ASSERT_EQ(response.status, 201) << response.body;
  const Json successor(response.body);
  EXPECT_EQ(successor["replaces"].integer(), old["id"].integer());
  EXPECT_EQ(successor["name"].text(), "sensors");
  EXPECT_TRUE(service_.lets_in(old["key"].text())) << "for the grace";
  EXPECT_TRUE(service_.lets_in(successor["key"].text()));
  EXPECT_EQ(ask("POST", below(old, "/rotate")).status, 409);

  const Json third(ask("POST", below(successor, "/rotate"), R"({"grace_seconds":0})").body);
  EXPECT_FALSE(service_.lets_in(old["key"].text()));
  EXPECT_FALSE(service_.lets_in(successor["key"].text()));
  EXPECT_TRUE(service_.lets_in(third["key"].text()));
  EXPECT_EQ(ask("POST", below(successor, "/rotate")).status, 409);
}

TEST_P(KeyAdministration, does_not_know_keys_that_are_not_there) {
  for (const auto* id : {"/99", "/0", "/-1", "/x", "/1x", "/99999999999999999999"}) {
    EXPECT_EQ(ask("DELETE", id).status, 404) << id;
    EXPECT_EQ(ask("POST", std::string(id) + "/rotate").status, 404) << id;
  }
}

TEST_P(KeyAdministration, names_all_that_is_wrong_with_a_request) {
  EXPECT_EQ(faults_of("{}"), R"(422 ["body","name"]value_error.missing ["body","scopes"]value_error.missing)");
  EXPECT_EQ(faults_of(R"({"name":"","scopes":[]})"),
            R"(400 ["body","name"]value_error.any_str.min_length ["body","scopes"]value_error.list.min_items)");
  EXPECT_EQ(faults_of(R"({"name":"a\u001b[2J","scopes":["root"]})"),
            R"(400 ["body","name"]value_error.key_name ["body","scopes"]type_error.enum)");
  EXPECT_EQ(faults_of(R"({"name":"a","scopes":["read"],"expires_at":"2020-01-01T00:00:00Z"})"),
            R"(400 ["body","expires_at"]value_error.datetime.past)");
  EXPECT_EQ(faults_of(R"({"name":"a","scopes":["read"],"expires":"2999-01-01T00:00:00Z"})"),
            R"(400 ["body","expires"]value_error.extra)")
      << "else it would live for ever";
  EXPECT_EQ(faults_of("[1]"), R"(400 ["body"]type_error.dict)");
  EXPECT_EQ(service_.request("POST", "/admin/keys", admin_.text).status, 422) << "no body";
  EXPECT_EQ(Json(ask("GET", "").body)["total_keys"].integer(), 1);
}

TEST_P(KeyAdministration, takes_no_other_methods) {
  HttpClient client(service_.process().port());
  int paths = 0;
  for (const auto& [path, methods] : documented_methods(client)) {
    if (!path.starts_with("/admin/keys")) continue;
    ++paths;
    const auto below = replaced(path.substr(std::string_view("/admin/keys").size()), {{"{id}", "7"}});
    for (const auto* const method : {"GET", "POST", "PUT", "DELETE", "PATCH"}) {
      if (methods.contains(method)) continue;
      const auto response = ask(method, below);
      EXPECT_EQ(response.status, 405) << method << ' ' << path;
      EXPECT_EQ(methods_in(response.header("Allow")), methods) << path;
    }
  }
  EXPECT_EQ(paths, 3);
}

TEST_P(KeyAdministration, takes_no_text) {
  EXPECT_EQ(HttpClient(service_.process().port())
                .request("POST", "/admin/keys", {{"X-API-Key", admin_.text}, {"Content-Type", "text/plain"}}, "{}")
                .status,
            415);
}

TEST_P(KeyAdministration, logs_who_changed_which_key) {
  const auto key = made(R"({"name":"sensors","scopes":["read"]})");
  ask("DELETE", below(key));
  service_.process().terminate();  // a stop writes all of the log
  const auto log = service_.process().log();
  EXPECT_NE(log.find("key created"), std::string::npos);
  EXPECT_NE(log.find("key revoked"), std::string::npos);
  EXPECT_NE(log.find("by=" + std::to_string(admin_.id)), std::string::npos) << log;
}

UBIETY_WITH_EACH_STORE(KeyAdministration);

// Another process changes the keys in the database, while the service runs.
TEST(KeysByCommandLine, are_followed_within_a_second) {
  KeyedService service(StoreKind::postgresql);
  service.start();
  // How long from now until the service answers a request with the key so.
  const auto delay_until = [&](bool lets_in, const std::string& key) {
    const auto changed = std::chrono::steady_clock::now();
    EXPECT_TRUE(wait_until([&] { return service.lets_in(key) == lets_in; }, 20s));
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - changed);
  };
  for (int i = 0; i < 3; ++i) {
    const auto key = service.create("read");
    EXPECT_LT(delay_until(true, key.text), time_limit(1s));
    EXPECT_EQ(service.run_keys({"revoke", std::to_string(key.id)}).status.code, 0);
    EXPECT_LT(delay_until(false, key.text), time_limit(1s));
  }
}

}  // namespace
}  // namespace ubiety::test

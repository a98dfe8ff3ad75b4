// Who is let in, and what the others are told.
#include <gtest/gtest.h>

#include "integration/http/keys/keyed_service.hpp"
#include "support/gunzip.hpp"
#include "support/postgres_server.hpp"
#include "support/report.hpp"
#include "support/store_sql.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class KeyCheck : public ::testing::TestWithParam<StoreKind> {
 protected:
  void expect_invalid(const HttpResponse& response, const std::string& challenge) {
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(response.body, R"({"detail":"Invalid API key"})");
    EXPECT_EQ(response.header("Content-Type"), "application/json");
    EXPECT_EQ(response.header("WWW-Authenticate"), challenge);
    EXPECT_EQ(response.header("X-Frame-Options"), "DENY");
    EXPECT_EQ(response.count("X-Request-ID"), 1U);
  }

  KeyedService service_{GetParam()};
};

TEST_P(KeyCheck, is_off_by_default) {
  service_.process().settings().erase("ENABLE_AUTH");
  service_.start();
  EXPECT_EQ(service_.post_report({}, "a").status, 200);
  EXPECT_EQ(service_.get("/status/a").status, 200);
  EXPECT_EQ(service_.get("/status/a", "not-even-a-key").status, 200);
  EXPECT_EQ(service_.get("/admin/keys").status, 404) << "anybody could make himself a key";
  EXPECT_EQ(service_.request("POST", "/admin/keys", {}, R"({"name":"a","scopes":["admin"]})").status, 404);
  EXPECT_EQ(execute_in_store_of(service_.process(), "SELECT count(*) FROM api_keys"), "0");
}

TEST_P(KeyCheck, finds_the_key_in_its_field_or_as_a_bearer_token) {
  const auto key = service_.create("read").text;
  service_.start();
  EXPECT_EQ(service_.status_with({{"X-API-Key", key}}), 404);
  EXPECT_EQ(service_.status_with({{"x-api-KEY", key}}), 404);
  EXPECT_EQ(service_.status_with({{"Authorization", "Bearer " + key}}), 404);
  EXPECT_EQ(service_.status_with({{"Authorization", "bearer   " + key}}), 404);
  EXPECT_EQ(service_.status_with({{"X-API-Key", key}, {"Authorization", "Bearer " + key}}), 404);
  EXPECT_EQ(service_.status_with({{"X-API-Key", key}, {"Authorization", "Basic dTpw"}}), 404) << "that is a proxy's";

  EXPECT_EQ(service_.status_with({{"Authorization", "Basic " + key}}), 401);
  EXPECT_EQ(service_.status_with({{"Authorization", key}}), 401);
  EXPECT_EQ(service_.status_with({{"X-Key", key}}), 401);
  EXPECT_EQ(service_.status_with({{"X-API-Key", key}, {"X-API-Key", key}}), 401);
  EXPECT_EQ(service_.status_with({{"X-API-Key", key}, {"Authorization", "Bearer " + key_of_another_service()}}), 401);
  EXPECT_EQ(HttpClient(service_.process().port()).get("/status/d?X-API-Key=" + key).status, 401);
}

TEST_P(KeyCheck, looks_into_the_field_that_API_KEY_HEADER_names) {
  service_.process().settings()["API_KEY_HEADER"] = "X-Fleet-Key";
  const auto key = service_.create("read").text;
  service_.start();
  EXPECT_EQ(service_.status_with({{"X-Fleet-Key", key}}), 404);
  EXPECT_EQ(service_.status_with({{"Authorization", "Bearer " + key}}), 404);
  EXPECT_EQ(service_.status_with({{"X-API-Key", key}}), 401);
}

TEST_P(KeyCheck, refuses_a_key_that_is_none_of_its_own) {
  const auto key = service_.create("read").text;
  service_.start();
  auto mistyped = key;
  mistyped.back() = mistyped.back() == 'a' ? 'b' : 'a';
  const std::string invalid = R"(Bearer realm="ubiety", error="invalid_token")";
  expect_invalid(service_.get("/status/a", mistyped), invalid);
  expect_invalid(service_.get("/status/a", key.substr(1)), invalid);
  expect_invalid(service_.get("/status/a", key + "x"), invalid);
  expect_invalid(service_.get("/status/a", key_of_another_service()), invalid);
  expect_invalid(service_.get("/status/a"), R"(Bearer realm="ubiety")");
  expect_invalid(service_.post_report({}, "a"), R"(Bearer realm="ubiety")");
  EXPECT_EQ(service_.request("HEAD", "/status/a", {}).status, 401);
  EXPECT_EQ(service_.get("/status/a", key).status, 404) << "nothing was stored";
}

TEST_P(KeyCheck, refuses_a_key_that_has_expired) {
  const auto expires = std::chrono::system_clock::now() + 3s;
  const auto key = service_.create("read", {"--expires", utc_text(expires)}).text;
  const auto longer = service_.create("read", {"--expires", "1h"}).text;
  service_.start();
  const bool was_let_in = service_.lets_in(key);
  EXPECT_TRUE(was_let_in || std::chrono::system_clock::now() >= expires);
  EXPECT_TRUE(wait_until([&] { return !service_.lets_in(key); }, 10s));
  EXPECT_GE(std::chrono::system_clock::now(), expires);
  expect_invalid(service_.get("/status/a", key), R"(Bearer realm="ubiety", error="invalid_token")");
  EXPECT_TRUE(service_.lets_in(longer));
}

TEST_P(KeyCheck, refuses_a_key_that_was_revoked_before_the_start) {
  const auto revoked = service_.create("read"), other = service_.create("read");
  EXPECT_EQ(service_.run_keys({"revoke", std::to_string(revoked.id)}).status.code, 0);
  service_.start();
  EXPECT_FALSE(service_.lets_in(revoked.text));
  EXPECT_TRUE(service_.lets_in(other.text));
}

TEST_P(KeyCheck, follows_a_change_that_is_made_in_the_database_itself) {
  const auto key = service_.create("read");
  service_.start();
  ASSERT_TRUE(service_.lets_in(key.text));
  const auto where = " WHERE id = " + std::to_string(key.id);
  execute_in_store_of(service_.process(), "UPDATE api_keys SET scopes = 'ingest'" + where);
  EXPECT_TRUE(wait_until([&] { return service_.get("/status/a", key.text).status == 403; }, 5s));
  execute_in_store_of(service_.process(), "DELETE FROM api_keys" + where);
  EXPECT_TRUE(wait_until([&] { return service_.get("/status/a", key.text).status == 401; }, 5s));
}

TEST_P(KeyCheck, lets_each_scope_do_what_it_is_for) {
  const auto ingest = service_.create("ingest").text, read = service_.create("read").text,
             both = service_.create("ingest,read").text, admin = service_.create("admin").text;
  service_.start();
  struct Case {
    const char *method, *target, *body;
    int status, of_ingest, of_read, of_both;  // with admin, and the others
  };
  const auto report = Report{.device_id = "a"}.json();
  const auto batch = "[" + report + "]";
  const Case cases[] = {
      {"POST", "/status", report.c_str(), 200, 200, 403, 200},
      {"POST", "/status/batch", batch.c_str(), 200, 200, 403, 200},
      {"GET", "/status/a", "", 200, 403, 200, 200},
      {"HEAD", "/status/a", "", 200, 403, 200, 200},
      {"GET", "/status/batch", "", 404, 403, 404, 404},
      {"GET", "/status/summary", "", 200, 403, 200, 200},
      {"GET", "/status/a/history", "", 200, 403, 200, 200},
      {"GET", "/admin/keys", "", 200, 403, 403, 403},
      {"POST", "/admin/keys", R"({"name":"made","scopes":["read"]})", 201, 403, 403, 403},
      {"POST", "/admin/keys/99/rotate", "", 404, 403, 403, 403},
      {"DELETE", "/admin/keys/99", "", 404, 403, 403, 403},
      {"GET", "/nowhere", "", 404, 404, 404, 404},
      {"PUT", "/status", "", 405, 405, 405, 405},
  };
  for (const auto& [method, target, body, status, of_ingest, of_read, of_both] : cases) {
    SCOPED_TRACE(std::string(method) + " " + target);
    const auto status_of = [&](const std::string& key) {
      HttpClient client(service_.process().port());
      client.send_raw(
          format_request("a", method, target, {{"X-API-Key", key}, {"Content-Type", "application/json"}}, body));
      return client.read_response(std::string_view(method) == "HEAD").status;
    };
    EXPECT_EQ(status_of(admin), status);
    EXPECT_EQ(status_of(ingest), of_ingest);
    EXPECT_EQ(status_of(read), of_read);
    EXPECT_EQ(status_of(both), of_both);
  }
}

TEST_P(KeyCheck, says_which_scope_is_missing) {
  const auto key = service_.create("ingest").text;
  service_.start();
  const auto response = service_.get("/status/summary", key);
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body, R"({"detail":"Insufficient scope"})");
  EXPECT_EQ(response.header("WWW-Authenticate"), R"(Bearer realm="ubiety", error="insufficient_scope", scope="read")");
}

TEST_P(KeyCheck, asks_neither_health_checks_nor_preflights) {
  service_.process().settings()["CORS_ORIGINS"] = "http://a.example";
  service_.start();
  for (const auto* target : {"/health", "/health/live", "/health/ready", "/metrics"})
    EXPECT_EQ(service_.get(target).status, 200) << target;
  const auto ask = [&](const char* method, Headers fields) {
    fields.emplace_back("Origin", "http://a.example");
    return HttpClient(service_.process().port()).request(method, "/status", fields);
  };
  const auto preflight = ask("OPTIONS", {{"Access-Control-Request-Method", "POST"},
                                         {"Access-Control-Request-Headers", "x-api-key,content-type"}});
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Headers"), "x-api-key,content-type");
  EXPECT_EQ(ask("OPTIONS", {}).status, 204);
  const auto refused = ask("POST", {});
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "http://a.example") << "the page may read why";
}

// Whatever stands between keeps no answer for those without a key.
TEST_P(KeyCheck, keeps_answers_out_of_shared_caches) {
  const auto key = service_.create("admin").text;
  service_.start();
  EXPECT_EQ(service_.post_report(key, "a").header("Cache-Control"), "no-store");
  for (const auto* const target : {"/status/a", "/status/never-seen", "/status/a/history", "/status/a/history?limit=x",
                                   "/status/summary?limit=x", "/admin/keys"}) {
    EXPECT_EQ(service_.get(target, key).header("Cache-Control"), "no-store") << target;
    EXPECT_EQ(service_.get(target).status, 401);
    EXPECT_EQ(service_.get(target).header("Cache-Control"), "no-store") << target;
  }
  for (const auto* const target : {"/status/summary", "/status/summary?limit=1", "/status/summary?stale=true"}) {
    const auto summary = service_.get(target, key);
    EXPECT_EQ(summary.header("Cache-Control"), "private, no-cache") << target;
    const auto unchanged = HttpClient(service_.process().port())
                               .request("GET", target, {{"X-API-Key", key}, {"If-None-Match", summary.header("ETag")}});
    EXPECT_EQ(unchanged.status, 304);
    EXPECT_EQ(unchanged.header("Cache-Control"), "private, no-cache");
    EXPECT_EQ(service_.get(target).header("Cache-Control"), "no-store");
  }
  EXPECT_EQ(service_.get("/health").count("Cache-Control"), 0U);
  EXPECT_EQ(service_.get("/docs").header("Cache-Control"), "no-cache");
}

TEST_P(KeyCheck, takes_gzipped_requests_about_keys) {
  const auto key = service_.create("admin").text;
  service_.start();
  const auto post = [&](const char* target, const char* coding, const std::string& body) {
    const Headers fields{{"X-API-Key", key}, {"Content-Type", "application/json"}, {"Content-Encoding", coding}};
    return HttpClient(service_.process().port()).request("POST", target, fields, body).status;
  };
  const std::string request = R"({"name":"made","scopes":["read"]})";
  EXPECT_EQ(post("/admin/keys", "gzip", gzip(request)), 201);
  EXPECT_EQ(post("/admin/keys/2/rotate", "gzip", gzip("{}")), 201);
  EXPECT_EQ(post("/admin/keys", "gzip", request), 400);
  EXPECT_EQ(post("/admin/keys", "gzip", gzip(std::string(70'000, ' '))), 413);
  EXPECT_EQ(post("/admin/keys", "br", request), 415);
  EXPECT_EQ(post("/admin/keys/2/rotate", "br", "{}"), 415);
}

UBIETY_WITH_EACH_STORE(KeyCheck);

TEST(KeyCheckWithoutItsDatabase, goes_on_from_memory) {
  PostgresServer server;
  server.start();
  KeyedService service(StoreKind::sqlite, {{"DATABASE_URL", server.create_database("ubiety")}});
  const auto key = service.create("ingest,read").text;
  service.start();
  ASSERT_EQ(service.post_report(key, "a").status, 200);
  server.stop();
  EXPECT_EQ(service.get("/status/a", key).status, 200);
  EXPECT_EQ(service.get("/status/a", key_of_another_service()).status, 401);
}

TEST(KeyCheckWithoutItsDatabase, lets_no_client_in_before_it_knows_the_keys) {
  ServiceProcess service({{"DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing"}, {"ENABLE_AUTH", "true"}});
  service.start_unready();
  HttpClient client(service.port());
  const auto response = client.request("GET", "/status/a", {{"X-API-Key", key_of_another_service()}});
  EXPECT_EQ(response.status, 503);
  EXPECT_GE(std::stoi(response.header("Retry-After")), 1);
  EXPECT_EQ(client.get("/status/a").status, 401);
  EXPECT_EQ(client.get("/health/ready").status, 503);
}

}  // namespace
}  // namespace ubiety::test

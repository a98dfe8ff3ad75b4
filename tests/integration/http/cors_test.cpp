// Pages of other origins, as browsers ask for them.
#include <gtest/gtest.h>

#include "support/http_client.hpp"
#include "support/service_process.hpp"

namespace ubiety::test {
namespace {

const std::string page = "http://localhost:3000", other_page = "https://elsewhere.example";

class Cors : public ::testing::Test {
 protected:
  explicit Cors(const std::string& origins = R"(["http://localhost:3000", "https://a.example"])")
      : service_(Environment{{"CORS_ORIGINS", origins}}) {
    service_.start();
  }

  HttpResponse preflight(const std::string& origin, const std::string& target = "/status",
                         const std::string& fields = "content-type, x-api-key") {
    return client().request(
        "OPTIONS", target,
        {{"Origin", origin}, {"Access-Control-Request-Method", "POST"}, {"Access-Control-Request-Headers", fields}});
  }
  HttpClient client() { return HttpClient(service_.port()); }

  ServiceProcess service_;
};

TEST_F(Cors, lets_a_listed_origin_read_with_credentials) {
  for (const auto* target : {"/health", "/status/summary", "/status/never-seen", "/unknown"}) {
    const auto response = client().request("GET", target, {{"Origin", page}});
    EXPECT_EQ(response.header("Access-Control-Allow-Origin"), page) << target;
    EXPECT_EQ(response.header("Access-Control-Allow-Credentials"), "true");
    const auto exposed = response.header("Access-Control-Expose-Headers");
    for (const auto* field : {"ETag", "RateLimit-Remaining", "Retry-After", "X-Request-ID", "Link"})
      EXPECT_NE(exposed.find(field), std::string::npos) << field;
  }
}

TEST_F(Cors, says_to_caches_that_the_origin_matters_even_where_there_is_none) {
  EXPECT_EQ(client().get("/health").header("Vary"), "Origin");
  EXPECT_EQ(client().get("/" + std::string(10'000, 'x')).header("Vary"), "Origin") << "of the gate's refusal";
  EXPECT_EQ(client().request("GET", "/health", {{"Origin", other_page}}).header("Vary"), "Origin");
}

TEST_F(Cors, lets_a_page_read_why_its_request_was_refused) {
  for (const auto* const refused : {"GET /health HTTP/9.9\r\nHost: a\r\n", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n",
                                    "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n"}) {
    auto sender = client();
    sender.send_raw(std::string(refused) + "Origin: " + page + "\r\n\r\n");
    const auto response = sender.read_response();
    EXPECT_GE(response.status, 400);
    EXPECT_EQ(response.header("Access-Control-Allow-Origin"), page) << refused;
  }
}

TEST_F(Cors, lets_no_other_origin_read) {
  for (const auto& origin : {other_page, std::string("null"), page + "0", std::string("HTTP://localhost:3000"),
                             std::string("http://localhost:3000/")}) {
    const auto response = client().request("GET", "/health", {{"Origin", origin}});
    EXPECT_EQ(response.status, 200) << "the request itself is served: a browser keeps the answer from the page";
    EXPECT_EQ(response.count("Access-Control-Allow-Origin"), 0u) << origin;
    EXPECT_EQ(response.count("Access-Control-Allow-Credentials"), 0u);
  }
}

TEST_F(Cors, answers_a_preflight) {
  const auto response = preflight(page);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), page);
  EXPECT_EQ(response.header("Access-Control-Allow-Methods"), "POST, DELETE, OPTIONS");
  EXPECT_EQ(response.header("Access-Control-Allow-Headers"), "content-type, x-api-key");
  EXPECT_EQ(response.header("Access-Control-Max-Age"), "600");
  EXPECT_EQ(response.header("Allow"), "POST, DELETE, OPTIONS");
  EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
}

TEST_F(Cors, gives_no_permission_to_a_preflight_of_another_origin) {
  const auto response = preflight(other_page);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.count("Access-Control-Allow-Origin"), 0u);
  EXPECT_EQ(response.count("Access-Control-Allow-Methods"), 0u);
  EXPECT_EQ(response.count("Access-Control-Allow-Headers"), 0u);
}

TEST_F(Cors, repeats_no_list_of_fields_that_is_none) {
  EXPECT_EQ(preflight(page, "/status", "a: b").count("Access-Control-Allow-Headers"), 0u);
  EXPECT_EQ(preflight(page, "/status", std::string(2000, 'a')).count("Access-Control-Allow-Headers"), 0u);
}

TEST_F(Cors, takes_plain_OPTIONS_for_no_preflight) {
  const auto response = client().request("OPTIONS", "/status", {{"Origin", page}});
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.header("Allow"), "POST, DELETE, OPTIONS");
  EXPECT_EQ(response.count("Access-Control-Allow-Methods"), 0u);
}

class CorsForAll : public Cors {
 protected:
  CorsForAll() : Cors("*") {}
};

TEST_F(CorsForAll, gives_no_credentials) {
  const auto response = client().request("GET", "/health", {{"Origin", other_page}});
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(response.count("Access-Control-Allow-Credentials"), 0u);
  EXPECT_EQ(preflight(other_page).header("Access-Control-Allow-Origin"), "*");
}

TEST(CorsByDefault, is_off) {
  ServiceProcess service;
  service.start();
  const auto response = HttpClient(service.port()).request("GET", "/health", {{"Origin", page}});
  EXPECT_EQ(response.count("Access-Control-Allow-Origin"), 0u);
  EXPECT_EQ(response.count("Vary"), 0u);
}

}  // namespace
}  // namespace ubiety::test

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

using Methods = std::set<std::string>;

const Methods post_only{"POST", "OPTIONS"};
const Methods get_only{"GET", "HEAD", "OPTIONS"};

// Those that http_parser knows, but for CONNECT, which names no path.
const Methods known{"GET",        "POST",       "HEAD",  "PUT",      "DELETE", "OPTIONS",   "PATCH",
                    "TRACE",      "COPY",       "LOCK",  "MKCOL",    "MOVE",   "PROPFIND",  "PROPPATCH",
                    "SEARCH",     "UNLOCK",     "BIND",  "REBIND",   "UNBIND", "ACL",       "REPORT",
                    "MKACTIVITY", "CHECKOUT",   "MERGE", "M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE",
                    "PURGE",      "MKCALENDAR", "LINK",  "UNLINK",   "SOURCE"};

class MethodsOf : public ServiceTest {
 protected:
  MethodsOf() { client_.post("/status", Report{.device_id = device_}.json()); }

  std::vector<std::pair<std::string, Methods>> resources() const {
    return {{"/status", post_only},
            {"/status/" + device_, get_only},
            {"/status/never-seen", get_only},
            {"/status/" + device_ + "/history", get_only},
            {"/status/summary", get_only},
            {"/health", get_only},
            {"/health/live", get_only},
            {"/health/ready", get_only},
            {"/metrics", get_only},
            {"/openapi.json", get_only},
            {"/docs", get_only},
            {"/docs/start.js", get_only},
            {"/redoc", get_only},
            {"/redoc/start.js", get_only},
            {"/", get_only},
            {"/status/batch", {"GET", "HEAD", "POST", "OPTIONS"}}};
  }

  static Methods allowed(const HttpResponse& response) {
    std::istringstream list(response.header("Allow"));
    Methods methods;
    for (std::string method; std::getline(list >> std::ws, method, ',');) methods.insert(method);
    return methods;
  }

  std::string device_ = fresh_device();
};

TEST_F(MethodsOf, a_path_that_is_unknown) {
  for (const char* target : {"/", "/unknown", "/Status", "/status/a/b", "/status/a/history/b", "/status/a/b/history",
                             "/healthy", "/health/lives", "/status%2Fa", "//status", "/unknown?/status"}) {
    SCOPED_TRACE(target);
    const auto response = client_.get(target);
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.header("Content-Type"), "application/json");
    EXPECT_EQ(response.body, R"({"detail":"Not Found"})");
  }
  EXPECT_EQ(client_.post("/unknown", "{}").status, 404);
  EXPECT_EQ(client_.request("DELETE", "/unknown").status, 404);
}

TEST_F(MethodsOf, a_known_path_that_are_wrong) {
  for (const auto& [target, methods] : resources())
    for (const auto& method : known) {
      if (methods.count(method) != 0 || method == "HEAD") continue;
      SCOPED_TRACE(method + " " + target);
      const auto response = client_.request(method, target);
      EXPECT_EQ(response.status, 405);
      EXPECT_EQ(response.header("Content-Type"), "application/json");
      EXPECT_EQ(response.body, R"({"detail":"Method Not Allowed"})");
      EXPECT_EQ(allowed(response), methods);
    }
  const auto head = client_.request("HEAD", "/status");
  EXPECT_EQ(head.status, 405);
  EXPECT_EQ(allowed(head), post_only);
}

TEST_F(MethodsOf, that_nobody_knows_get_an_answer) {
  for (const char* method : {"BREW", "get", "X"}) {
    const auto response = HttpClient(service_.port()).request(method, "/status");
    EXPECT_TRUE(response.status == 405 || response.status == 501) << method << ' ' << response.status;
    EXPECT_TRUE(Json(response.body).contains("detail"));
  }
}

TEST_F(MethodsOf, options) {
  for (const auto& [target, methods] : resources()) {
    SCOPED_TRACE(target);
    const auto response = client_.request("OPTIONS", target);
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(allowed(response), methods);
  }
  EXPECT_EQ(client_.request("OPTIONS", "*").status / 100, 2);
  EXPECT_EQ(client_.request("OPTIONS", "/unknown").status, 404);
}

// Until there is a dashboard. The place is relative, since a proxy may have put the service below a path.
TEST_F(MethodsOf, the_root_takes_browsers_to_the_documentation) {
  const Headers browser{{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}};
  for (const auto* const target : {"/", "/?a=b", "http://a", "http://a?b/c"})
    for (const auto* const method : {"GET", "HEAD"}) {
      const auto response = client_.request(method, target, browser);
      EXPECT_EQ(response.status, 307) << target;
      EXPECT_EQ(response.header("Location"), "docs");
      EXPECT_EQ(response.header("Vary"), "Accept");
    }
  EXPECT_EQ(client_.request("GET", "/", {{"Accept", "*/*"}}).status, 307);
  const auto program = client_.request("GET", "/", {{"Accept", "application/json"}});
  EXPECT_EQ(program.status, 404);
  EXPECT_EQ(program.body, R"({"detail":"Not Found"})");
  EXPECT_EQ(program.header("Vary"), "Accept");
  EXPECT_EQ(client_.request("POST", "/", browser, "{}").status, 405);
}

TEST_F(MethodsOf, head_is_as_get_without_the_body) {
  for (const auto& target :
       {"/status/" + device_, "/status/" + device_ + "/history", std::string("/health"), std::string("/health/live"),
        std::string("/health/ready"), std::string("/status/never-seen"), std::string("/status/summary"),
        std::string("/status/summary?limit=1"), std::string("/status/batch"), std::string("/openapi.json"),
        std::string("/docs"), std::string("/redoc/start.js"), std::string("/metrics"), std::string("/"),
        std::string("/unknown"), std::string("/status/a/history?limit=0")}) {
    SCOPED_TRACE(target);
    const auto get = client_.get(target);
    const auto head = client_.request("HEAD", target);
    EXPECT_EQ(head.status, get.status);
    for (const auto* const field : {"Content-Type", "Vary", "Cache-Control"})
      EXPECT_EQ(head.header(field), get.header(field)) << field;
    // The connection is in step: nothing of a body came.
    EXPECT_EQ(client_.get("/health/live").status, 200);
  }
  const auto get = client_.get("/status/" + device_);
  EXPECT_EQ(client_.request("HEAD", "/status/" + device_).header("Content-Length"), get.header("Content-Length"));
}

}  // namespace
}  // namespace ubiety::test

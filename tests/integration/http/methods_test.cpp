#include <gtest/gtest.h>

#include "integration/http/documented_methods.hpp"
#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

// Those that http_parser knows, but for CONNECT, which names no path.
const Methods known{"GET",        "POST",       "HEAD",  "PUT",      "DELETE", "OPTIONS",   "PATCH",
                    "TRACE",      "COPY",       "LOCK",  "MKCOL",    "MOVE",   "PROPFIND",  "PROPPATCH",
                    "SEARCH",     "UNLOCK",     "BIND",  "REBIND",   "UNBIND", "ACL",       "REPORT",
                    "MKACTIVITY", "CHECKOUT",   "MERGE", "M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE",
                    "PURGE",      "MKCALENDAR", "LINK",  "UNLINK",   "SOURCE"};

class RequestMethods : public ServiceTest {
 protected:
  RequestMethods() { client_.post("/status", Report{.device_id = device_}.json()); }

  // What the service's own document names, but for the administration of keys, which is tested in keys/. src/http's
  // unit tests compare the document with the routes.
  std::vector<std::pair<std::string, Methods>> resources() {
    std::vector<std::pair<std::string, Methods>> resources;
    for (const auto& [path, methods] : documented_methods(client_))
      if (!path.starts_with("/admin/"))
        resources.emplace_back(replaced(path, {{"{device_id}", device_}, {"{prefix}", "a-"}, {"{file}", "start.js"}}),
                               methods);
    EXPECT_GE(resources.size(), 15u);
    return resources;
  }

  std::string device_ = fresh_device();
};

TEST_F(RequestMethods, are_not_found_at_an_unknown_path) {
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

TEST_F(RequestMethods, are_refused_at_a_known_path_with_a_list_of_the_right_ones) {
  for (const auto& [target, methods] : resources())
    for (const auto& method : known) {
      if (methods.count(method) != 0 || method == "HEAD") continue;
      SCOPED_TRACE(method + " " + target);
      const auto response = client_.request(method, target);
      EXPECT_EQ(response.status, 405);
      EXPECT_EQ(response.header("Content-Type"), "application/json");
      EXPECT_EQ(response.body, R"({"detail":"Method Not Allowed"})");
      EXPECT_EQ(methods_in(response.header("Allow")), methods);
    }
  const auto head = client_.request("HEAD", "/status");
  EXPECT_EQ(head.status, 405);
  EXPECT_EQ(methods_in(head.header("Allow")), (Methods{"POST", "DELETE", "OPTIONS"}));
}

TEST_F(RequestMethods, are_not_implemented_when_they_are_unknown) {
  for (const char* method : {"BREW", "get", "X", "GETT"}) {
    const auto response = HttpClient(service_.port()).request(method, "/status");
    EXPECT_EQ(response.status, 501) << method;
    EXPECT_EQ(response.body, R"({"detail":"The request method is unknown"})");
  }
  EXPECT_EQ(HttpClient(service_.port()).request("CONNECT", "/status").status, 405);
}

TEST_F(RequestMethods, are_listed_for_OPTIONS) {
  for (const auto& [target, methods] : resources()) {
    SCOPED_TRACE(target);
    const auto response = client_.request("OPTIONS", target);
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(methods_in(response.header("Allow")), methods);
  }
  EXPECT_EQ(client_.request("OPTIONS", "*").status / 100, 2);
  EXPECT_EQ(client_.request("OPTIONS", "/unknown").status, 404);
}

TEST_F(RequestMethods, the_root_is_a_page_for_browsers_only) {
  const Headers browser{{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}};
  for (const auto* const target : {"/", "/?a=b", "http://a", "http://a?b/c"})
    for (const auto* const method : {"GET", "HEAD"}) {
      const auto response = client_.request(method, target, browser);
      EXPECT_EQ(response.status, 200) << target;
      EXPECT_EQ(response.header("Content-Type"), "text/html; charset=utf-8");
      EXPECT_EQ(response.header("Vary"), "Accept, Accept-Encoding");
    }
  EXPECT_EQ(client_.request("GET", "/", {{"Accept", "*/*"}}).status, 200);
  const auto program = client_.request("GET", "/", {{"Accept", "application/json"}});
  EXPECT_EQ(program.status, 404);
  EXPECT_EQ(program.body, R"({"detail":"Not Found"})");
  EXPECT_EQ(program.header("Vary"), "Accept");
  EXPECT_EQ(client_.request("POST", "/", browser, "{}").status, 405);
}

TEST_F(RequestMethods, head_is_as_get_without_the_body) {
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

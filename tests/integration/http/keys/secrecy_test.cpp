// Where a key's text must not be: in no table, log or metric, and in no core.
#include <gtest/gtest.h>

#include <filesystem>

#include "integration/http/keys/keyed_service.hpp"
#include "support/json.hpp"
#include "support/postgres_server.hpp"
#include "support/report.hpp"
#include "support/repository.hpp"

namespace ubiety::test {
namespace {

class KeySecrecy : public ::testing::TestWithParam<StoreKind> {
 protected:
  // Every way in which a key may come, right and wrong.
  void use(const std::string& key) {
    HttpClient client(service_.process().port());
    client.request("GET", "/status/a", {{"X-API-Key", key}});
    client.request("GET", "/status/a", {{"Authorization", "Bearer " + key}});
    client.request("GET", "/status/a", {{"Authorization", key}});
    client.request("GET", "/status/a", {{"X-API-Key", key + "x"}});
    client.request("GET", "/status/a", {{"X-API-Key", key}, {"X-API-Key", key}});
    client.request("GET", "/status/a?key=" + key, {});
    client.request("GET", "/admin/keys", {{"X-API-Key", key}});
    client.request("POST", "/status", {{"X-API-Key", key}}, "{");
    client.request("PUT", "/status", {{"X-API-Key", key}});
    service_.post_report(key, "a");
    HttpClient malformed(service_.process().port());
    malformed.send_raw("GET /status/a HTTP/1.1\r\nHost: a\r\nX-API-Key : " + key + "\r\n\r\n");
    malformed.read_response();
  }
  // All that the store has on disk, and what PostgreSQL logged.
  std::string stored() {
    if (GetParam() == StoreKind::postgresql) return dumped() + shared_postgres().log();
    std::string bytes;
    for (const auto& file : std::filesystem::directory_iterator(service_.process().folder() / "data"))
      bytes += read_file(file.path());
    return bytes;
  }
  std::string dumped() {
    const auto url = service_.process().settings()["DATABASE_URL"];
    const auto database = url.substr(url.rfind('/') + 1);
    return shared_postgres().execute(database, "SELECT database_to_xml(true, false, '')::text").value();
  }

  KeyedService service_{GetParam(), {{"ACCESS_LOG", "true"}, {"LOG_LEVEL", "debug"}}};
};

TEST_P(KeySecrecy, is_kept) {
  const auto admin = service_.create("admin"), sensor = service_.create("ingest", {"--expires", "1h"});
  service_.start();
  std::vector<std::string> keys{admin.text, sensor.text, key_of_another_service()};
  const auto make = [&](const std::string& target, const std::string& body) {
    const auto response = service_.request("POST", target, admin.text, body);
    ASSERT_EQ(response.status, 201) << response.body;
    keys.push_back(Json(response.body)["key"].text());
  };
  make("/admin/keys", R"({"name":"sensors","scopes":["read"]})");
  make("/admin/keys/" + std::to_string(sensor.id) + "/rotate", "{}");
  for (const auto& key : keys) use(key);

  const auto metrics = service_.get("/metrics").body;
  const auto list = service_.get("/admin/keys", admin.text).body;
  EXPECT_NE(list.find(admin.text.substr(0, 13)), std::string::npos);
  EXPECT_EQ(service_.process().terminate(), 0);
  const auto log = service_.process().log();
  EXPECT_NE(log.find("/status/{device_id}"), std::string::npos) << "there is an access log";
  const auto at_rest = stored();
  EXPECT_NE(at_rest.find("a key for admin"), std::string::npos) << "there are the names of the keys";
  for (const auto& key : keys) {
    // Neither the whole nor the part that nobody is shown.
    const auto hidden = key.substr(13);
    for (const auto& text : {log, metrics, list, at_rest}) EXPECT_EQ(text.find(hidden), std::string::npos);
  }
}

TEST_P(KeySecrecy, holds_for_cores_because_there_are_none) {
  service_.start();
  const auto limits = read_file("/proc/" + std::to_string(service_.process().pid()) + "/limits");
  const auto line = limits.substr(limits.find("Max core file size"));
  EXPECT_EQ(line.substr(0, line.find("bytes")).find_first_of("123456789u"), std::string::npos) << line;
}

UBIETY_WITH_EACH_STORE(KeySecrecy);

}  // namespace
}  // namespace ubiety::test

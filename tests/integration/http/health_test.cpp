#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

class Health : public EachStore {};

TEST_P(Health, says_that_all_is_well) {
  const auto before = utc_text(std::chrono::system_clock::now()).substr(0, 19);
  const auto response = client_.get("/health");
  const auto after = utc_text(std::chrono::system_clock::now()).substr(0, 19);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  const auto timestamp = Json(response.body)["timestamp"].text();
  EXPECT_EQ(response.body, "{\"status\":\"healthy\",\"timestamp\":\"" + timestamp +
                               "\",\"database\":\"connected\",\"version\":\"1.0.0\"}");
  EXPECT_GE(timestamp.substr(0, 19), before);
  EXPECT_LE(timestamp.substr(0, 19), after);
  EXPECT_EQ(timestamp.back(), 'Z');
}

TEST_P(Health, is_live_and_ready) {
  EXPECT_EQ(client_.get("/health/live").status, 200);
  EXPECT_EQ(client_.get("/health/ready").status, 200);
  EXPECT_EQ(client_.request("HEAD", "/health").status, 200);
  EXPECT_EQ(client_.request("HEAD", "/health/ready").status, 200);
}

UBIETY_WITH_EACH_STORE(Health);

TEST(HealthVersion, is_APP_VERSION) {
  ServiceProcess service(Environment{{"APP_VERSION", "2.3.4-\"rc\""}});
  service.start();
  EXPECT_EQ(Json(HttpClient(service.port()).get("/health").body)["version"].text(), "2.3.4-\"rc\"");
}

}  // namespace
}  // namespace ubiety::test

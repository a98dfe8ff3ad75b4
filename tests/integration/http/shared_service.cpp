#include "integration/http/shared_service.hpp"

#include <map>
#include <memory>

namespace ubiety::test {
namespace {

std::map<StoreKind, std::unique_ptr<ServiceProcess>>& running_services() {
  static std::map<StoreKind, std::unique_ptr<ServiceProcess>> services;
  return services;
}

class StopServices : public ::testing::Environment {
 public:
  void TearDown() override {
    for (auto& [kind, service] : running_services()) {
      EXPECT_EQ(service->terminate(), 0) << kind << ":\n" << service->log();
    }
    running_services().clear();
  }
};

[[maybe_unused]] const auto* const stop_services = ::testing::AddGlobalTestEnvironment(new StopServices);

}  // namespace

ServiceProcess& shared_service(StoreKind kind) {
  auto& service = running_services()[kind];
  if (!service) {
    auto starting = std::make_unique<ServiceProcess>(with_new_database(kind));
    starting->start();
    service = std::move(starting);
  }
  return *service;
}

void EachStore::accept(const Report& report) {
  const auto response = client_.post("/status", report.json());
  EXPECT_EQ(response.status, 200) << response.body;
}

std::string EachStore::latest(const std::string& device) {
  const auto response = client_.get("/status/" + percent_encode(device));
  EXPECT_EQ(response.status, 200) << response.body;
  return response.body;
}

std::string EachStore::history(const std::string& device, std::string_view query) {
  const auto response = client_.get("/status/" + percent_encode(device) + "/history" + std::string(query));
  EXPECT_EQ(response.status, 200) << response.body;
  return response.body;
}

}  // namespace ubiety::test

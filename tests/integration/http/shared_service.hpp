// The running services that most tests of this executable share, one for each store. Tests keep apart by their devices'
// names. At the end of the run each is stopped as a user would, which must go well.
#pragma once

#include <gtest/gtest.h>

#include "support/http_client.hpp"
#include "support/report.hpp"
#include "support/service_process.hpp"
#include "support/store_kind.hpp"

namespace ubiety::test {

// Started when first asked for.
ServiceProcess& shared_service(StoreKind kind = StoreKind::sqlite);

// A test on the SQLite service, for what no store can change.
class ServiceTest : public ::testing::Test {
 protected:
  ServiceProcess& service_ = shared_service();
  HttpClient client_{service_.port()};
};

// A test that runs once with each store.
class EachStore : public ::testing::TestWithParam<StoreKind> {
 protected:
  void accept(const Report& report);
  std::string latest(const std::string& device);  // the body, which must be there
  std::string history(const std::string& device, std::string_view query = {});

  ServiceProcess& service_ = shared_service(GetParam());
  HttpClient client_{service_.port()};
};

}  // namespace ubiety::test

// A service that asks for API keys, and `ubietyd keys` on its database.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/http_client.hpp"
#include "support/service_process.hpp"
#include "support/store_kind.hpp"

namespace ubiety::test {

struct MadeKey {
  std::int64_t id;
  std::string text;
};

class KeyedService {
 public:
  // Not started, so that keys can be made before; the store is there. Failed authentications are not limited unless
  // `settings` say so.
  explicit KeyedService(StoreKind kind, const Environment& settings = {});

  ServiceProcess& process() { return process_; }
  void start() { process_.start(); }

  // `ubietyd keys ARGUMENTS…`.
  Finished run_keys(std::vector<std::string> arguments);
  // The same to make a key, which must go well. `scopes` has commas.
  MadeKey create(const std::string& scopes, const std::vector<std::string>& options = {});

  // A request with the key, unless that is empty, on a connection of its own.
  HttpResponse request(std::string_view method, std::string_view target, std::string_view key,
                       std::string_view body = {});
  HttpResponse get(std::string_view target, std::string_view key = {}) { return request("GET", target, key); }
  HttpResponse post_report(std::string_view key, const std::string& device);
  // Of a GET with these fields; the device is unknown, so that a good key has 404.
  int status_with(const Headers& fields);
  bool lets_in(std::string_view key) { return get("/status/never-seen", key).status == 404; }

 private:
  ServiceProcess process_;
};

// A key as it should be, that is in no database which a test uses.
const std::string& key_of_another_service();

}  // namespace ubiety::test

#include "integration/http/keys/keyed_service.hpp"

#include <stdexcept>

#include "support/report.hpp"

namespace ubiety::test {
namespace {

Environment keyed(Environment settings) {
  settings.emplace("ENABLE_AUTH", "true");
  settings.emplace("AUTH_FAILURE_LIMIT", "0");
  return settings;
}

Environment with(Environment settings, const Environment& others) {
  settings.insert(others.begin(), others.end());
  return settings;
}

// The key stands alone on standard output, its id on the other, behind what the log may say of migrations.
MadeKey made_key(const Finished& finished) {
  constexpr std::string_view before_id = "key ";
  const auto note = finished.error.rfind(before_id, finished.error.rfind("; it is shown"));
  if (finished.status.code != 0 || note == std::string::npos || !finished.output.ends_with('\n'))
    throw std::runtime_error("no key is made: " + finished.error);
  return {std::stoll(finished.error.substr(note + before_id.size())),
          finished.output.substr(0, finished.output.size() - 1)};
}

// Keys are made in a store that exists.
void make_store(const Environment& settings, const std::filesystem::path& folder) {
  const auto finished = run_ubietyd({"migrate", "up"}, settings, folder);
  if (finished.status.code != 0) throw std::runtime_error("no store is made: " + finished.error);
}

std::vector<std::string> creation(const std::string& scopes, const std::vector<std::string>& options) {
  std::vector<std::string> arguments{"keys", "create", "a key for " + scopes, "--scope", scopes};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

}  // namespace

KeyedService::KeyedService(StoreKind kind, const Environment& settings)
    : process_(with(keyed(settings), with_new_database(kind))) {
  make_store(process_.settings(), process_.folder());
}

Finished KeyedService::run_keys(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "keys");
  return run_ubietyd(std::move(arguments), process_.settings(), process_.folder());
}

MadeKey KeyedService::create(const std::string& scopes, const std::vector<std::string>& options) {
  return made_key(run_ubietyd(creation(scopes, options), process_.settings(), process_.folder()));
}

HttpResponse KeyedService::request(std::string_view method, std::string_view target, std::string_view key,
                                   std::string_view body) {
  Headers fields;
  if (!key.empty()) fields.emplace_back("X-API-Key", key);
  if (!body.empty()) fields.emplace_back("Content-Type", "application/json");
  return HttpClient(process_.port()).request(method, target, fields, body);
}

HttpResponse KeyedService::post_report(std::string_view key, const std::string& device) {
  return request("POST", "/status", key, Report{.device_id = device}.json());
}

int KeyedService::status_with(const Headers& fields) {
  return HttpClient(process_.port()).request("GET", "/status/never-seen", fields).status;
}

const std::string& key_of_another_service() {
  static const auto key = [] {
    const TemporaryDirectory folder;
    make_store({}, folder.path());
    return made_key(run_ubietyd(creation("admin", {}), {}, folder.path())).text;
  }();
  return key;
}

}  // namespace ubiety::test

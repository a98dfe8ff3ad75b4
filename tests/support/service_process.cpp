#include "support/service_process.hpp"

#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <stdexcept>

#include "support/certificate.hpp"
#include "support/http_client.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

constexpr std::chrono::seconds patience{60};

Environment with_basics(const Environment& settings) {
  Environment environment = basic_environment();
  for (const auto& [name, value] : settings) environment[name] = value;
  return environment;
}

std::vector<std::string> ubietyd(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), UBIETYD);
  return arguments;
}

}  // namespace

ServiceProcess::ServiceProcess(Environment settings) : settings_(std::move(settings)) {
  settings_.emplace("HOST", "127.0.0.1");
  settings_.emplace("LOG_FORMAT", "text");
  settings_.emplace("SHARDS", "2");  // on a machine of two cores it would be one, and never two
  settings_["PORT"] = std::to_string(port());
  if (const auto* certificate = certificate_of_all()) {
    settings_.emplace("TLS_CERT", certificate->certificate);
    settings_.emplace("TLS_KEY", certificate->key);
  }
}

void ServiceProcess::launch() {
  if (is_running()) throw std::logic_error("the service runs already");
  process_ = start_ubietyd({}, settings_, folder(), open_files_);
}

bool ServiceProcess::answers(std::string_view target) {
  try {
    constexpr std::chrono::seconds timeout{2};
    const auto certificate = settings_.find("TLS_CERT");
    auto client =
        certificate == settings_.end() ? HttpClient(port(), timeout) : HttpClient(port(), certificate->second, timeout);
    return client.get(target).status == 200;
  } catch (const HttpError&) {
    return false;
  }
}

void ServiceProcess::start() {
  launch();
  if (!wait_until_ready()) throw std::runtime_error("ubietyd does not get ready:\n" + log());
}

void ServiceProcess::start_unready() {
  launch();
  const auto serves = [this] { return !is_running() || answers("/health/live"); };
  if (!wait_until(serves, patience) || !is_running()) throw std::runtime_error("ubietyd does not serve:\n" + log());
}

bool ServiceProcess::wait_until_ready() {
  const auto ready = [this] { return !is_running() || answers("/health/ready"); };
  return wait_until(ready, patience) && is_running();
}

int ServiceProcess::terminate() {
  if (!process_) return -1;
  process_->send_signal(SIGTERM);
  const auto status = process_->wait(patience);
  process_.reset();
  return status ? status->code : -1;
}

void ServiceProcess::kill_hard() { process_.reset(); }

void ServiceProcess::restart() {
  if (terminate() != 0) throw std::runtime_error("ubietyd does not end well:\n" + log());
  start();
}

std::string ServiceProcess::log() const { return read_file(folder() / "ubietyd.err"); }

Finished run_ubietyd(std::vector<std::string> arguments, const Environment& settings,
                     const std::filesystem::path& directory) {
  return run({ubietyd(std::move(arguments)), with_basics(settings), directory, {}, {}, {}});
}

Finished run_ubietyd_as_ordinary_user(std::vector<std::string> arguments, const Environment& settings,
                                      const std::filesystem::path& directory) {
  if (::geteuid() != 0) return run_ubietyd(std::move(arguments), settings, directory);
  const passwd* nobody = ::getpwnam("nobody");
  if (nobody == nullptr) throw std::runtime_error("there is no user nobody");
  const TemporaryDirectory folder;  // the build folder may be root's alone
  std::filesystem::copy_file(UBIETYD, folder.path() / "ubietyd");
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
  if (::chown(directory.c_str(), nobody->pw_uid, nobody->pw_gid) != 0)
    throw std::runtime_error("cannot chown " + directory.string());
  arguments.insert(arguments.begin(), (folder.path() / "ubietyd").string());
  return run(
      {std::move(arguments), with_basics(settings), directory, {}, Identity{nobody->pw_uid, nobody->pw_gid}, {}});
}

std::unique_ptr<ChildProcess> start_ubietyd(std::vector<std::string> arguments, const Environment& settings,
                                            const std::filesystem::path& folder, std::optional<int> open_files) {
  return std::make_unique<ChildProcess>(
      Command{ubietyd(std::move(arguments)), with_basics(settings), folder, folder / "ubietyd", {}, open_files});
}

}  // namespace ubiety::test

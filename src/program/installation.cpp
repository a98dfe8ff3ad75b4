#include "program/installation.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>

namespace ubiety::program {
namespace {

constexpr const char* packaged_program = "/usr/bin/ubietyd";

std::string problem_with(const std::string& what) { return what + ": " + std::generic_category().message(errno); }

}  // namespace

std::optional<config::Installation> installation_of_this_program() {
  std::error_code failed;
  if (std::filesystem::read_symlink("/proc/self/exe", failed) != packaged_program) return std::nullopt;
  return config::Installation{.env_file = "/etc/ubiety/ubiety.env", .working_directory = "/var/lib/ubiety"};
}

std::optional<std::string> run_as_service(const config::Installation& installation) {
  const auto& folder = installation.working_directory;
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) return problem_with(folder);
  const passwd* owner = ::getpwuid(found.st_uid);
  const std::string name = owner == nullptr ? std::to_string(found.st_uid) : owner->pw_name;
  if (::geteuid() == 0 && found.st_uid != 0) {
    const gid_t group = owner == nullptr ? found.st_gid : owner->pw_gid;
    if (::initgroups(name.c_str(), group) != 0 || ::setgid(group) != 0 || ::setuid(found.st_uid) != 0)
      return problem_with("cannot become " + name);
  }
  if (::chdir(folder.c_str()) != 0) return problem_with(folder);
  std::cerr << "ubietyd: using the settings in " << installation.env_file << ", in " << folder << '\n';
  return std::nullopt;
}

}  // namespace ubiety::program

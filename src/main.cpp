// ubietyd: runs the command that the command line names.

#include <exception>
#include <iostream>

#include "config/command_line.hpp"
#include "program/commands.hpp"
#include "program/parts.hpp"
#include "program/process.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

int run(int argc, char** argv) {
  const auto invocation = config::parse_command_line(argc, argv, program::installation_of_this_program());
  if (invocation.exit_code) return *invocation.exit_code;
  if (invocation.installation)
    if (const auto problem = program::run_as_service(*invocation.installation)) return program::refuse(*problem);
  program::configure_log(invocation.settings);
  for (const auto& warning : invocation.warnings) log::warning("check the settings", {{"reason", warning}});
  switch (invocation.command) {
    case config::Command::serve: return program::serve(invocation.settings);
    case config::Command::verify: return program::verify_latest(invocation.settings, invocation.verify);
    case config::Command::export_history:
      return program::export_history(invocation.settings, invocation.export_history);
    case config::Command::keys_create:
    case config::Command::keys_list:
    case config::Command::keys_revoke:
    case config::Command::keys_rotate: return program::keys(invocation.settings, invocation.command, invocation.key);
    case config::Command::migrate_up: return program::migrate_up(invocation.settings);
    case config::Command::migrate_down: return program::migrate_down(invocation.settings, invocation.confirmed);
    case config::Command::migrate_status: return program::migrate_status(invocation.settings);
  }
  return 2;
}

}  // namespace
}  // namespace ubiety

int main(int argc, char** argv) {
  try {
    const int code = ubiety::run(argc, argv);
    ubiety::log::flush();
    return code;
  } catch (const std::exception& error) {
    ubiety::log::flush();
    std::cerr << "ubietyd: " << error.what() << '\n';
    return 1;
  }
}

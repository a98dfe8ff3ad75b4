#include "config/manual_page.hpp"

#include <string_view>
#include <vector>

namespace ubiety::config {
namespace {

using Options = std::vector<const CLI::Option*>;

// Text in which roff sees no request and no escape; hyphens are those that can be typed.
std::string roff(std::string_view text) {
  std::string result;
  if (text.starts_with('.') || text.starts_with('\'')) result = "\\&";
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else if (c == '\n') {
      result += "\n.br\n";
    } else {
      result += c;
    }
  }
  return result;
}

Options options_of(const CLI::App& app, std::string_view group) {
  return app.get_options([&](const CLI::Option* option) { return option->get_group() == group; });
}

void append_option(std::string& page, const CLI::Option& option) {
  page += ".TP\n.B " + roff(option.get_name(false, true));
  if (!option.get_envname().empty()) page += ", " + roff(option.get_envname());
  page += "\n" + roff(option.get_description()) + "\n";
  if (option.get_envname().empty()) return;
  page += "Takes " + roff(option.get_type_name().substr(1, option.get_type_name().size() - 2)) + "; ";
  page +=
      option.get_default_str().empty() ? "empty by default.\n" : "by default " + roff(option.get_default_str()) + ".\n";
}

// Whatever can be told to it: its own commands, or itself.
void append_command(std::string& page, const CLI::App& command, const std::string& path) {
  const auto parts = command.get_subcommands([](const CLI::App*) { return true; });
  for (const auto* part : parts) append_command(page, *part, path + part->get_name() + " ");
  if (!parts.empty()) return;
  page += ".TP\n.B " + roff(path.substr(0, path.size() - 1)) + "\n" + roff(command.get_description()) + ".\n";
  for (const auto* option : command.get_options([](const CLI::Option*) { return true; })) {
    if (option->get_name(false, true).find("--help") != std::string::npos) continue;
    page += "With\n.BR " + roff(option->get_name(false, true)) + " :\n" + roff(option->get_description()) + ".\n";
  }
}

}  // namespace

std::string manual_page(const CLI::App& app) {
  std::string page =
      ".\\\" Made by: ubietyd --print-man-page\n"
      ".TH UBIETYD 8 \"\" \"Ubiety\" \"System Manager's Manual\"\n.nh\n"
      ".SH NAME\nubietyd \\- status reports of smart\\-home sensors over HTTP, stored durably\n"
      ".SH SYNOPSIS\n.B ubietyd\n.RI [ option \\&...]\n.RI [ command ]\n"
      ".SH DESCRIPTION\n" +
      roff(app.get_description()) +
      "\n.PP\nAn answer 200 to a report means that it is durably committed. It runs in the foreground and logs to "
      "standard "
      "error.\n.SH COMMANDS\n";
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    append_command(page, *command, command->get_name() + " ");

  page += ".SH OPTIONS\n";
  for (const auto* option : options_of(app, "Options")) append_option(page, *option);
  page += ".SH SETTINGS\nEach is a flag and an environment variable.\n";
  for (const auto& group : app.get_groups()) {
    if (group == "Options" || group.empty() || options_of(app, group).empty()) continue;
    page += ".SS " + roff(group) + "\n";
    for (const auto* option : options_of(app, group)) append_option(page, *option);
  }
  page +=
      ".SH FILES\n"
      ".TP\n.I .env\nin the working directory: settings, NAME=VALUE a line.\n"
      ".TP\n.I /etc/ubiety/ubiety.env\nThe same for ubietyd.service of systemd. Commands other than\n.B serve\nread it "
      "too, "
      "and then run as the service's user in the service's folder, unless there is a .env, an \\-\\-env\\-file or a "
      "DATABASE_URL.\n"
      ".TP\n.I data/ubiety.db\nThe embedded store, unless DATABASE_URL says otherwise; below /var/lib/ubiety as a "
      "service.\n"
      ".SH SIGNALS\n"
      ".TP\n.BR SIGTERM \", \" SIGINT\nAnswers what was taken in, then ends. A second one ends it at once.\n"
      ".TP\n.B SIGHUP\nReads TLS_CERT and TLS_KEY anew, for new connections.\n"
      ".TP\n.B SIGUSR1\nTurns debugging on in the log, and off again.\n"
      ".SH EXIT STATUS\n"
      "0: all that was taken in was answered. 1: not, or the store cannot be used, or\n.B verify\nfound a difference. "
      "2: the command line or a setting is wrong.\n"
      ".SH ENVIRONMENT\nNOTIFY_SOCKET and WATCHDOG_USEC, as\n.BR sd_notify (3)\nhas them, besides the settings.\n"
      ".SH SEE ALSO\n.BR systemctl (1),\n.BR systemd.exec (5)\n";
  return page;
}

}  // namespace ubiety::config

#include "config/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include "config/completions.hpp"
#include "config/env_file.hpp"
#include "config/manual_page.hpp"

namespace ubiety::config {
namespace {

constexpr const char* env_file_name = ".env";

std::string flag_of(std::string_view name) {
  std::string flag = "--";
  for (const char c : name) flag += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return flag;
}

// The subcommands of `keys` with what they stand for; their arguments go to `key`.
std::vector<std::pair<CLI::App*, Command>> add_key_commands(CLI::App& app, KeyArguments& key) {
  auto* keys = app.add_subcommand("keys", "Make, list, revoke and rotate API keys, in the database");
  keys->require_subcommand(1);
  auto* create = keys->add_subcommand("create", "Make a key and print it, this one time");
  create->add_option("NAME", key.name, "What or whom it is for")->required();
  create->add_option("--scope", key.scopes, "What it is for: ingest, read, admin; may be given several times")
      ->required();
  create->add_option("--expires", key.expires, "When it ends: a time as 2027-01-01T00:00:00Z, or 90d, 12h from now");
  auto* list = keys->add_subcommand("list", "List all keys, also those that let nobody in any more");
  auto* revoke = keys->add_subcommand("revoke", "End a key; the service follows within a second");
  auto* rotate = keys->add_subcommand("rotate", "Make a key in the place of another, and print it");
  for (auto* command : {revoke, rotate}) command->add_option("ID", key.id, "The key's number, see list")->required();
  rotate->add_option("--grace", key.grace_seconds, "For how many seconds the old key is still good; by default a day")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{longest_grace.count()}));
  return {{create, Command::keys_create},
          {list, Command::keys_list},
          {revoke, Command::keys_revoke},
          {rotate, Command::keys_rotate}};
}

template <class Visit>
void for_each_declaration(Visit visit) {
  for (const auto& group : declared_settings())
    for (const auto& declaration : group.declarations) visit(group, declaration);
}

bool is_declared(std::string_view name) {
  bool found = false;
  for_each_declaration([&](const Group&, const Declaration& declaration) { found |= declaration.name == name; });
  return found;
}

// Puts what .env says into the environment, where that does not say it already. The problem, if there is one.
std::optional<std::string> load_env_file() {
  std::ifstream file(env_file_name);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  const auto entries = parse_env_file(text.str());
  if (!entries) return std::string(env_file_name) + ": " + entries.error();
  for (const auto& [name, value] : *entries) {
    if (!is_declared(name)) return std::string(env_file_name) + ": unknown setting " + name;
    ::setenv(name.c_str(), value.c_str(), 0);
  }
  return std::nullopt;
}

std::optional<std::string> assign_all(Settings& settings, const std::map<std::string_view, std::string>& given) {
  std::optional<std::string> problem;
  for_each_declaration([&](const Group&, const Declaration& declaration) {
    const auto& text = given.at(declaration.name);
    auto wrong = declaration.assign(settings, text.empty() ? declaration.default_text : std::string_view(text));
    if (wrong && !problem) problem = std::string(declaration.name) + ": " + *wrong;
  });
  return problem;
}

// What is made from the declarations, and printed on demand.
struct PrintedText {
  const char* flag;
  const char* description;
  std::string (*text)(const CLI::App& app);
};

constexpr PrintedText printed_texts[]{
    {"--print-env-example", "Print .env.example and exit", [](const CLI::App&) { return env_example(); }},
    {"--print-settings-table", "Print the settings as a Markdown table and exit",
     [](const CLI::App&) { return settings_table(); }},
    {"--print-man-page", "Print the manual page and exit", manual_page},
    {"--print-bash-completion", "Print the completions for bash and exit", bash_completion},
    {"--print-zsh-completion", "Print the completions for zsh and exit", zsh_completion},
};

Invocation refused(const std::string& problem) {
  std::cerr << "ubietyd: " << problem << '\n';
  Invocation invocation;
  invocation.exit_code = 2;
  return invocation;
}

}  // namespace

Invocation parse_command_line(int argc, char** argv) {
  const auto env_file_problem = load_env_file();

  CLI::App app{
      "Takes status reports of smart-home sensors over HTTP, stores them durably, and serves them.\n"
      "Settings come from flags, environment variables and .env, in this order of precedence."};
  app.name("ubietyd");
  std::map<std::string_view, std::string> given;
  for_each_declaration([&](const Group& group, const Declaration& declaration) {
    app.add_option(flag_of(declaration.name), given[declaration.name], std::string(declaration.help))
        ->envname(std::string(declaration.name))
        ->type_name("(" + std::string(declaration.range) + ")")
        ->default_str(std::string(declaration.default_text))
        ->group(std::string(group.title));
  });
  for (const auto& [flag, description, text] : printed_texts) app.add_flag(flag, description);
  app.fallthrough();
  app.require_subcommand(0, 1);
  app.add_subcommand("serve", "Serve (the default)");
  auto* migrate = app.add_subcommand("migrate", "Look at or change the schema of the database");
  migrate->require_subcommand(1);
  auto* up = migrate->add_subcommand("up", "Apply all migrations that are not applied yet");
  auto* down = migrate->add_subcommand("down", "Take the newest migration back, with its data");
  auto* status = migrate->add_subcommand("status", "List the migrations and whether they are applied");
  std::string verify_url;
  auto* verify = app.add_subcommand("verify", "Compare the latest statuses with the history they come from");
  verify->add_option("--url", verify_url, "Compare with a running node too: http://localhost:8000");
  KeyArguments key;
  const auto keys = add_key_commands(app, key);

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) {  // --help
    Invocation invocation;
    invocation.exit_code = app.exit(wish);
    return invocation;
  } catch (const CLI::ParseError& error) {
    return refused(error.what());
  }

  if (env_file_problem) return refused(*env_file_problem);

  Invocation invocation;
  for (const auto& [flag, description, text] : printed_texts) {
    if (app.count(flag) == 0) continue;
    std::cout << text(app);
    invocation.exit_code = 0;
    return invocation;
  }
  if (auto problem = assign_all(invocation.settings, given)) return refused(*problem);
  if (auto contradiction = contradiction_in(invocation.settings)) return refused(*contradiction);
  invocation.verify_url = verify_url;
  invocation.key = std::move(key);
  for (const auto& [subcommand, command] : keys)
    if (subcommand->parsed()) invocation.command = command;
  if (verify->parsed()) invocation.command = Command::verify;
  if (up->parsed()) invocation.command = Command::migrate_up;
  if (down->parsed()) invocation.command = Command::migrate_down;
  if (status->parsed()) invocation.command = Command::migrate_status;
  return invocation;
}

std::string env_example() {
  std::string text =
      "# Copy this file to .env and change what you need. Every line shows a default.\n"
      "# Made by: ubietyd --print-env-example\n";
  for (const auto& group : declared_settings()) {
    text.append("\n# -- ").append(group.title).append(" --\n");
    for (const auto& declaration : group.declarations) {
      text.append("\n# ").append(declaration.help).append(" (").append(declaration.range).append(")\n# ");
      text.append(declaration.name).append("=").append(declaration.default_text).append("\n");
    }
  }
  return text;
}

std::string settings_table() {
  std::string text;
  for (const auto& group : declared_settings()) {
    text.append("\n## ").append(group.title).append("\n\n| setting | flag | default | range | meaning |\n");
    text.append("| --- | --- | --- | --- | --- |\n");
    for (const auto& declaration : group.declarations) {
      text.append("| `").append(declaration.name).append("` | `").append(flag_of(declaration.name)).append("` | ");
      if (!declaration.default_text.empty()) text.append("`").append(declaration.default_text).append("`");
      text.append(" | ").append(declaration.range).append(" | ").append(declaration.help).append(" |\n");
    }
  }
  return text;
}

}  // namespace ubiety::config

#include "config/command_line.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <utility>
#include <vector>

#include "config/completions.hpp"
#include "config/manual_page.hpp"

namespace ubiety::config {
namespace {

using namespace std::string_literals;

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
  create->add_option("--scope", key.scopes, "What it is for: ingest, read, admin; several with commas")
      ->required()
      ->delimiter(',');
  create->add_option("--expires", key.expires, "When it ends: a time as 2027-01-01T00:00:00Z, or 90d, 12h from now");
  auto* list = keys->add_subcommand("list", "List all keys, also those that let nobody in any more");
  auto* revoke = keys->add_subcommand("revoke", "End a key; the service follows within a second");
  auto* rotate = keys->add_subcommand("rotate", "Make a key in the place of another, and print it");
  for (auto* command : {revoke, rotate}) command->add_option("ID", key.id, "The key's number, see list")->required();
  rotate->add_option("--grace", key.grace_seconds, "For how many seconds the old key is still good; by default a day")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{max_grace.count()}));
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

// The subcommands of `migrate`; what confirms a `down` goes to `confirmed`.
std::vector<std::pair<CLI::App*, Command>> add_migrate_commands(CLI::App& app, bool& confirmed) {
  auto* migrate = app.add_subcommand("migrate", "Look at or change the schema of the database");
  migrate->require_subcommand(1);
  auto* up = migrate->add_subcommand("up", "Apply all migrations that are not applied yet");
  auto* down = migrate->add_subcommand("down", "Take the newest migration back, with its data");
  down->add_flag("--yes", confirmed, "Do not ask first");
  auto* status = migrate->add_subcommand("status", "List the migrations and whether they are applied");
  return {{up, Command::migrate_up}, {down, Command::migrate_down}, {status, Command::migrate_status}};
}

std::pair<CLI::App*, Command> add_verify_command(CLI::App& app, VerifyArguments& arguments) {
  auto* verify = app.add_subcommand("verify", "Compare the latest statuses with the history they come from");
  verify->add_option("--url", arguments.url, "Compare with a running node too: https://ubiety.example");
  verify->add_option("--api-key-file", arguments.api_key_file,
                     "A file with an API key of scope read for that node; else UBIETY_API_KEY, where it is set");
  verify->add_option("--ca-file", arguments.ca_file, "The certificate, PEM, of the authority that signed the node's");
  return {verify, Command::verify};
}

// The texts of the settings, and where they were found.
class GivenSettings {
 public:
  // Declares a flag for each setting, which takes the environment's value when it is not given.
  void declare(CLI::App& app) {
    for_each_declaration([&](const Group& group, const Declaration& declaration) {
      options_[declaration.name] =
          app.add_option(flag_of(declaration.name), texts_[declaration.name], std::string(declaration.help))
              ->envname(std::string(declaration.name))
              ->type_name("(" + std::string(declaration.range) + ")")
              ->default_str(std::string(declaration.default_text))
              ->group(std::string(group.title));
    });
  }

  // Whether a flag or the environment names it, be it as an empty text.
  bool names(std::string_view name) const {
    return options_.at(name)->count() != 0 || std::getenv(std::string(name).c_str()) != nullptr;
  }

  // Takes from the file what is not named yet.
  void complete(const std::map<std::string, std::string>& from_file) {
    for (const auto& [name, text] : from_file)
      if (!names(name)) texts_.at(name) = text;
  }

  std::optional<std::string> assign_to(Settings& settings) const {
    std::optional<std::string> problem;
    for_each_declaration([&](const Group&, const Declaration& declaration) {
      const auto& text = texts_.at(declaration.name);
      auto wrong = declaration.assign(settings, text.empty() ? declaration.default_text : std::string_view(text));
      if (wrong && !problem) problem = std::string(declaration.name) + ": " + *wrong;
    });
    return problem;
  }

 private:
  std::map<std::string_view, std::string> texts_;
  std::map<std::string_view, const CLI::Option*> options_;
};

// What is made from the declarations, and printed on demand.
struct PrintedText {
  const char* flag;
  const char* description;
  std::string (*text)(const CLI::App& app);
};

constexpr PrintedText printed_texts[]{
    {"--version", "Print the version and exit", [](const CLI::App&) { return "ubietyd " UBIETY_VERSION "\n"s; }},
    {"--print-env-example", "Print .env.example and exit", [](const CLI::App&) { return env_example(); }},
    {"--print-settings-table", "Print the settings as a Markdown table and exit",
     [](const CLI::App&) { return settings_table(); }},
    {"--print-man-page", "Print the manual page and exit", manual_page},
    {"--print-bash-completion", "Print the completions for bash and exit", bash_completion},
    {"--print-zsh-completion", "Print the completions for zsh and exit", zsh_completion},
};

// An argument for an error message, if it cannot be a password or a URL with one: "--databse-url", without its value.
std::string shown(const std::string& argument) {
  const auto name = argument.substr(0, argument.find('='));
  const bool is_plain = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos;
  return is_plain ? " " + name : "";
}

Invocation refused(const std::string& problem) {
  std::cerr << "ubietyd: " << problem << '\n';
  Invocation invocation;
  invocation.exit_code = 2;
  return invocation;
}

}  // namespace

Invocation parse_command_line(int argc, char** argv, const std::optional<Installation>& installation) {
  CLI::App app{
      "Takes status reports of smart-home sensors over HTTP, stores them durably, and serves them.\n"
      "Settings come from flags, environment variables and an env file, in this order of precedence."};
  app.name("ubietyd");
  GivenSettings given;
  given.declare(app);
  std::optional<std::string> env_file;
  app.add_option("--env-file", env_file, "Read settings from this file instead of .env");
  for (const auto& [flag, description, text] : printed_texts) app.add_flag(flag, description);
  app.fallthrough();
  app.require_subcommand(0, 1);
  app.add_subcommand("serve", "Serve (the default)");
  Invocation invocation;
  auto commands = add_migrate_commands(app, invocation.confirmed);
  commands.push_back(add_verify_command(app, invocation.verify));
  for (const auto& command : add_key_commands(app, invocation.key)) commands.push_back(command);

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) {  // --help
    invocation.exit_code = app.exit(wish);
    return invocation;
  } catch (const CLI::ExtrasError&) {
    return refused("unexpected argument" + shown(app.remaining(true).front()));
  } catch (const CLI::ParseError& error) {
    return refused(error.what());
  }
  for (const auto& [flag, description, text] : printed_texts) {
    if (app.count(flag) == 0) continue;
    std::cout << text(app);
    invocation.exit_code = 0;
    return invocation;
  }
  for (const auto& [subcommand, command] : commands)
    if (subcommand->parsed()) invocation.command = command;

  auto warnings = check_environment(environ);
  if (!warnings) return refused(warnings.error());
  const auto file =
      choose_env_file(env_file, invocation.command == Command::serve, given.names("DATABASE_URL"), installation);
  const auto from_file = settings_in(file);
  if (!from_file) return refused(from_file.error());
  given.complete(*from_file);
  if (auto problem = given.assign_to(invocation.settings)) return refused(*problem);
  if (auto contradiction = contradiction_in(invocation.settings)) return refused(*contradiction);
  if (invocation.command == Command::verify)
    if (auto problem = complete(invocation.verify)) return refused(*problem);
  if (!invocation.settings.redis_url.empty()) warnings->push_back("REDIS_URL is not used yet");
  invocation.warnings = std::move(*warnings);
  if (file.is_of_service) invocation.installation = installation;
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

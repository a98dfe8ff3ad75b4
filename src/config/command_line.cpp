#include "config/command_line.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "config/environment.hpp"
#include "config/settings.hpp"
#include "domain/text.hpp"

namespace ubiety::config {
namespace {

using Commands = std::vector<std::pair<CLI::App*, Command>>;

constexpr const char* description =
    "Takes status reports of smart-home sensors over HTTP, stores them durably, and serves them.\n"
    "Settings come from flags, environment variables and an env file, in this order of precedence.";

// help2man makes the manual page from the help, and recognises these headings.
constexpr const char* footer = R"(
Files:
  .env                        Settings, one NAME=VALUE per line, in the working directory
  /etc/ubiety/ubiety.env      The settings of the packaged service. Commands other than serve use them too and run as
                              the service's user in its directory, unless there is a .env, --env-file or DATABASE_URL
  data/ubiety.db              The default store; of the packaged service, below /var/lib/ubiety

Signals:
  SIGTERM, SIGINT             Finish the requests in flight, then exit; a second signal exits at once
  SIGHUP                      Reload TLS_CERT and TLS_KEY for new connections
  SIGUSR1                     Turn debug logging on or off

Exit status:
  0                           All requests in flight were answered, or the command succeeded
  1                           They were not, the command failed, or verify found a fault that is not repaired
  2                           An argument or a setting is invalid
)";

// A flag that prints a text.
struct PrintedText {
  const char* flag;
  const char* description;
  std::string (*text)();
};

constexpr PrintedText printed_texts[]{
    {"--version", "Print the version and exit", [] { return std::string("ubietyd " UBIETY_VERSION "\n"); }},
    {"--print-env-example", "Print .env.example and exit", env_example},
    {"--print-settings-table", "Print the settings as a Markdown table and exit", settings_table},
};

struct VerifyFiles {
  std::string api_key;  // empty: the key is in UBIETY_API_KEY, or the node needs none
  std::string ca;
};

struct ExportTexts {
  std::string since, before;
};

void add_migrate_commands(CLI::App& app, Commands& commands, Invocation& invocation) {
  auto* migrate = app.add_subcommand("migrate", "Show or change the schema of the database: status, up, down");
  migrate->require_subcommand(1);
  auto* up = migrate->add_subcommand("up", "Apply all migrations that are missing");
  auto* down = migrate->add_subcommand("down", "Revert the newest migration, and delete its data");
  down->add_flag("--yes", invocation.confirmed, "Do not ask for confirmation");
  auto* status = migrate->add_subcommand("status", "List the migrations and whether they are applied");
  commands.insert(commands.end(),
                  {{up, Command::migrate_up}, {down, Command::migrate_down}, {status, Command::migrate_status}});
}

void add_verify_command(CLI::App& app, Commands& commands, Invocation& invocation, VerifyFiles& files) {
  auto* verify = app.add_subcommand("verify", "Compare the latest statuses with the history");
  verify->add_option("--url", invocation.verify.url, "Compare with a running node as well: https://ubiety.example");
  verify->add_option("--api-key-file", files.api_key,
                     "A file with an API key of scope read for the node; by default the key is UBIETY_API_KEY");
  verify->add_option("--ca-file", files.ca, "The certificate (PEM) of the authority that signed the node's");
  verify->add_flag("--repair", invocation.verify.repair,
                   "Write the latest statuses that differ from the history; no service may use the store");
  commands.emplace_back(verify, Command::verify);
}

void add_export_command(CLI::App& app, Commands& commands, ExportArguments& arguments, ExportTexts& texts) {
  using Format = ExportArguments::Format;
  auto* command = app.add_subcommand("export", "Write the history to standard output, by device and time");
  command->add_option("--device", arguments.device, "Only this device");
  command->add_option("--prefix", arguments.prefix, "Only devices whose ids begin with this text");
  command->add_option("--since", texts.since, "Only records from this time on: 2027-01-01T00:00:00Z");
  command->add_option("--before", texts.before, "Only records before this time");
  command->add_option("--format", arguments.format, "ndjson, one JSON object per line (the default), or csv")
      ->transform(CLI::Transformer(std::map<std::string, Format>{{"ndjson", Format::ndjson}, {"csv", Format::csv}})
                      .description("TEXT"));
  commands.emplace_back(command, Command::export_history);
}

void add_key_commands(CLI::App& app, Commands& commands, KeyArguments& key) {
  auto* keys = app.add_subcommand("keys", "Create, list, revoke and rotate API keys in the database");
  keys->require_subcommand(1);
  auto* create = keys->add_subcommand("create", "Create a key and print it, once");
  create->add_option("NAME", key.name, "Who or what will use the key")->required();
  create->add_option("--scope", key.scopes, "What the key may do: ingest, read, admin; several with commas")
      ->required()
      ->delimiter(',');
  create->add_option("--expires", key.expires, "When it expires: a time such as 2027-01-01T00:00:00Z, or 90d or 12h");
  auto* list = keys->add_subcommand("list", "List all keys, including those that are revoked or expired");
  auto* revoke = keys->add_subcommand("revoke", "Revoke a key; the service rejects it within a second");
  auto* rotate = keys->add_subcommand("rotate", "Replace a key by a new one, and print that once");
  for (auto* command : {revoke, rotate})
    command->add_option("ID", key.id, "The number of the key, from `keys list`")->required();
  rotate->add_option("--grace", key.grace_seconds, "For how many seconds the old key stays valid; by default a day")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{max_grace.count()}));
  commands.insert(commands.end(), {{create, Command::keys_create},
                                   {list, Command::keys_list},
                                   {revoke, Command::keys_revoke},
                                   {rotate, Command::keys_rotate}});
}

// Reads the file into `text`, unless `path` is empty. Returns what is wrong, for a person.
std::optional<std::string> read_into(std::string& text, const std::string& path) {
  if (path.empty()) return std::nullopt;
  auto content = read_file(path);
  if (!content) return path + ": " + std::generic_category().message(content.error());
  if (content->empty()) return path + " is empty";
  text = std::move(*content);
  return std::nullopt;
}

// Reads the key and the certificate. A key is never an argument, because every user of the machine sees arguments.
// Returns what is wrong, for a person.
std::optional<std::string> complete(VerifyArguments& arguments, const VerifyFiles& files) {
  const auto& url = arguments.url;
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
    return "--url must begin with http:// or https://";
  if (url.find('@') != std::string::npos) return "--url takes no user or password; put an API key into a file";
  if (const char* key = std::getenv("UBIETY_API_KEY")) arguments.api_key = key;
  if (auto problem = read_into(arguments.api_key, files.api_key)) return "--api-key-file: " + *problem;
  if (auto problem = read_into(arguments.ca, files.ca)) return "--ca-file: " + *problem;
  arguments.api_key = trimmed(arguments.api_key, " \t\r\n");
  if (!std::all_of(arguments.api_key.begin(), arguments.api_key.end(), ascii::is_visible))
    return "the API key for --url is not one word of visible ASCII characters";
  return std::nullopt;
}

// Reads the times. Returns what is wrong, for a person.
std::optional<std::string> complete(ExportArguments& arguments, const ExportTexts& texts) {
  const auto read = [](const std::string& text, std::optional<Timestamp>& time) {
    if (!text.empty()) time = parse_timestamp(text);
    return text.empty() || time;
  };
  if (!read(texts.since, arguments.since)) return "--since: expected a time such as 2027-01-01T00:00:00Z";
  if (!read(texts.before, arguments.before)) return "--before: expected a time such as 2027-01-01T00:00:00Z";
  return std::nullopt;
}

// Shows an argument in an error message, unless it may be a password or a URL with one: "--databse-url", without its
// value.
std::string shown(const std::string& argument) {
  const auto name = argument.substr(0, argument.find('='));
  const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) { return ascii::is_lower(c) || c == '-'; });
  return is_plain ? " " + name : "";
}

Invocation refused(const std::string& problem) {
  std::cerr << "ubietyd: " << problem << '\n';
  Invocation invocation;
  invocation.exit_code = 2;
  return invocation;
}

// Parses the arguments. Returns the exit code if nothing is left to run.
std::optional<int> parse_arguments(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) {  // --help
    return app.exit(wish);
  } catch (const CLI::ExtrasError&) {
    return refused("unexpected argument" + shown(app.remaining(true).front())).exit_code;
  } catch (const CLI::ParseError& error) {
    return refused(error.what()).exit_code;
  }
  for (const auto& printed : printed_texts) {
    if (app.count(printed.flag) == 0) continue;
    std::cout << printed.text();
    return 0;
  }
  return std::nullopt;
}

}  // namespace

Invocation parse_command_line(int argc, char** argv, const std::optional<Installation>& installation) {
  CLI::App app{description, "ubietyd"};
  app.footer(footer);
  app.fallthrough();
  app.require_subcommand(0, 1);
  GivenSettings given;
  given.declare_flags(app);
  std::optional<std::string> env_file;
  app.add_option("--env-file", env_file, "Read settings from this file instead of .env");
  for (const auto& printed : printed_texts) app.add_flag(printed.flag, printed.description);

  Invocation invocation;
  VerifyFiles verify_files;
  ExportTexts export_texts;
  Commands commands{{app.add_subcommand("serve", "Run the service (the default)"), Command::serve}};
  add_migrate_commands(app, commands, invocation);
  add_verify_command(app, commands, invocation, verify_files);
  add_export_command(app, commands, invocation.export_history, export_texts);
  add_key_commands(app, commands, invocation.key);
  invocation.exit_code = parse_arguments(app, argc, argv);
  if (invocation.exit_code) return invocation;
  for (const auto& [subcommand, command] : commands)
    if (subcommand->parsed()) invocation.command = command;

  auto warnings = check_environment(environ);
  if (!warnings) return refused(warnings.error());
  const auto file =
      choose_env_file(env_file, invocation.command == Command::serve, given.has("DATABASE_URL"), installation);
  const auto from_file = settings_in(file);
  if (!from_file) return refused(from_file.error());
  given.add_from_file(*from_file);
  if (auto problem = given.assign_to(invocation.settings)) return refused(*problem);
  if (auto problem = contradiction_in(invocation.settings)) return refused(*problem);
  if (invocation.command == Command::verify)
    if (auto problem = complete(invocation.verify, verify_files)) return refused(*problem);
  if (auto problem = complete(invocation.export_history, export_texts)) return refused(*problem);
  if (!invocation.settings.redis_url.empty()) warnings->push_back("REDIS_URL is not used yet");
  invocation.warnings = std::move(*warnings);
  if (file.is_of_service) invocation.installation = installation;
  return invocation;
}

}  // namespace ubiety::config

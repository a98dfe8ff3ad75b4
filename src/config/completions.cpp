#include "config/completions.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

namespace ubiety::config {
namespace {

const auto every_app = [](const CLI::App*) { return true; };
// Those with a name: what stands at a place, as the name of a key, cannot be guessed.
const auto every_option = [](const CLI::Option* option) { return !option->get_lnames().empty(); };

// The words of a range such as "day, month"; empty for ranges that are no list of words.
std::vector<std::string> choices_of(const CLI::Option& option) {
  auto range = option.get_type_name();
  if (range.size() < 2 || range.front() != '(') return {};
  range = range.substr(1, range.size() - 2);
  std::vector<std::string> words{""};
  for (std::size_t i = 0; i < range.size(); ++i) {
    if (range.compare(i, 2, ", ") == 0) {
      words.emplace_back();
      ++i;
    } else if (std::isalpha(static_cast<unsigned char>(range[i])) == 0) {
      return {};
    } else {
      words.back() += range[i];
    }
  }
  return words.size() == 1 ? std::vector<std::string>{} : words;
}

bool takes_path(const CLI::Option& option) { return option.get_type_name().starts_with("(a path"); }
bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string long_names_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options(every_option))
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return joined(names);
}

std::string commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands(every_app)) names.push_back(command->get_name());
  return joined(names);
}

// Visits the application and all commands in it, each with its path: "", "/migrate", "/migrate/up".
void for_each_app(const CLI::App& app, const std::string& path,
                  const std::function<void(const CLI::App&, const std::string&)>& visit) {
  visit(app, path);
  for (const auto* command : app.get_subcommands(every_app))
    for_each_app(*command, path + "/" + command->get_name(), visit);
}

// What stands between single quotes, in brackets and before colons of a specification of zsh's _arguments.
std::string zsh_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
      continue;
    }
    if (c == ':' || c == '[' || c == ']' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string zsh_values(const CLI::Option& option) {
  if (!takes_value(option)) return "";
  if (takes_path(option)) return ":path:_files";
  const auto choices = choices_of(option);
  return choices.empty() ? ":value: " : ":value:(" + joined(choices) + ")";
}

std::string zsh_commands(const CLI::App& app) {
  std::string text;
  for (const auto* command : app.get_subcommands(every_app))
    text += " '" + zsh_escaped(command->get_name()) + ":" + zsh_escaped(command->get_description()) + "'";
  return text;
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  std::string values, commands, paths;
  for_each_app(app, "", [&](const CLI::App& one, const std::string& path) {
    for (const auto* option : one.get_options(every_option)) {
      if (!takes_value(*option)) continue;
      values += "    --" + option->get_lnames().front() + ") ";
      if (takes_path(*option))
        values += "mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); ";
      else if (const auto choices = choices_of(*option); !choices.empty())
        values += "mapfile -t COMPREPLY < <(compgen -W '" + joined(choices) + "' -- \"$current\"); ";
      values += "return ;;\n";
    }
    const bool top = path.empty();
    if (!top) paths += (paths.empty() ? "" : " | ") + path;
    commands += "    '" + path + "') words='" + joined({commands_of(one), top ? "" : long_names_of(one)}) + "' ;;\n";
  });
  return "# Completions of ubietyd for bash. Made by: ubietyd --print-bash-completion\n"
         "_ubietyd() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' word words=''\n"
         "  COMPREPLY=()\n"
         "  # --flag=value comes as three words.\n"
         "  if [[ $current == = ]]; then\n"
         "    current=''\n"
         "  elif [[ $previous == = ]]; then\n"
         "    previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
         "  fi\n"
         "  case $previous in\n" +
         values +
         "  esac\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case $command/$word in\n"
         "    " +
         paths +
         ") command+=/$word ;;\n"
         "    esac\n"
         "  done\n"
         "  case $command in\n" +
         commands +
         "  esac\n"
         "  words+=' " +
         long_names_of(app) +
         "'\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "}\n"
         "complete -F _ubietyd ubietyd\n";
}

std::string zsh_completion(const CLI::App& app) {
  std::string options, parts;
  for_each_app(app, "", [&](const CLI::App& one, const std::string& path) {
    for (const auto* option : one.get_options(every_option)) {
      const auto& name = option->get_lnames().front();
      if (!path.empty() && name == "help") continue;
      options += "    '--" + name + (takes_value(*option) ? "=" : "") + "[" + zsh_escaped(option->get_description()) +
                 "]" + zsh_values(*option) + "' \\\n";
    }
    const bool is_command = std::count(path.begin(), path.end(), '/') == 1;
    if (is_command && !commands_of(one).empty())
      parts += "  " + one.get_name() + ") commands=(" + zsh_commands(one) + " ) ;;\n";
  });
  return "#compdef ubietyd\n"
         "# Completions of ubietyd for zsh. Made by: ubietyd --print-zsh-completion\n"
         "local context state line\n"
         "local -a commands\n"
         "_arguments -C \\\n" +
         options +
         "    '1: :->command' '2: :->part' && return\n"
         "if [[ $state == command ]]; then\n"
         "  commands=(" +
         zsh_commands(app) +
         " )\n"
         "else\n"
         "  case $line[1] in\n" +
         parts +
         "  esac\n"
         "fi\n"
         "_describe command commands\n";
}

}  // namespace ubiety::config

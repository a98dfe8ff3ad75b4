#include "storage/postgres/connection_parameters.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "domain/text.hpp"

namespace ubiety::postgres {
namespace {

constexpr std::string_view password_hint =
    "; in a user name or password, write @ / : ? # and % percent-encoded (%40 is @)";

struct KeywordValue {
  std::string_view keyword, value;
};

// tcp_user_timeout and keepalives detect a peer that vanished silently.
constexpr std::array<KeywordValue, 6> default_parameters{{{"connect_timeout", "2"},
                                                          {"tcp_user_timeout", "10000"},
                                                          {"keepalives_idle", "5"},
                                                          {"keepalives_interval", "2"},
                                                          {"keepalives_count", "3"},
                                                          {"fallback_application_name", "ubietyd"}}};

std::string_view value_of(const ConnectionParameters& parameters, std::string_view name) {
  for (const auto& [keyword, value] : parameters)
    if (keyword == name) return value;
  return {};
}

std::vector<std::string_view> split_at_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto comma = text.find(',');
    parts.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

// libpq ends the password at the first @ and the host at the first /. Part of a password that contains either would be
// read as host, port or database, and shown in libpq's messages.
bool has_misplaced_at_sign(std::string_view url) {
  const auto authority_begin = url.find("://");
  if (authority_begin == std::string_view::npos) return false;
  url.remove_prefix(authority_begin + 3);
  const auto slash = url.find('/');
  const auto authority = url.substr(0, slash);
  if (std::count(authority.begin(), authority.end(), '@') > 1) return true;
  if (slash == std::string_view::npos) return false;
  const auto path = url.substr(slash);
  return path.substr(0, path.find('?')).find('@') != std::string_view::npos;
}

std::string_view unquoted(std::string_view text) {
  return text.size() >= 2 && text.starts_with('"') && text.ends_with('"') ? text.substr(1, text.size() - 2) : text;
}

// Whether `name`, a parameter unknown to libpq, cannot be a piece of a password.
bool is_plainly_a_name(std::string_view name, std::string_view url) {
  const auto query = url.substr(std::min(url.find('?'), url.size()));
  return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos &&
         query.find('@') == std::string_view::npos && query.find("password") == std::string_view::npos;
}

// libpq's messages quote the offending text, at the end or in the middle, and it may be a piece of a password.
std::string without_quotation(std::string_view message, std::string_view url) {
  message = message.substr(0, message.find('\n'));
  constexpr std::string_view unknown_name = "invalid URI query parameter: ";
  if (message.starts_with(unknown_name) && is_plainly_a_name(unquoted(message.substr(unknown_name.size())), url))
    return std::string(message);
  for (const std::string_view last : {": \"", " after \""})
    if (const auto begin = message.find(last); begin != std::string_view::npos)
      return std::string(message.substr(0, begin));
  const auto begin = message.find('"');
  if (begin == std::string_view::npos) return std::string(message);
  return std::string(message.substr(0, begin)) + "\"…\"" + std::string(message.substr(message.rfind('"') + 1));
}

bool is_port(std::string_view text) { return parse_integer<std::uint16_t>(text).value_or(0) != 0; }

// The same parameters for as many hosts that do not exist: sockets in a missing directory.
ConnectionParameters without_hosts(const ConnectionParameters& parameters, std::size_t hosts) {
  ConnectionParameters result;
  for (const auto& parameter : parameters)
    if (parameter.first != "host" && parameter.first != "hostaddr") result.push_back(parameter);
  std::string nowhere = "/nonexistent";
  for (std::size_t i = 1; i < hosts; ++i) nowhere += ",/nonexistent";
  result.emplace_back("host", std::move(nowhere));
  return result;
}

struct CStrings {
  std::vector<const char*> keywords, values;
};

CStrings c_strings(const ConnectionParameters& parameters) {
  CStrings strings;
  for (const auto& [keyword, value] : parameters) {
    strings.keywords.push_back(keyword.c_str());
    strings.values.push_back(value.c_str());
  }
  strings.keywords.push_back(nullptr);
  strings.values.push_back(nullptr);
  return strings;
}

// libpq checks the values of parameters only when it connects. PQPING_NO_ATTEMPT means that it refused to try.
std::optional<std::string> refusal_of_libpq(const ConnectionParameters& parameters) {
  const auto [keywords, values] = c_strings(parameters);
  if (PQpingParams(keywords.data(), values.data(), 0) != PQPING_NO_ATTEMPT) return std::nullopt;
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectStartParams(keywords.data(), values.data(), 0),
                                                                &PQfinish);
  return without_quotation(PQerrorMessage(connection.get()), {});
}

}  // namespace

Result<ConnectionParameters, std::string> parse_connection_parameters(const std::string& url) {
  if (has_misplaced_at_sign(url)) return Failure{"an @ follows the host" + std::string(password_hint)};
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(url.c_str(), &message),
                                                                             &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> owned_message(message, &PQfreemem);
  if (options == nullptr) {
    auto reason = without_quotation(message == nullptr ? "out of memory" : message, url);
    if (reason.find("percent-encoded") != std::string::npos) reason += password_hint;
    return Failure{reason};
  }
  ConnectionParameters parameters;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr) parameters.emplace_back(option->keyword, option->val);
  return parameters;
}

std::optional<std::string> why_unusable(const ConnectionParameters& parameters) {
  for (const auto port : split_at_commas(value_of(parameters, "port")))
    if (!port.empty() && !is_port(port)) return "the port is not a number from 1 to 65535" + std::string(password_hint);
  const auto hosts = split_at_commas(value_of(parameters, "host")).size();
  const auto addresses = split_at_commas(value_of(parameters, "hostaddr")).size();
  if (!value_of(parameters, "host").empty() && !value_of(parameters, "hostaddr").empty() && hosts != addresses)
    return "host and hostaddr list different numbers of servers";
  return refusal_of_libpq(without_hosts(parameters, std::max(hosts, addresses)));
}

std::string connection_string(const ConnectionParameters& parameters) {
  std::string result;
  const auto append = [&](std::string_view keyword, std::string_view value) {
    result.append(result.empty() ? "" : " ").append(keyword).append("='");
    for (const char c : value) {
      if (c == '\'' || c == '\\') result += '\\';
      result += c;
    }
    result += '\'';
  };
  for (const auto& [keyword, value] : parameters)
    if (keyword != "client_encoding") append(keyword, value);
  append("client_encoding", "UTF8");  // device ids and binary rows are sent as UTF-8
  for (const auto& [keyword, value] : default_parameters)
    if (value_of(parameters, keyword).empty()) append(keyword, value);
  return result;
}

}  // namespace ubiety::postgres

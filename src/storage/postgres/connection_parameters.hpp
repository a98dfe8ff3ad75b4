// The parameters in DATABASE_URL with which libpq connects to PostgreSQL. libpq itself parses and checks the URL, so
// every URL that psql accepts is accepted. The functions depend on the URL and the process's PG… variables. Any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/result.hpp"

namespace ubiety::postgres {

// libpq's keywords with their values (host, port, dbname, …), as far as the URL names them.
using ConnectionParameters = std::vector<std::pair<std::string, std::string>>;

// `url` is a postgresql:// URL or keyword=value pairs. The error is for a person and contains no part of a password.
Result<ConnectionParameters, std::string> parse_connection_parameters(const std::string& url);

// Why these parameters can never connect, such as an unknown sslmode; nullopt if they may. Does not connect. Contains
// no part of a password.
std::optional<std::string> why_unusable(const ConnectionParameters& parameters);

// The parameters as keyword='value' pairs for PQconnectdb. Adds time-outs where libpq's default is to wait forever,
// unless the parameters set them.
std::string connection_string(const ConnectionParameters& parameters);

}  // namespace ubiety::postgres

// What DATABASE_URL says of a PostgreSQL server, in the parts that libpq connects with. libpq itself parses and judges
// the URL, so whatever psql takes is taken. Functions of the URL and the process's PG… variables; any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/result.hpp"

namespace ubiety::postgres {

// libpq's keywords with their values: host, port, dbname, … Only those that the URL names.
using ConnectionParameters = std::vector<std::pair<std::string, std::string>>;

// `url` is a postgresql:// URL or keyword=value pairs. The error is for a person and holds no piece of a password.
Result<ConnectionParameters, std::string> parse_connection_parameters(const std::string& url);

// Why no connection can ever be made with these parameters, as for sslmode=whatever; nullopt if one can. Connects to
// nothing. Holds no piece of a password.
std::optional<std::string> why_unusable(const ConnectionParameters& parameters);

// The parameters as keyword='value' pairs for PQconnectdb. Time-outs are added for everything for which libpq waits
// forever by default, unless the parameters name them.
std::string connection_string(const ConnectionParameters& parameters);

}  // namespace ubiety::postgres

// A libpq result that clears itself, and libpq's errors as SqlError. Any thread.
#pragma once

#include <libpq-fe.h>

#include <memory>

#include "storage/postgres/sql_error.hpp"

namespace ubiety::postgres {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

// Throws the connection's last error as SqlError.
[[noreturn]] inline void fail(PGconn* connection, const PGresult* result) {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  throw SqlError(state == nullptr ? "" : state, PQerrorMessage(connection));
}

// Returns the result if the statement succeeded. Throws SqlError.
inline ResultHandle check(PGconn* connection, ResultHandle result) {
  switch (PQresultStatus(result.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT: return result;
    default: fail(connection, result.get());
  }
}

}  // namespace ubiety::postgres

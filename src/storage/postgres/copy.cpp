#include "storage/postgres/copy.hpp"

#include <memory>

#include "storage/postgres/binary_format.hpp"
#include "storage/postgres/values.hpp"

namespace ubiety::postgres {
namespace {

// Reads results until the server is ready for the next statement. Returns the first, which has the outcome.
ResultHandle finish(PGconn* handle) {
  ResultHandle outcome(PQgetResult(handle));
  while (PGresult* rest = PQgetResult(handle)) PQclear(rest);
  return outcome;
}

}  // namespace

std::size_t copy_in(Connection& connection, const char* statement, const std::string& rows) {
  auto* handle = connection.handle();
  check(handle, ResultHandle(PQexec(handle, statement)));
  if (PQputCopyData(handle, rows.data(), static_cast<int>(rows.size())) != 1 || PQputCopyEnd(handle, nullptr) != 1)
    fail(handle, nullptr);
  return Rows(check(handle, finish(handle))).affected();
}

void expect_count(std::size_t counted, std::size_t sent) {
  if (counted != sent)
    throw SqlError("", "COPY took " + std::to_string(counted) + " of " + std::to_string(sent) + " rows");
}

void copy_out(Connection& connection, const char* statement, Origin origin, const StatusSink& sink) {
  auto* handle = connection.handle();
  check(handle, ResultHandle(PQexec(handle, statement)));
  RowReader reader;
  char* piece = nullptr;
  int size = 0;
  while ((size = PQgetCopyData(handle, &piece, 0)) > 0) {
    const std::unique_ptr<char, decltype(&PQfreemem)> owner(piece, &PQfreemem);
    if (auto update = reader.read({piece, static_cast<std::size_t>(size)})) sink(std::move(*update), origin);
  }
  check(handle, finish(handle));
}

void encode(std::string& out, const UpdateList& updates) {
  out.clear();
  append_header(out);
  for (const auto* update : updates) append_row(out, *update);
  append_trailer(out);
}

void encode(std::string& out, std::span<const StatusUpdate> updates) {
  out.clear();
  append_header(out);
  for (const auto& update : updates) append_row(out, update);
  append_trailer(out);
}

}  // namespace ubiety::postgres

// How PostgreSQL's failures are thrown inside this folder. Any thread.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace ubiety::postgres {

// A statement that the server or the connection did not carry out, with its SQLSTATE (manual, "PostgreSQL Error
// Codes"), which is empty when the connection is lost.
class SqlError : public std::runtime_error {
 public:
  SqlError(std::string state, const std::string& message) : std::runtime_error(message), state_(std::move(state)) {}

  const std::string& state() const { return state_; }

 private:
  std::string state_;
};

// A server on which a 200 would be a lie, or that is too old. Only a change of its configuration helps.
class UnfitServer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace ubiety::postgres

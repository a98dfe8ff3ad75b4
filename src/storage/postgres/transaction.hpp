// A transaction on a Connection. One thread, that of the connection.
#pragma once

#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

// How a transaction begins in which all reads see the same state.
inline constexpr const char* one_snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

// Rolled back unless it is committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection, const char* begin = "BEGIN") : connection_(&connection) {
    connection.run(begin);
  }
  ~Transaction() {
    if (connection_ == nullptr) return;
    try {
      connection_->run("ROLLBACK");
    } catch (const SqlError&) {
      // The connection is lost, and the transaction with it. The next call on the connection reports that.
    }
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit() {
    auto* connection = connection_;
    connection_ = nullptr;
    connection->run("COMMIT");
  }

 private:
  Connection* connection_;
};

}  // namespace ubiety::postgres

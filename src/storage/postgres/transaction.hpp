// A transaction for statements that go by libpq. One thread, that of the connection.
#pragma once

#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

// Everything goes back when it is left without a commit.
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
      // The connection is lost, and the transaction with it; whoever uses it next is told.
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

#include "support/store_kind.hpp"

#include "support/postgres_server.hpp"

namespace ubiety::test {

std::ostream& operator<<(std::ostream& out, StoreKind kind) {
  return out << (kind == StoreKind::sqlite ? "sqlite" : "postgresql");
}

Environment with_new_database(StoreKind kind) {
  if (kind == StoreKind::sqlite) return {};
  static int count = 0;
  return {{"DATABASE_URL", shared_postgres().create_database("ubiety_" + std::to_string(++count))}};
}

}  // namespace ubiety::test

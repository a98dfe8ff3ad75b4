#include "actors/store/counted_store.hpp"

#include "storage/key_store.hpp"
#include "storage/migrations.hpp"

namespace ubiety {

StoreResult<std::unique_ptr<Session>> CountedStore::open() {
  auto session = store_.open();
  count(session.ok());
  return session;
}

StoreResult<std::unique_ptr<Migrator>> CountedStore::open_migrator() { return store_.open_migrator(); }

StoreResult<std::unique_ptr<KeyStore>> CountedStore::open_keys() {
  auto keys = store_.open_keys();
  count(keys.ok());
  return keys;
}

void CountedStore::count(bool opened) {
  auto& all = opened ? metrics_.sessions_opened : metrics_.sessions_failed;
  all.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace ubiety

#include "program/commands.hpp"

#include <chrono>
#include <iostream>

#include "actors/store/recovery.hpp"
#include "domain/clock.hpp"
#include "keys/commands.hpp"
#include "keys/private_memory.hpp"
#include "program/parts.hpp"
#include "storage/key_store.hpp"
#include "storage/migrations.hpp"
#include "verify/verify.hpp"

namespace ubiety::program {

int report(const StoreFailure& failure) {
  std::cerr << "ubietyd: " << failure.message << '\n';
  return 1;
}

int migrate(const Settings& settings, config::Command command) {
  const auto store = make_store(settings);
  auto migrator = store->open_migrator();
  if (!migrator) return report(migrator.error());
  if (command == config::Command::migrate_status) {
    const auto states = (*migrator)->status();
    if (!states) return report(states.error());
    for (const auto& [number, name, applied] : *states)
      std::cout << number << ' ' << name << ": " << (applied ? "applied" : "not applied") << '\n';
    return 0;
  }
  const bool up = command == config::Command::migrate_up;
  const auto count = up ? (*migrator)->up() : (*migrator)->down();
  if (!count) return report(count.error());
  std::cout << *count << (up ? " applied" : " taken back") << '\n';
  return 0;
}

int keys(const Settings& settings, config::Command command, const config::KeyArguments& key) {
  ubiety::keys::keep_memory_private();
  const auto store = make_store(settings);
  if (auto prepared = prepare_schema(*store, settings.auto_migrate); !prepared) return report(prepared.error());
  const auto opened = store->open_keys();
  if (!opened) return report(opened.error());
  ubiety::keys::Commands commands(**opened, SystemClock().now(), std::cout, std::cerr);
  switch (command) {
    case config::Command::keys_create: return commands.create(key.name, key.scopes, key.expires);
    case config::Command::keys_revoke: return commands.revoke(key.id);
    case config::Command::keys_rotate: return commands.rotate(key.id, std::chrono::seconds(key.grace_seconds));
    default: return commands.list();
  }
}

int verify_latest(const Settings& settings, const std::string& url) {
  const auto store = make_store(settings);
  auto session = store->open();
  if (!session) return report(session.error());
  const auto spool = open_spool(settings);
  if (!spool) return report(spool.error());
  const auto outcome =
      verify::run(**session, spool->get(), SystemClock().now(), NewerThan(settings.max_clock_skew), url);
  if (!outcome) return report(outcome.error());
  for (const auto& difference : outcome->differences)
    std::cout << difference.device_id << ": " << difference.what << '\n';
  std::cout << outcome->devices << " devices verified, " << outcome->differences.size() << " differences";
  if (outcome->only_in_checkpoint != 0)
    std::cout << "; the history of " << outcome->only_in_checkpoint << " more has expired";
  std::cout << '\n';
  return outcome->differences.empty() ? 0 : 1;
}

}  // namespace ubiety::program

#include "program/commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>

#include "actors/store/recovery.hpp"
#include "domain/clock.hpp"
#include "program/parts.hpp"
#include "storage/migrations.hpp"
#include "storage/ownership.hpp"
#include "verify/verify.hpp"

namespace ubiety::program {
namespace {

std::string named(const Migration& migration) {
  return std::to_string(migration.number) + " (" + std::string(migration.name) + ")";
}

// Claims the store, so that no service can start on it meanwhile. Returns why that failed; nullopt if it succeeded.
std::optional<StoreFailure> why_in_use(Store& store) {
  const auto claim = store.ownership().claim();
  if (!claim) return claim.error();
  if (claim->outcome == Claim::Outcome::owned) return std::nullopt;
  return StoreFailure{StoreFailure::Kind::rejected,
                      "a service uses this store (" + to_text(claim->other) + "): stop it first"};
}

// Asks for confirmation on the terminal. Returns false if there is none.
bool is_confirmed(const std::string& consequence) {
  if (::isatty(STDIN_FILENO) != 1) {
    fail(consequence + " There is no terminal to confirm this on: repeat the command with --yes.");
    return false;
  }
  std::cerr << consequence << "\nContinue? [y/N] ";
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return true;
  fail("nothing was changed");
  return false;
}

void print(const verify::Outcome& outcome) {
  for (const auto& damage : outcome.damage) std::cout << damage << '\n';
  for (const auto& damage : outcome.damaged_latest) std::cout << damage << '\n';
  for (const auto& difference : outcome.differences)
    std::cout << difference.device_id << ": " << difference.what << '\n';
  std::cout << outcome.devices << " devices verified, " << outcome.differences.size() << " differences";
  if (outcome.expired != 0) std::cout << "; the history of " << outcome.expired << " more has expired";
  if (!outcome.damage.empty() || !outcome.damaged_latest.empty()) std::cout << "; some data cannot be read";
  std::cout << '\n';
}

// Returns nullptr if there is no spool.
StoreResult<std::unique_ptr<Spool>> open_existing_spool(const Settings& settings) {
  if (!std::filesystem::exists(settings.spool_path)) return std::unique_ptr<Spool>();
  return open_spool(settings);
}

}  // namespace

OpenedStore open_migrated_store(const Settings& settings) {
  auto store = make_store(settings, MissingStore::is_an_error);
  if (!store) return {nullptr, refuse(store.error())};
  if (auto prepared = prepare_schema(**store, false); !prepared) return {nullptr, report(prepared.error())};
  return {std::move(*store)};
}

int fail(const std::string& problem) {
  std::cerr << "ubietyd: " << problem << '\n';
  return 1;
}

int report(const StoreFailure& failure) { return fail(failure.message); }

int refuse(const std::string& problem) {
  std::cerr << "ubietyd: " << problem << '\n';
  return 2;
}

int migrate_up(const Settings& settings) {
  const auto store = make_store(settings, MissingStore::may_be_made);
  if (!store) return refuse(store.error());
  const auto migrator = (*store)->open_migrator();
  if (!migrator) return report(migrator.error());
  const auto count = (*migrator)->up([](const std::string& progress) { std::cout << progress << std::endl; });
  if (!count) return report(count.error());
  std::cout << *count << " applied\n";
  return 0;
}

int migrate_down(const Settings& settings, bool confirmed) {
  const auto store = make_store(settings, MissingStore::is_an_error);
  if (!store) return refuse(store.error());
  if (const auto problem = why_in_use(**store)) return report(*problem);
  const auto migrator = (*store)->open_migrator();
  if (!migrator) return report(migrator.error());
  const auto newest = (*migrator)->newest_applied();
  if (!newest) return report(newest.error());
  if (!*newest) {
    std::cout << "0 reverted\n";
    return 0;
  }
  const auto name = named(**newest);
  if (!confirmed &&
      !is_confirmed("This reverts migration " + name + " and deletes the data that only this migration can hold."))
    return 1;
  const auto reverted = (*migrator)->down(**newest);
  if (!reverted) return report(reverted.error());
  std::cout << "1 reverted: " << name << '\n';
  return 0;
}

int migrate_status(const Settings& settings) {
  const auto store = make_store(settings, MissingStore::is_an_error);
  if (!store) return refuse(store.error());
  const auto migrator = (*store)->open_migrator();
  if (!migrator) return report(migrator.error());
  const auto states = (*migrator)->status();
  if (!states) return report(states.error());
  for (const auto& [number, name, applied] : *states)
    std::cout << number << ' ' << name << ": " << (applied ? "applied" : "not applied") << '\n';
  return 0;
}

int verify_latest(const Settings& settings, const config::VerifyArguments& arguments) {
  const auto [store, exit_code] = open_migrated_store(settings);
  if (store == nullptr) return exit_code;
  if (arguments.repair) {
    if (const auto problem = why_in_use(*store)) return report(*problem);
    if (const auto owned = store->ownership().take_over(SystemClock().now()); !owned) return report(owned.error());
  }
  auto session = store->open();
  if (!session) return report(session.error());
  const auto spool = open_existing_spool(settings);
  if (!spool) return report(spool.error());
  const auto outcome = verify::run(**session, spool->get(), SystemClock().now(), NewerThan(settings.max_clock_skew),
                                   {.url = arguments.url, .api_key = arguments.api_key, .ca = arguments.ca});
  if (!outcome) return report(outcome.error());
  print(*outcome);
  if (!arguments.repair) return outcome->is_good() ? 0 : 1;
  const auto repaired = verify::repair(**session, *outcome);
  if (!repaired) return report(repaired.error());
  std::cout << *repaired << " latest statuses repaired\n";
  const bool is_repaired = std::all_of(outcome->differences.begin(), outcome->differences.end(),
                                       [](const auto& difference) { return difference.right.has_value(); });
  return is_repaired && outcome->damage.empty() ? 0 : 1;
}

}  // namespace ubiety::program

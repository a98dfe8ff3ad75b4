#include "storage/migrations.hpp"

#include <openssl/evp.h>

#include <array>
#include <span>
#include <stdexcept>
#include <utility>

#include "domain/text.hpp"

namespace ubiety {
namespace {

Failure<StoreFailure> rejected(std::string message) {
  return {StoreFailure{StoreFailure::Kind::rejected, std::move(message)}};
}

}  // namespace

std::string checksum_of(const Migration& migration) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(migration.up.data(), migration.up.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not available");
  return to_hexadecimal(std::span(digest.data(), size));
}

StoreResult<std::size_t> Migrator::applied_count() {
  auto applied = target_->applied();
  if (!applied) return Failure{applied.error()};
  const auto& known = target_->known();
  if (applied->size() > known.size()) return rejected("the schema is newer than this binary");
  for (std::size_t i = 0; i < applied->size(); ++i) {
    const auto& [number, checksum] = (*applied)[i];
    if (number != known[i].number)
      return rejected("migration " + std::to_string(number) + " is applied, but unknown to this binary");
    if (checksum != checksum_of(known[i]))
      return rejected("migration " + std::to_string(number) + " has changed since it was applied");
  }
  return applied->size();
}

StoreResult<bool> Migrator::is_up_to_date() {
  const auto count = applied_count();
  if (!count) return Failure{count.error()};
  if (*count < target_->known().size()) return false;
  const auto has_to_convert = target_->has_to_convert();
  return has_to_convert ? StoreResult<bool>(!*has_to_convert) : has_to_convert;
}

StoreResult<int> Migrator::up(const ReportProgress& report) {
  // Usually there is nothing to do, and no lock is needed to see that.
  const auto up_to_date = is_up_to_date();
  if (!up_to_date) return Failure{up_to_date.error()};
  if (*up_to_date) return 0;
  if (auto locked = target_->lock(); !locked) return Failure{locked.error()};
  const auto count = applied_count();
  if (!count) return Failure{count.error()};
  const auto& known = target_->known();
  for (auto i = *count; i < known.size(); ++i)
    if (auto applied = target_->apply(known[i]); !applied) return Failure{applied.error()};
  if (auto converted = convert(report); !converted) return Failure{converted.error()};
  return static_cast<int>(known.size() - *count);
}

StoreResult<Done> Migrator::convert(const ReportProgress& report) {
  for (;;) {
    const auto progress = target_->convert_step();
    if (!progress) return Failure{progress.error()};
    if (!*progress) return Done{};
    report(**progress);
  }
}

StoreResult<std::optional<Migration>> Migrator::newest_applied() {
  const auto count = applied_count();
  if (!count) return Failure{count.error()};
  return *count == 0 ? std::nullopt : std::optional(target_->known()[*count - 1]);
}

StoreResult<Done> Migrator::down(const Migration& newest) {
  if (auto locked = target_->lock(); !locked) return locked;
  const auto applied = newest_applied();
  if (!applied) return Failure{applied.error()};
  if (!*applied || (*applied)->number != newest.number) return rejected("the schema has changed in the meantime");
  return target_->revert(newest);
}

StoreResult<std::vector<MigrationState>> Migrator::status() {
  const auto count = applied_count();
  if (!count) return Failure{count.error()};
  std::vector<MigrationState> states;
  for (const auto& migration : target_->known())
    states.push_back({migration.number, migration.name, states.size() < *count});
  return states;
}

}  // namespace ubiety

#include "actors/store/expiry.hpp"

#include <utility>

#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;

constexpr auto time_at_once = 200ms;

Timestamp midnight_before(Timestamp time) {
  using namespace std::chrono;
  const auto day = floor<days>(sys_time<microseconds>{microseconds{time.microseconds}});
  return {duration_cast<microseconds>(day.time_since_epoch()).count()};
}

}  // namespace

void Expiry::begin(Timestamp now) {
  if (retention_.count() == 0) return;
  under_way_ = true;
  expired_before_ = midnight_before(now - retention_);
}

void Expiry::announce() {
  const HistoryChanges::Removal removal(state_.history_changes);
  state_.history_changes.set_expired_before(expired_before_);
}

void Expiry::go_on(StoreConnection& connection) {
  const auto begin = std::chrono::steady_clock::now();
  auto& metrics = state_.metrics.expiry;
  const HistoryChanges::Removal removal(state_.history_changes);
  state_.history_changes.set_expired_before(expired_before_);
  while (under_way_ && std::chrono::steady_clock::now() - begin < time_at_once) {
    const auto expired = connection.use([&](Session& session) { return session.expire(expired_before_); });
    if (!expired) {
      log::warning("expiry failed", {{"reason", expired.error().message}});
      break;
    }
    records_ += expired->records;
    partitions_ += expired->partitions;
    metrics.records.fetch_add(expired->records, std::memory_order_relaxed);
    metrics.partitions.fetch_add(expired->partitions, std::memory_order_relaxed);
    if (expired->may_not_drop && !std::exchange(told_of_rights_, true))
      log::warning("the role may not drop partitions: expired records are deleted, and empty partitions stay");
    if (!expired->has_more) end();
  }
}

void Expiry::end() {
  under_way_ = false;
  if (records_ + partitions_ != 0)
    log::info("history expired",
              {{"before", format_timestamp(expired_before_)}, {"records", records_}, {"partitions", partitions_}});
  records_ = partitions_ = 0;
}

}  // namespace ubiety

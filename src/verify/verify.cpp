#include "verify/verify.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "json/writer.hpp"
#include "verify/node.hpp"

namespace ubiety::verify {
namespace {

// The latest status of each device, chosen by the one comparator as the shards choose it.
class LatestMap {
 public:
  explicit LatestMap(NewerThan newer_than) : newer_than_(newer_than) {}

  void add(const StatusUpdate& update) { add({update, update.status.timestamp, update.status.received}); }

  void add(const log::LatestStatus& latest) {
    const auto [entry, is_new] = latest_.try_emplace(latest.update.device_id, latest);
    if (is_new) return;
    auto& known = entry->second;
    known.newest = std::max(known.newest, latest.newest);
    known.last_heard = std::max(known.last_heard, latest.last_heard);
    const auto& status = latest.update.status;
    if (!same_report(status, known.update.status) && newer_than_(status, known.update.status))
      known.update.status = status;
  }

  void erase(const DeviceId& device_id) { latest_.erase(device_id); }

  // The history has no repeated updates, and no rhythms.
  void keep_watch_of(const LatestMap& other) {
    for (auto& [device_id, latest] : latest_) {
      const auto* found = other.find(device_id);
      if (found == nullptr) continue;
      latest.last_heard = std::max(latest.last_heard, found->last_heard);
      latest.watch = found->watch;
    }
  }

  // nullptr for an unknown device.
  const log::LatestStatus* find(const DeviceId& device_id) const {
    const auto found = latest_.find(device_id);
    return found == latest_.end() ? nullptr : &found->second;
  }

  std::size_t size() const { return latest_.size(); }
  auto begin() const { return latest_.begin(); }
  auto end() const { return latest_.end(); }

 private:
  NewerThan newer_than_;
  std::unordered_map<DeviceId, log::LatestStatus> latest_;
};

using Devices = std::unordered_set<DeviceId>;

// Reads the store and the spool.
class Reading final : public LoadSink {
 public:
  Reading(Timestamp started, NewerThan newer_than) : rebuilt(newer_than), recovered(newer_than), started_(started) {}

  // The spool before the store: a row that is forwarded in between is then read twice, which changes nothing. The
  // history before the log, for the same reason.
  StoreResult<Done> read(Session& session, Spool* spool) {
    if (spool != nullptr) {
      const auto read = spool->read_all([this](log::Row&& row) { take_spooled(row); });
      if (!read) return Failure{read.error()};
      if (const auto rows = spool->set_aside(); rows != 0)
        damage.push_back("the spool has set aside " + std::to_string(rows) + " rows that cannot be read");
    }
    auto history = session.read_all({}, [this](StatusUpdate&& update) { take(rebuilt, update); });
    if (!history && history.error().kind != StoreFailure::Kind::rejected) return history;
    if (auto loaded = session.load(*this); !loaded) return loaded;
    if (!history) history = read_device_by_device(session);
    rebuilt.keep_watch_of(recovered);
    return history;
  }

  // Rows of the spool were read before. What the store passes on is without what removals took away.
  void take_removal(log::Removal&& removal) override {
    for (auto* map : {&rebuilt, &recovered}) {
      const auto* latest = map->find(removal.device_id);
      if (latest != nullptr && is_removed(latest->update.status, removal.at)) map->erase(removal.device_id);
    }
  }
  void take_latest(log::LatestStatus&& latest) override { recovered.add(latest); }
  void take_row(log::Row&& row) override {
    for (const auto& update : row.updates) take(recovered, update);
  }
  void note_damage(log::Position position, const std::string& reason) override {
    damage.push_back("row " + std::to_string(position.sequence) + " of stream " + std::to_string(position.stream) +
                     " of the log cannot be read: " + reason);
  }

  void note_damaged_latest(const std::string& reason) override {
    damaged_latest.push_back("latest statuses cannot be read: " + reason);
  }

  LatestMap rebuilt, recovered;
  Devices reported_since;  // their latest statuses change during the comparison
  Devices unreadable;
  std::vector<std::string> damage, damaged_latest;

 private:
  void take(LatestMap& map, const StatusUpdate& update) {
    map.add(update);
    if (update.status.received >= started_) reported_since.insert(update.device_id);
  }

  void take_spooled(const log::Row& row) {
    for (const auto& update : row.updates)
      for (auto* map : {&rebuilt, &recovered}) take(*map, update);
  }

  // To find out whose history cannot be read.
  StoreResult<Done> read_device_by_device(Session& session) {
    for (const auto& [device_id, latest] : recovered) {
      Selection selection;
      selection.device_id = device_id;
      const auto read = session.read_all(selection, [this](StatusUpdate&& update) { take(rebuilt, update); });
      if (read) continue;
      if (read.error().kind != StoreFailure::Kind::rejected) return Failure{read.error()};
      damage.push_back("the history of " + device_id + " cannot be read: " + read.error().message);
      unreadable.insert(device_id);
      rebuilt.erase(device_id);
    }
    return Done{};
  }

  const Timestamp started_;
};

std::string described(const Status* status) {
  if (status == nullptr) return "nothing";
  std::string text = "timestamp ";
  json::append_timestamp(text, status->timestamp);
  text += ", battery_level " + std::to_string(status->battery_level) + ", rssi " + std::to_string(status->rssi) +
          ", online " + (status->online ? "true" : "false") + ", received ";
  json::append_timestamp(text, status->received);
  return text;
}

bool same(const Status* left, const Status* right) {
  return left == right || (left != nullptr && right != nullptr && *left == *right);
}

const Status* status_of(const log::LatestStatus* latest) {
  return latest == nullptr ? nullptr : &latest->update.status;
}

class Comparison {
 public:
  explicit Comparison(Reading& reading) : reading_(reading) {
    outcome_.devices = reading.rebuilt.size();
    outcome_.damage = std::move(reading.damage);
    outcome_.damaged_latest = std::move(reading.damaged_latest);
  }

  void with_recovery() {
    for (const auto& [device_id, right] : reading_.rebuilt) {
      const auto* found = reading_.recovered.find(device_id);
      if (!same(status_of(found), &right.update.status))
        note(device_id, "a start would recover " + described(status_of(found)), status_of(&right), right);
      else if (found->newest < right.newest)
        note(device_id, "a start would not know the newest timestamp, " + format_timestamp(right.newest),
             status_of(&right), right);
    }
    for (const auto& [device_id, latest] : reading_.recovered)
      if (reading_.rebuilt.find(device_id) == nullptr && !reading_.unreadable.contains(device_id)) ++outcome_.expired;
    if (outcome_.damaged_latest.empty()) return;
    for (const auto& [device_id, right] : reading_.rebuilt) outcome_.all_right.push_back(right);
    for (const auto& [device_id, latest] : reading_.recovered)
      if (reading_.rebuilt.find(device_id) == nullptr) outcome_.all_right.push_back(latest);
  }

  // Requests a single status only where the summary differs, because the device may have reported in between.
  Result<Done, std::string> with_node(Node& node, Timestamp started) {
    const auto summary = node.summary();
    if (!summary) return Failure{summary.error()};
    for (const auto& [device_id, latest] : reading_.recovered) {
      const auto& status = latest.update.status;
      const auto entry = summary->find(device_id);
      const bool looks_same = entry != summary->end() &&
                              entry->second == ServedSummary{status.timestamp, status.battery_level, status.online};
      if (looks_same) continue;
      if (auto asked = ask(node, device_id, &status, started); !asked) return asked;
    }
    for (const auto& [device_id, entry] : *summary)
      if (reading_.recovered.find(device_id) == nullptr)
        if (auto asked = ask(node, device_id, nullptr, started); !asked) return asked;
    return Done{};
  }

  Outcome take() { return std::move(outcome_); }

 private:
  Result<Done, std::string> ask(Node& node, const DeviceId& device_id, const Status* expected, Timestamp started) {
    const auto latest = node.latest(device_id);
    if (!latest) return Failure{latest.error()};
    const Status* served = *latest ? &**latest : nullptr;
    const bool has_reported = served != nullptr && served->received >= started;
    if (!has_reported && !same(served, expected))
      note(device_id, "the node serves " + described(served), expected, std::nullopt);
    return Done{};
  }

  void note(const DeviceId& device_id, const std::string& what, const Status* expected,
            const std::optional<log::LatestStatus>& right) {
    if (reading_.reported_since.contains(device_id)) return;
    outcome_.differences.push_back({device_id, what + "; the store's latest is " + described(expected), right});
  }

  const Reading& reading_;
  Outcome outcome_;
};

}  // namespace

StoreResult<Outcome> run(Session& session, Spool* spool, Timestamp started, NewerThan newer_than,
                         const NodeAddress& node_address) {
  Reading reading(started, newer_than);
  if (const auto read = reading.read(session, spool); !read) return Failure{read.error()};
  Comparison comparison(reading);
  comparison.with_recovery();
  if (!node_address.url.empty()) {
    Node node(node_address);
    if (const auto compared = comparison.with_node(node, started); !compared)
      return Failure{StoreFailure{StoreFailure::Kind::unavailable, compared.error()}};
  }
  return comparison.take();
}

StoreResult<std::size_t> repair(Session& session, const Outcome& outcome) {
  constexpr std::size_t statuses_at_once = 1'000;
  if (!outcome.damaged_latest.empty()) {
    if (const auto written = session.rewrite_latest(outcome.all_right); !written) return Failure{written.error()};
    return outcome.all_right.size();
  }
  std::vector<log::LatestStatus> right;
  for (const auto& difference : outcome.differences)
    if (difference.right) right.push_back(*difference.right);
  for (std::span<const log::LatestStatus> left(right); !left.empty();) {
    const auto slice = left.first(std::min(left.size(), statuses_at_once));
    if (const auto written = session.write_latest(slice); !written) return Failure{written.error()};
    left = left.subspan(slice.size());
  }
  return right.size();
}

}  // namespace ubiety::verify

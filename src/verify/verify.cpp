#include "verify/verify.hpp"

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "json/writer.hpp"
#include "verify/node.hpp"

namespace ubiety::verify {
namespace {

// The latest status of each device, chosen by the one comparator.
class LatestMap {
 public:
  explicit LatestMap(NewerThan newer_than) : newer_than_(newer_than) {}

  void add(const StatusUpdate& update) {
    const auto [entry, is_new] = latest_.try_emplace(update.device_id, update.status);
    if (!is_new && newer_than_(update.status, entry->second)) entry->second = update.status;
  }

  // nullptr for an unknown device.
  const Status* find(const DeviceId& device_id) const {
    const auto found = latest_.find(device_id);
    return found == latest_.end() ? nullptr : &found->second;
  }

  std::size_t size() const { return latest_.size(); }
  auto begin() const { return latest_.begin(); }
  auto end() const { return latest_.end(); }

 private:
  NewerThan newer_than_;
  std::unordered_map<DeviceId, Status> latest_;
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

class Comparison {
 public:
  // Ignores the devices in `reported_since`, because their latest status changes during the comparison.
  Comparison(const LatestMap& rebuilt, const LatestMap& recovered, const std::unordered_set<DeviceId>& reported_since)
      : rebuilt_(rebuilt), recovered_(recovered), reported_since_(reported_since) {
    outcome_.devices = rebuilt.size();
  }

  void with_recovery() {
    for (const auto& [device_id, status] : rebuilt_)
      if (const auto* recovered = recovered_.find(device_id); !same(&status, recovered))
        note(device_id, "a start would recover", recovered, &status);
    for (const auto& [device_id, status] : recovered_)
      if (rebuilt_.find(device_id) == nullptr) ++outcome_.only_in_checkpoint;
  }

  // Requests a single status only where the summary differs, because the device may have reported in between.
  Result<Done, std::string> with_node(Node& node, Timestamp started) {
    const auto summary = node.summary();
    if (!summary) return Failure{summary.error()};
    for (const auto& [device_id, status] : recovered_) {
      const auto entry = summary->find(device_id);
      const bool looks_same = entry != summary->end() &&
                              entry->second == ServedSummary{status.timestamp, status.battery_level, status.online};
      if (looks_same) continue;
      if (auto asked = ask(node, device_id, &status, started); !asked) return asked;
    }
    for (const auto& [device_id, entry] : *summary)
      if (recovered_.find(device_id) == nullptr)
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
    if (!has_reported && !same(served, expected)) note(device_id, "the node serves", served, expected);
    return Done{};
  }

  void note(const DeviceId& device_id, const std::string& who, const Status* found, const Status* expected) {
    if (reported_since_.contains(device_id)) return;
    outcome_.differences.push_back(
        {device_id, who + " " + described(found) + "; the store's latest is " + described(expected)});
  }

  const LatestMap& rebuilt_;
  const LatestMap& recovered_;
  const std::unordered_set<DeviceId>& reported_since_;
  Outcome outcome_;
};

}  // namespace

StoreResult<Outcome> run(Session& session, Spool* spool, Timestamp started, NewerThan newer_than,
                         const NodeAddress& node_address) {
  LatestMap rebuilt(newer_than), recovered(newer_than);
  std::unordered_set<DeviceId> reported_since;
  const auto into = [&](LatestMap& map) {
    return [&](const StatusUpdate& update, Origin) {
      map.add(update);
      if (update.status.received >= started) reported_since.insert(update.device_id);
    };
  };
  // The spool before the store: what is forwarded in between is then read twice, which changes nothing.
  if (spool != nullptr)
    for (auto* map : {&rebuilt, &recovered})
      if (const auto read = spool->read_all(into(*map)); !read) return Failure{read.error()};
  if (const auto read = session.read_all(into(rebuilt)); !read) return Failure{read.error()};
  if (const auto loaded = session.load_latest(into(recovered)); !loaded) return Failure{loaded.error()};

  Comparison comparison(rebuilt, recovered, reported_since);
  comparison.with_recovery();
  if (!node_address.url.empty()) {
    Node node(node_address);
    if (const auto compared = comparison.with_node(node, started); !compared)
      return Failure{StoreFailure{StoreFailure::Kind::unavailable, compared.error()}};
  }
  return comparison.take();
}

}  // namespace ubiety::verify

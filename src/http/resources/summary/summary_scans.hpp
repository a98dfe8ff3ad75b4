// The scans for summaries: the running ones, the waiting ones, and the requests that wait for each. A request joins a
// waiting scan for the same summary. It cannot join a running one, which may have passed a device whose update the
// client already knows. The loop's thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "actors/summary.hpp"
#include "http/resources/summary/summary_order.hpp"
#include "http/resources/summary/summary_request.hpp"

namespace ubiety::http {

struct PendingScan {
  SummaryRequest request;
  std::vector<std::uint64_t> tickets;  // of the exchanges that wait for it
  SteadyTime deadline{};               // the last exchange's
  SummaryScanPointer scan;             // nullptr until it begins
  std::uint64_t last_event = 0;        // of the fleet when it began
  std::vector<SummaryPart> parts;      // from the shards that have finished
  // Of a sort: the sorted devices, once every shard has them, and the page among them.
  std::shared_ptr<const SummaryOrder> order;
  SummaryOrder::Page page;
};

class SummaryScans {
 public:
  // At most `max_running` scans run at a time, and eight times as many wait.
  explicit SummaryScans(std::size_t max_running) : max_running_(max_running) {}

  // Returns the scan for which the request has to wait, and to which the caller adds its ticket; nullptr if too many
  // scans wait.
  PendingScan* join(const SummaryRequest& request);

  // A pointer is valid until end(number).
  struct Numbered {
    std::uint64_t number;
    PendingScan* scan;
  };
  // Returns the first scan that may run, which the caller starts or ends; nullptr if there is none. Of those that are
  // sorted, which takes memory, one at a time runs until it has its order.
  Numbered next();
  // Returns nullptr once the scan has ended.
  PendingScan* find(std::uint64_t number);
  std::vector<std::uint64_t> numbers() const;
  void end(std::uint64_t number) { scans_.erase(number); }

  std::size_t running() const;
  std::size_t waiting() const { return scans_.size() - running(); }

 private:
  bool may_run(const PendingScan& scan) const;

  const std::size_t max_running_;
  std::map<std::uint64_t, PendingScan> scans_;  // in the order in which they came
  std::uint64_t last_number_ = 0;
};

}  // namespace ubiety::http

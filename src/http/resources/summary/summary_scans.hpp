// The scans for summaries: which of them run, which wait for their turn, and which requests wait for each. A request
// for the same summary joins a scan that has not begun. It cannot join one that runs: that scan may have passed a
// device whose update the client already knows. The loop's thread.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "actors/summary.hpp"
#include "http/resources/summary/summary_request.hpp"

namespace ubiety::http {

struct PendingScan {
  SummaryRequest request;
  std::vector<std::uint64_t> tickets;  // of the exchanges that wait for it
  SteadyTime deadline{};               // of the last of them
  SummaryScanPointer scan;             // nullptr until it begins
  std::vector<SummaryPart> parts;      // of the shards that are done with it
};

class SummaryScans {
 public:
  // So many run at a time, and eight times as many may wait.
  explicit SummaryScans(std::size_t most_running) : most_running_(most_running) {}

  // The scan that such a request has to wait for, to which the caller adds its ticket; nullptr when too many wait.
  PendingScan* join(const SummaryRequest& request);

  // By number. A pointer is good until that scan ends.
  struct Numbered {
    std::uint64_t number;
    PendingScan* scan;
  };
  // The first whose turn it is; the caller lets it begin, or ends it. nullptr when there is none.
  Numbered next();
  // nullptr when it has ended.
  PendingScan* find(std::uint64_t number);
  std::vector<std::uint64_t> numbers() const;
  void end(std::uint64_t number) { scans_.erase(number); }

  std::size_t running() const;
  std::size_t waiting() const { return scans_.size() - running(); }

 private:
  bool has_running_twin(const PendingScan& scan) const;

  const std::size_t most_running_;
  std::map<std::uint64_t, PendingScan> scans_;  // in the order in which they came
  std::uint64_t last_number_ = 0;
};

}  // namespace ubiety::http

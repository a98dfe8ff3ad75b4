// The scans for summaries: the running ones, the waiting ones, and the requests that wait for each. A request joins a
// waiting scan for the same summary. It cannot join a running one, which may have passed a device whose update the
// client already knows. The loop's thread; pure functions: any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/summary.hpp"
#include "domain/result.hpp"
#include "http/message/answer.hpp"

namespace ubiety::http {

// What a client asks for, by its query and header fields.
struct SummaryRequest {
  SummaryQuery query;
  bool gzip = false;  // the client accepts it, and the summary is available gzipped
};

// Reads limit, cursor and the filter. The error is the 400 to answer.
Result<SummaryRequest, Answer> parse_summary_request(std::string_view query,
                                                     std::optional<std::string_view> accept_encoding);

// Whether both have the same answer.
bool ask_the_same(const SummaryRequest& left, const SummaryRequest& right);

// The cursor of the page after the one that ends with this device. docs/FORMATS.md describes it.
std::string summary_cursor(std::string_view last_device_id);

struct PendingScan {
  SummaryRequest request;
  std::vector<std::uint64_t> tickets;  // of the exchanges that wait for it
  SteadyTime deadline{};               // the last exchange's
  SummaryScanPointer scan;             // nullptr until it begins
  std::vector<SummaryPart> parts;      // from the shards that have finished
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
  // Returns the first scan that may run, which the caller starts or ends; nullptr if there is none.
  Numbered next();
  // Returns nullptr once the scan has ended.
  PendingScan* find(std::uint64_t number);
  std::vector<std::uint64_t> numbers() const;
  void end(std::uint64_t number) { scans_.erase(number); }

  std::size_t running() const;
  std::size_t waiting() const { return scans_.size() - running(); }

 private:
  bool has_running_twin(const PendingScan& scan) const;

  const std::size_t max_running_;
  std::map<std::uint64_t, PendingScan> scans_;  // in the order in which they came
  std::uint64_t last_number_ = 0;
};

}  // namespace ubiety::http

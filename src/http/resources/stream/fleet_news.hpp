// What just happened in the fleet, and its numbers, as text for streams: each is rendered once. The loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/fleet_board.hpp"

namespace ubiety::http {

struct FleetNewsItem {
  enum class Kind : std::uint8_t { problem, outage, action, removed };

  Kind kind;
  DeviceId device_id;  // empty unless it is of one device
  std::string json;
};

// The changes of a FleetBoard, by their numbers.
class FleetNews {
 public:
  // Takes what is new on the board, and forgets what the board has forgotten.
  void follow(const FleetBoard& board);

  // The number of the last change that is known here.
  std::uint64_t last_number() const { return last_number_; }
  // Returns the changes behind this number; nullopt if some of them are forgotten, or the number is of none yet.
  std::optional<std::vector<const FleetNewsItem*>> after(std::uint64_t number) const;

  // The next change.
  void add(FleetNewsItem item);

  // The overview, as GET /fleet/overview has it. It counts as new if more than its time is.
  void set_overview(std::string json);
  const std::string& overview() const { return overview_; }
  // How often it was new.
  std::uint64_t overview_version() const { return overview_version_; }

 private:
  std::deque<FleetNewsItem> items_;  // the last ones
  std::uint64_t last_number_ = 0;
  std::string overview_;
  std::uint64_t overview_version_ = 0;
};

}  // namespace ubiety::http

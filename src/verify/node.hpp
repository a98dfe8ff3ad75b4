// A running node, as seen over HTTP. Blocking; one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "domain/result.hpp"
#include "domain/status_update.hpp"

namespace ubiety::verify {

// What the summary says of a device.
struct SummaryEntry {
  Timestamp timestamp;
  std::uint8_t battery_level = 0;
  bool online = false;

  friend bool operator==(const SummaryEntry&, const SummaryEntry&) = default;
};

struct NodeAddress {
  std::string url;      // http:// or https://, perhaps with the path prefix of a proxy
  std::string api_key;  // of scope read; empty for none
  std::string ca;       // certificates, PEM, of authorities to trust; empty for those of the system
};

class Node {
 public:
  explicit Node(NodeAddress address);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // The errors are for a person.
  Result<std::unordered_map<DeviceId, SummaryEntry>, std::string> summary();
  // nullopt for a device that the node does not know.
  Result<std::optional<Status>, std::string> latest(const DeviceId& device_id);

 private:
  class Connection;

  std::unique_ptr<Connection> connection_;
};

}  // namespace ubiety::verify

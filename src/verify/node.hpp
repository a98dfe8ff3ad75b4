// Reads statuses from a running node over HTTP. Blocking; one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "domain/result.hpp"
#include "domain/status.hpp"

namespace ubiety::verify {

// A device in the summary that the node serves.
struct ServedSummary {
  Timestamp timestamp;
  std::uint8_t battery_level = 0;
  bool online = false;

  friend bool operator==(const ServedSummary&, const ServedSummary&) = default;
};

struct NodeAddress {
  std::string url;      // http:// or https://, perhaps with the path prefix of a proxy
  std::string api_key;  // of scope read; empty for none
  std::string ca;       // PEM, of the authorities to trust; empty for the system's authorities
};

class Node {
 public:
  explicit Node(NodeAddress address);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // Errors are for a person.
  Result<std::unordered_map<DeviceId, ServedSummary>, std::string> summary();
  // nullopt if the node does not know the device.
  Result<std::optional<Status>, std::string> latest(const DeviceId& device_id);

 private:
  class Connection;

  std::unique_ptr<Connection> connection_;
};

}  // namespace ubiety::verify

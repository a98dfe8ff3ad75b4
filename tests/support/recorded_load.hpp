// Clients that post in a closed loop or at a rate, each for its own devices, and record requests and answers. Most
// updates are newer than the device's last one; some are late, some have an equal timestamp; no two are the same. In
// between, each client reads the latest statuses of another client's devices. After a 503, a client waits for a moment.
// Clients end on stop(), or when the service is gone. Each has its own thread; the functions of RecordedLoad: one.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "support/latencies.hpp"
#include "support/report.hpp"

namespace ubiety::test {

enum class Told {
  stored,      // 200
  unknown,     // 503
  not_stored,  // 503 that says "not stored"
  nothing,     // the connection ended first
};

struct Sent {
  Report report;
  Told told;
};

// The latest statuses that one reader received, in order, as history records.
using Reads = std::vector<std::string>;

struct Recording {
  std::map<std::string, std::vector<Sent>> sent;   // by device, in the order of sending
  std::map<std::string, std::vector<Reads>> read;  // by device, for each reader
  std::vector<std::string> faults;                 // unexpected answers
  Latencies of_stores{};                           // of 200s, from the time at which the post was due
  Latencies of_refusals{};                         // of 503s, from the time at which the post was sent
};

void add(Recording& all, Recording one);  // joins the recordings of two loads

struct LoadShape {
  int clients = 12;
  int devices = 4;                  // of each client
  int percent_late = 15;            // older than the device's newest
  int percent_equal = 15;           // of the same timestamp
  int requests_between_reads = 16;  // of a latest status; 0 for no reads
  int batch = 1;                    // updates in a post; several are posted to /status/batch
  int per_second = 0;               // posts of all clients together; 0 for a closed loop
};

class RecordedLoad {
 public:
  RecordedLoad(int port, std::string name, std::uint32_t seed, LoadShape shape = {});
  ~RecordedLoad();

  std::size_t stored() const { return stored_.load(); }    // 200s so far
  std::size_t refused() const { return refused_.load(); }  // 503s so far
  void stop() { is_stopping_ = true; }
  Recording finish();  // blocks until the clients have ended

 private:
  class Client;

  const LoadShape shape_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::atomic<bool> is_stopping_ = false;
  std::atomic<std::size_t> stored_ = 0, refused_ = 0;
  std::vector<Recording> recordings_;  // one per client, readable after its thread has ended
  std::vector<std::thread> threads_;
};

}  // namespace ubiety::test

// RecordedLoad: clients that post, as fast as they are answered or at a rate, each for devices of its own, and write
// down what they sent and what they were told. Most updates are newer than the device's last, some late, some of an
// equal timestamp; no two are the same. In between each reads the latest statuses of another's devices. A 503 has them
// wait for a moment. They end when they are told to, or when the service is gone.
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
  not_stored,  // 503 that says so
  nothing,     // the connection ended first
};

struct Sent {
  Report report;
  Told told;
};

// The latest statuses that one reader was given, one after the other, as history records.
using Reads = std::vector<std::string>;

struct Recording {
  std::map<std::string, std::vector<Sent>> sent;   // by device, in the order of sending
  std::map<std::string, std::vector<Reads>> read;  // by device, of each reader
  std::vector<std::string> faults;                 // answers that should not have come
  Latencies of_stores{};                           // the 200s, from when the post was due
  Latencies of_refusals{};                         // the 503s, from when it was sent
};

void add(Recording& all, Recording one);  // of another load

struct LoadShape {
  int clients = 12;
  int percent_late = 15;            // older than the device's newest
  int percent_equal = 15;           // of the same timestamp
  int requests_between_reads = 16;  // of the latest statuses; 0 for no reads
  int batch = 1;                    // updates in a post; more than one go to /status/batch
  int per_second = 0;               // posts of all clients together; 0 for as fast as they are answered
};

class RecordedLoad {
 public:
  RecordedLoad(int port, std::string name, std::uint32_t seed, LoadShape shape = {});
  ~RecordedLoad();

  std::size_t stored() const { return stored_.load(); }    // 200s so far
  std::size_t refused() const { return refused_.load(); }  // 503s so far
  void stop() { is_stopping_ = true; }
  Recording finish();  // waits for the clients' end

 private:
  class Client;

  const LoadShape shape_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::atomic<bool> is_stopping_ = false;
  std::atomic<std::size_t> stored_ = 0, refused_ = 0;
  std::vector<Recording> recordings_;  // one of each client's, to be read after its end
  std::vector<std::thread> threads_;
};

}  // namespace ubiety::test

// A trace collector on a loopback port. It records requests, and answers with the status that a test sets. Any thread.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/file_descriptor.hpp"
#include "support/json.hpp"

namespace ubiety::test {

class TraceCollector {
 public:
  TraceCollector();
  ~TraceCollector();
  TraceCollector(const TraceCollector&) = delete;
  TraceCollector& operator=(const TraceCollector&) = delete;

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void answer_with(int status) { status_ = status; }

  // From all requests so far.
  std::vector<std::string> heads() const;
  std::vector<std::string> bodies() const;
  std::vector<Json> spans() const;

 private:
  void serve();
  void serve(const FileDescriptor& connection);
  bool is_readable(const FileDescriptor& socket) const;  // false when the collector stops

  FileDescriptor listener_;
  int port_ = 0;
  std::atomic<int> status_{200};
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> heads_, bodies_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace ubiety::test

// A proxy on a loopback port between the service and PostgreSQL. It forwards whole messages of PostgreSQL's protocol
// (version 3), and cuts a connection where a test says so. It has its own thread; its functions: any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/file_descriptor.hpp"

namespace ubiety::test {

enum class Cut {
  in_data,        // the server receives a part of the append's parameters, or of the COPY's data
  before_commit,  // the server does not receive the message that commits: the append's Sync, or COMMIT
  after_commit,   // the server commits, and its answer does not arrive
};

std::ostream& operator<<(std::ostream& out, Cut cut);

enum class Ending {
  both,          // the server sees the end too
  service_only,  // the server does not, as behind a broken network: its backend keeps waiting and keeps its locks
};

class CuttingProxy {
 public:
  // `seed` determines at which byte data is cut, and whether the service sees an end or a reset.
  CuttingProxy(int server_port, std::uint32_t seed);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  int port() const { return port_; }
  std::string url(std::string_view user, std::string_view database) const;

  // Cuts at the next moment of this kind, on any connection, after skipping `skipped` such moments.
  // `of` limits the moments to one statement: "append" to the log, "COPY" of a merge, or "COMMIT".
  void arm(Cut cut, unsigned skipped, Ending ending = Ending::both, std::string of = {});
  std::size_t cuts() const { return cuts_.load(); }
  std::map<std::string, std::size_t> cuts_by_moment() const;  // "in_data of append", "after_commit of COMMIT", …

 private:
  class Link;
  struct Armed {
    Cut cut;
    unsigned skipped;
    Ending ending;
    std::string of;
  };

  bool is_moment(Cut cut, std::string_view of);  // disarms the cut if this is its moment
  void run();
  void accept_one();
  void take_from(Link& link, bool is_client);

  const int server_port_;
  FileDescriptor listener_;
  int port_ = 0;
  std::vector<std::unique_ptr<Link>> links_;  // the thread's
  std::vector<FileDescriptor> abandoned_;     // the thread's; sides that do not see the end
  Ending ending_ = Ending::both;              // the thread's; of the last cut
  std::mt19937 random_;                       // the thread's
  mutable std::mutex mutex_;
  std::optional<Armed> armed_;                         // guarded by mutex_
  std::map<std::string, std::size_t> cuts_by_moment_;  // guarded by mutex_
  std::atomic<std::size_t> cuts_ = 0;
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

}  // namespace ubiety::test

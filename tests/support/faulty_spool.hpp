// A real spool file whose calls fail when a test says so, before their effect or after it. This process owns it. The
// file lies in memory, so that no test waits for a disk.
//
// Any thread. A test sets faults while no call is in flight.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/spool.hpp"
#include "support/store_failures.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {

class FaultySpool final : public Spool {
 public:
  FaultySpool();

  StoreResult<Claim> claim(Timestamp now) override { return real_->claim(now); }
  StoreResult<Done> append(const UpdateList& updates) override {
    return with_fault(append_fault, [&] { return real_->append(updates); });
  }
  StoreResult<SpoolSlice> oldest(std::size_t max_updates) override { return real_->oldest(max_updates); }
  StoreResult<Done> remove_through(std::int64_t last) override {
    return with_fault(remove_fault, [&] { return real_->remove_through(last); });
  }
  StoreResult<Done> read_all(const StatusSink& sink) override { return real_->read_all(sink); }
  std::uint64_t waiting() const override { return real_->waiting(); }
  SpoolSize size() const override { return real_->size(); }
  std::optional<std::string> database() const override { return real_->database(); }
  StoreResult<Done> bind_to(const std::string& database) override { return real_->bind_to(database); }
  std::optional<Timestamp> received_floor() const override { return real_->received_floor(); }
  StoreResult<Done> set_received_floor(Timestamp received) override { return real_->set_received_floor(received); }

  Fault append_fault = Fault::none, remove_fault = Fault::none;

  // The queued updates, oldest first.
  std::vector<StatusUpdate> updates();

 private:
  TemporaryDirectory folder_ = TemporaryDirectory::in_memory();
  std::unique_ptr<Spool> real_;
};

}  // namespace ubiety::test

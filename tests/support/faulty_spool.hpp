// A real spool file whose calls fail when a test says so, before their effect or after it. This process owns it. The
// file lies in memory, so that no test waits for a disk.
//
// Any thread. A test sets faults while no call is in flight.
#pragma once

#include <functional>
#include <memory>
#include <optional>
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
  StoreResult<Done> append(log::Position position, const UpdateList& updates) override {
    return with_fault(append_fault, [&] { return real_->append(position, updates); });
  }
  StoreResult<std::vector<log::Row>> oldest() override { return real_->oldest(); }
  StoreResult<Done> remove(const std::vector<log::Position>& positions) override {
    return with_fault(remove_fault, [&] { return real_->remove(positions); });
  }
  StoreResult<Done> read_all(const std::function<void(log::Row&&)>& sink) override { return real_->read_all(sink); }
  std::optional<std::string> database() const override { return real_->database(); }
  StoreResult<Done> bind_to(const std::string& database) override { return real_->bind_to(database); }
  std::uint64_t waiting() const override { return real_->waiting(); }
  std::uint64_t set_aside() const override { return real_->set_aside(); }
  SpoolSize size() const override { return real_->size(); }

  Fault append_fault = Fault::none, remove_fault = Fault::none;

  // The rows that wait, in the order in which they were appended.
  std::vector<log::Row> rows();
  // Their updates.
  std::vector<StatusUpdate> updates();

 private:
  TemporaryDirectory folder_ = TemporaryDirectory::in_memory();
  std::unique_ptr<Spool> real_;
};

}  // namespace ubiety::test

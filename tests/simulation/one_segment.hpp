// All records of a device as one segment, for the histories of a SimulatedSession. One thread.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "simulation/durable.hpp"
#include "storage/log/history.hpp"
#include "storage/log/repetitions.hpp"

namespace ubiety::simulation {

class OneSegment final : public log::SegmentReader {
 public:
  OneSegment(const Durable& durable, const HistoryQuery& query) : durable_(durable), query_(query) {
    if (const auto device = durable.history.find(query.device_id); device != durable.history.end())
      records_ = device->second;
    std::sort(records_.begin(), records_.end(), log::oldest_first);
  }

  bool has_merged(log::Position position) override { return durable_.has_merged(position, query_.device_id); }

  std::optional<Timestamp> next() override {
    if (std::exchange(is_read_, true) || records_.empty()) return std::nullopt;
    return records_.back().timestamp;
  }
  std::vector<Status> records() override { return records_; }

  std::uint64_t count() override {
    return static_cast<std::uint64_t>(std::count_if(records_.begin(), records_.end(), [this](const Status& record) {
      return query_.is_in_span(record.timestamp);
    }));
  }

  std::vector<Status> records_at(std::span<const Timestamp> times) override {
    std::vector<Status> found;
    log::append_at(times, records_, found);
    return found;
  }

 private:
  const Durable& durable_;
  const HistoryQuery& query_;
  std::vector<Status> records_;
  bool is_read_ = false;
};

}  // namespace ubiety::simulation

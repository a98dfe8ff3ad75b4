// The latest statuses of a shard's devices, their order by id, and their JSON for summaries. One thread at a time.
#pragma once

#include <tsl/robin_set.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/device_filter.hpp"
#include "actors/listening.hpp"
#include "actors/parcel.hpp"
#include "actors/shard/change_ring.hpp"
#include "actors/shard/id_sort.hpp"
#include "actors/shard/known_device.hpp"
#include "actors/shard/muted_devices.hpp"
#include "actors/summary.hpp"
#include "domain/chunked_vector.hpp"
#include "domain/status.hpp"
#include "fleet/device_watch.hpp"
#include "fleet/groups.hpp"
#include "storage/log/merge_plan.hpp"

namespace ubiety {

// The JSON of a shard's devices, rendered in chunks and kept. A change invalidates only its own chunk, which is
// rendered again when a summary needs it.
class SummaryChunks {
 public:
  // Few enough that a chunk is cheap to render, and enough that a summary has few pieces.
  static constexpr std::size_t devices_per_chunk = 256;

  explicit SummaryChunks(SummaryEncoder encoder) : encoder_(encoder) {}

  struct Device {
    std::string_view id;
    DeviceState state;
  };
  // Returns the device of this number; nullopt if there is none.
  using DeviceAt = std::function<std::optional<Device>(std::size_t index)>;

  // The device with this number changed, is new, or was removed.
  void note_change(std::size_t index);

  std::size_t size() const { return chunks_.size(); }

  // A piece without bytes is not rendered yet.
  struct Chunk {
    SummaryPiece plain, deflated;
    std::uint32_t devices = 0, online = 0;
    bool is_first = false;  // of those with devices: without a comma in front
  };
  // Returns the cost of making the chunk ready, in devices to render; 0 if it is ready.
  std::size_t work_for(std::size_t chunk, bool deflated) const;
  // Returns the chunk with the wanted piece rendered. `is_first`: no chunk before it has devices.
  const Chunk& ready_chunk(std::size_t chunk, bool deflated, bool is_first, const DeviceAt& device_at);

 private:
  void render(std::size_t chunk, bool is_first, const DeviceAt& device_at);
  SummaryPiece deflate(const SummaryPiece& plain) const;

  const SummaryEncoder encoder_;
  std::vector<Chunk> chunks_;
};

// A shard's devices in the order of their ids, for summaries in pages. The order is updated only for such a summary,
// and in steps, so that it costs an update nothing.
class DeviceOrder {
 public:
  // A device without an id is a gap. The sequence outlives the order.
  using Devices = ChunkedVector<KnownDevice>;
  explicit DeviceOrder(const Devices& devices) : devices_(devices) {}

  // A gap was filled. Devices at the end need not be added.
  void add(std::uint32_t device);
  // These devices will be gaps. Takes a millisecond for a million devices.
  void remove(std::span<const std::uint32_t> devices);

  // Inserts at most so many further devices, or does a slice of sorting all if many are missing, as after a start.
  // Returns whether it has all devices.
  bool catch_up(std::size_t most);

  // The first of the sorted devices after this id; the position yields the device's number in the sequence.
  using Position = std::vector<std::uint32_t>::const_iterator;
  Position after(std::string_view device_id) const;
  Position end() const { return sorted_.end(); }
  std::span<const std::uint32_t> all() const { return sorted_; }

 private:
  static constexpr std::size_t many = 4'096;

  bool misses_many() const;
  void sort_all();
  void insert(std::vector<std::uint32_t> added);
  std::vector<std::uint32_t> take_unsorted(std::size_t most);

  const Devices& devices_;
  std::vector<std::uint32_t> sorted_;
  std::size_t looked_at_ = 0;             // so many of the first of `devices_`
  std::vector<std::uint32_t> in_gaps_{};  // of those, what has been added since
  std::optional<IdSort> sorting_{};       // of all devices
};

class DeviceTable {
 public:
  // `listening` and `groups` outlive the table.
  DeviceTable(NewerThan newer_than, SummaryEncoder encoder, SilenceWatch silence, const Listening& listening,
              Groups& groups)
      : newer_than_(newer_than),
        listening_(listening),
        groups_(groups),
        watch_(std::move(silence), newer_than.max_clock_skew()),
        chunks_(encoder) {
    watch_.problems().set_mutes([this](std::uint32_t device) { return is_muted(device); });
  }
  DeviceTable(const DeviceTable&) = delete;
  DeviceTable& operator=(const DeviceTable&) = delete;

  struct Applied {
    std::uint32_t device;   // its number
    UpdateOutcome outcome;  // `stored` if the update became the device's latest, else `duplicate` or `late`
    bool may_repeat;        // the device has sent an update with a timestamp as late: see log::UnmergedRecord
  };
  // Applies a durable update, heard at this moment.
  Applied apply(const StatusUpdate& update, const ListeningMoment& moment);

  // Applies a latest status that a start found.
  void load(const log::LatestStatus& latest, ListeningTime now);

  // Returns nullopt for a device that never reported.
  std::optional<Status> find(std::string_view device_id) const;
  DeviceState state_of(std::uint32_t device) const;
  DeviceDetails details_of(std::uint32_t device) const;
  // Appends a comma and the device's JSON.
  void render(std::string& out, std::uint32_t device, const DeviceMembers& members,
              const SummaryEncoder& encoder) const;
  bool is_silent(std::uint32_t device) const { return watch_.is_silent(device); }
  bool matches(const DeviceFilter& filter, std::uint32_t device, ListeningTime now) const;
  // Everything of the device that a merge writes.
  log::LatestStatus latest_of(std::uint32_t device) const;
  std::optional<std::uint32_t> number_of(std::string_view device_id) const;
  // See log::LatestStatus.
  Timestamp newest_timestamp(std::uint32_t device) const { return beyond(device).newest; }
  Timestamp last_heard(std::uint32_t device) const { return beyond(device).last_heard; }
  // A repeated update was received at this moment. It changes nothing else.
  void note_heard(std::uint32_t device, const Status& repeated, const ListeningMoment& moment);

  // -- what the watch says, see DeviceWatch --

  // `wall_now`: the machine's clock.
  DeviceChanges advance(ListeningTime now, Timestamp wall_now);
  // What changed until now is of no interest: a start found it.
  void forget_changes() { watch_.forget_changes(); }
  // A suspect is a problem of its own.
  void raise_silent(std::uint32_t device);
  // For an outage that began or ended.
  void note_outage(const Outage& outage);
  // The device reported with another API key, where groups are by key.
  void set_group(std::uint32_t device, GroupNumber group);
  const DeviceWatch& watch() const { return watch_; }
  std::uint64_t online() const { return watch_.online(); }

  // -- mutes --

  // From now on these mutes count. Then call count_muted until it returns true: until then the totals are those before.
  void set_mutes(std::shared_ptr<const Mutes> mutes) { muted_.set(std::move(mutes)); }
  const std::shared_ptr<const Mutes>& mutes() const { return muted_.mutes(); }
  bool is_muted(std::uint32_t device) const { return muted_.is_muted(devices_[device].device_id); }
  // Looks at most so many devices up in the mutes. Returns whether all are counted.
  bool count_muted(std::size_t most);

  FleetTotals totals() const;

  // -- removal --

  // Removes these devices. New ones will get their numbers.
  void remove(std::span<const std::uint32_t> devices);
  // Forgets all of the device but these statuses, which came after its removal: at least one.
  void begin_again(std::uint32_t device, std::span<const Status> statuses, ListeningTime now);
  // Counts the device as changed.
  void show_again(std::uint32_t device) { note_change(device); }

  // -- all devices --

  std::size_t size() const { return devices_.size() - free_.size() - removed_.size(); }

  // All numbers are smaller. A device keeps its number; where one was removed there is none.
  std::size_t numbers() const { return devices_.size(); }
  bool has(std::size_t number) const { return !devices_[number].device_id.empty(); }
  const KnownDevice& at(std::size_t number) const { return devices_[number]; }

  // The summary's JSON, see SummaryChunks.
  std::size_t chunks() const { return chunks_.size(); }
  std::size_t work_for_chunk(std::size_t chunk, bool deflated) const { return chunks_.work_for(chunk, deflated); }
  const SummaryChunks::Chunk& ready_chunk(std::size_t chunk, bool deflated, bool is_first);

  // Sorts at most so many further devices by their ids. Returns whether all are sorted.
  bool put_in_order(std::size_t most) { return order_.catch_up(most); }
  // The sorted devices' numbers. Valid until devices are sorted or added.
  std::span<const std::uint32_t> in_order() const { return order_.all(); }
  // Calls `show(number, device)` with the sorted devices after this id, until it returns false or was called `most`
  // times. Returns whether it reached the last device.
  template <class Show>
  bool for_each_after(std::string_view device_id, std::size_t most, Show show) const {
    auto at = order_.after(device_id);
    for (std::size_t shown = 0; at != order_.end() && shown < most; ++shown, ++at)
      if (!show(*at, devices_[*at])) return std::next(at) == order_.end();
    return at == order_.end();
  }

  // How often what is known of a device changed.
  std::uint64_t version() const { return changes_.end(); }
  // The last of these changes, numbered from 0: that many there were before.
  const ChangeRing& changes() const { return changes_; }
  // Continues the count of an earlier table of the same devices.
  void continue_after(std::uint64_t version) {
    changes_.continue_after(version);
    identity_ = changes_.end();
  }
  // Differs from that of an earlier table of the same devices, whose numbers mean nothing here.
  std::uint64_t identity() const { return identity_; }

 private:
  struct Hash {
    using is_transparent = void;
    const ChunkedVector<KnownDevice>* devices;
    std::size_t operator()(std::string_view device_id) const { return std::hash<std::string_view>{}(device_id); }
    std::size_t operator()(std::uint32_t index) const { return (*this)((*devices)[index].device_id); }
  };
  struct Equal {
    using is_transparent = void;
    const ChunkedVector<KnownDevice>* devices;
    bool operator()(std::uint32_t left, std::uint32_t right) const { return left == right; }
    bool operator()(std::uint32_t left, std::string_view right) const { return (*devices)[left].device_id == right; }
    bool operator()(std::string_view left, std::uint32_t right) const { return (*this)(right, left); }
  };

  // What the latest status does not say, see log::LatestStatus.
  struct Beyond {
    Timestamp newest, last_heard;

    friend bool operator==(const Beyond&, const Beyond&) = default;
  };

  bool has_problem(const ProblemFilter& wanted, std::uint32_t device, std::optional<bool> muted) const;
  Applied add(const StatusUpdate& update, ListeningTime now);
  std::uint32_t append(const StatusUpdate& update);
  GroupNumber saved_group_of(const log::LatestStatus& latest);
  Beyond beyond(std::uint32_t device) const;
  // Returns whether more is known of the device now.
  bool raise_beyond(std::uint32_t device, Beyond known, Beyond sent);

  void note_change(std::uint32_t device);

  const NewerThan newer_than_;
  const Listening& listening_;
  Groups& groups_;
  DeviceWatch watch_;
  ChunkedVector<KnownDevice> devices_;  // by number
  std::vector<std::uint32_t> free_;     // numbers without a device
  std::vector<std::uint32_t> removed_;  // the same, until advance() has been called
  tsl::robin_set<std::uint32_t, Hash, Equal, std::allocator<std::uint32_t>, true> index_{0, Hash{&devices_},
                                                                                         Equal{&devices_}};
  ChangeRing changes_;
  std::uint64_t identity_ = 0;
  std::unordered_map<std::uint32_t, Beyond> beyond_;  // where it differs from the latest status
  SummaryChunks chunks_;
  DeviceOrder order_{devices_};
  MutedDevices muted_;
};

}  // namespace ubiety

#include "simulation/process.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "support/store_failures.hpp"

namespace ubiety::simulation {
namespace {

// The summaries of simulated shards are not read.
constexpr SummaryEncoder unread{[](std::string&, std::string_view, const DeviceState&) {}, nullptr};

}  // namespace

// With the committer told to stop from the start, each call of commit is one attempt, and false is what a failed one
// gives. So the schedule decides what happens between two attempts, and no time is waited.
Process::Process(World& world, SimulatedStore& store, SimulatedSpool* spool, Admission& admission, std::uint32_t shards)
    : world_(world),
      spool_(spool),
      admission_(admission),
      ports_(shards),
      mailboxes_(shards),
      turn_(shards),
      next_to_send_(shards),
      committer_(
          store, state_,
          [this] {
            one_attempt_.request_stop();
            return one_attempt_.get_token();
          }(),
          [this](log::StreamId, std::int64_t) { world_.checker.violated("the store lost rows"); }),
      store_(store),
      connection_(store, "housekeeper", test::unnoticed),
      merging_connection_(store, "merger", test::unnoticed),
      cursor_(
          shards,
          [this](std::size_t shard, const CollectUnmerged& request) { return ask_for_unmerged(shard, request); },
          [this](std::chrono::steady_clock::duration) {
            world_.let_others_go_on();
            return !world_.random.one_in(10);
          }),
      reading_connection_(store, "reader", test::unnoticed),
      removing_connection_(store, "remover", test::unnoticed) {
  if (spool != nullptr) spool_forwarder_.emplace(store, *spool, state_);
  for (std::uint32_t number = 0; number < shards; ++number) shards_.push_back(new_shard(number));
}

std::unique_ptr<SupervisedShard> Process::new_shard(std::uint32_t number) {
  ShardOptions options{number, newer_than, unread};
  options.clients_may_send = &clients_may_send_;
  options.history_changes = &state_.history_changes;
  options.listening = &state_.listening;
  options.groups = &state_.groups;
  auto shard = std::make_unique<Shard>(
      options, ShardHooks{[this](std::shared_ptr<Batch> batch) { for_writer_.push_back(std::move(batch)); },
                          [this, number](std::shared_ptr<Batch> batch) {
                            mailboxes_[number].emplace_back(BatchDone{std::move(batch)});
                          },
                          [this] { return world_.steady_now; },
                          {}});
  return std::make_unique<SupervisedShard>(std::move(shard), state_, ports_[number],
                                           [this](RecoverShard lost) { lost_shards_[lost.shard] = lost.incarnation; });
}

void Process::fail(std::uint32_t shard) {
  if (!accepting()) return;
  world_.note([&] { return "shard " + std::to_string(shard) + " fails"; });
  ++world_.checker.figures.failed_shards;
  world_.checker.removals_unknown();
  if (world_.plant == Plant::successor_forgets_batch) shards_[shard] = new_shard(shard);
  shards_[shard]->use([](Shard&) { throw std::runtime_error("as the schedule wants it"); });
  if (world_.plant == Plant::read_before_recovered) shards_[shard]->recovered({lost_shards_[shard]});
}

template <Process::Read read>
LatestQuery Process::query_of(std::size_t device) {
  return {device_names[device],
          {[](void* checker, std::uint64_t ticket, std::optional<DeviceDetails>&& state) {
             (static_cast<Checker*>(checker)->*read)(device_names[ticket], status_of(state));
           },
           &world_.checker, device}};
}

void Process::ask_after_start() {
  for (std::size_t device = 0; device < device_names.size(); ++device) {
    auto queries = std::make_shared<std::vector<LatestQuery>>();
    queries->push_back(query_of<&Checker::read_after_start>(device));
    mailboxes_[shard_of(device_names[device], shards())].emplace_back(ReadLatest{std::move(queries)});
  }
}

void Process::ask(const DeviceId& device_id) {
  if (!loaded()) return;
  const auto shard = shard_of(device_id, shards());
  if (state_.readiness.can(Activity::read) && world_.plant != Plant::greater_or_equal)
    if (const auto state = ports_[shard].try_latest(device_id))
      return world_.checker.read(device_id, status_of(*state));
  const auto device = std::find(device_names.begin(), device_names.end(), device_id) - device_names.begin();
  auto queries = std::make_shared<std::vector<LatestQuery>>();
  queries->push_back(query_of<&Checker::read>(static_cast<std::size_t>(device)));
  mailboxes_[shard].emplace_back(ReadLatest{std::move(queries)});
}

void Process::stop() {
  if (!accepting() || stopping_) return;
  world_.note([] { return "stop"; });
  ++world_.checker.figures.stops;
  stopping_ = true;
}

bool Process::is_at_rest() const {
  const auto empty = [](const auto& container) { return container.empty(); };
  return has_sent_all() && std::all_of(mailboxes_.begin(), mailboxes_.end(), empty) && !writer_is_busy() &&
         !has_lost_shards() && for_reader_.empty() && !removes();
}

void Process::check_at_rest() {
  for (std::size_t device = 0; device < device_names.size(); ++device) {
    ReadLatest read{std::make_shared<std::vector<LatestQuery>>()};
    read.queries->push_back(query_of<&Checker::read_at_rest>(device));
    handle(shard_of(device_names[device], shards()), read);
  }
}

void Process::deliver(std::uint32_t shard) {
  if (mailboxes_[shard].empty()) return;
  auto message = std::move(mailboxes_[shard].front());
  mailboxes_[shard].pop_front();
  std::visit([&](auto& content) { handle(shard, content); }, message);
}

void Process::handle(std::uint32_t shard, const TakeParcels&) {
  world_.note([&] { return "shard " + std::to_string(shard) + " takes parcels"; });
  shards_[shard]->look_for_parcels();
}

void Process::handle(std::uint32_t shard, ReadLatest& message) {
  if (world_.plant != Plant::greater_or_equal)
    return shards_[shard]->use_complete([&](Shard& reader) { reader.read_latest(*message.queries); });
  for (const auto& query : *message.queries) {
    const auto found = loose_latest_.find(query.device_id);
    query.reply(found == loose_latest_.end()
                    ? std::nullopt
                    : std::optional(DeviceDetails{.state = {found->second, {}, {}}, .group = {}}));
  }
}

void Process::handle(std::uint32_t shard, BatchDone& message) {
  world_.note([&] {
    return "shard " + std::to_string(shard) + " has its batch back" + (message.committed ? "" : ", outcome unknown");
  });
  if (message.committed) take_loosely(*message.batch);
  Parcels again;
  if (world_.plant == Plant::parcel_answered_twice)
    for (const auto& parcel : message.batch->parcels)
      if (parcel->updates().size() > 1) again.push_back(copy_of(*parcel));
  shards_[shard]->use_to_write([&](Shard& owner) { owner.batch_done(*message.batch, message.committed); });
  for (auto& parcel : again) answer(std::move(parcel));
}

void Process::handle(std::uint32_t shard, LoadStored& message) {
  for (const auto& latest : *message.latest) take_loosely(latest.update);
  for (const auto& row : *message.rows)
    for (const auto& update : row.updates) take_loosely(update);
  shards_[shard]->use_to_write([&](Shard& loaded) { loaded.load(message); });
}

void Process::handle(std::uint32_t shard, ShardRecovered& message) {
  world_.note([&] { return "shard " + std::to_string(shard) + " is recovered"; });
  shards_[shard]->recovered(message);
}

void Process::handle(std::uint32_t shard, ReadHistory& message) {
  shards_[shard]->use_complete([&](Shard& owner) {
    if (auto outcome = owner.answer_or_prepare(message))
      message.reply(std::move(*outcome));
    else
      for_reader_.push_back(std::move(message));
  });
}

void Process::handle(std::uint32_t shard, const KeepTotal& message) {
  shards_[shard]->use([&](Shard& owner) { owner.keep_total(message); });
}

void Process::handle(std::uint32_t shard, const CollectUnmerged& message) {
  world_.note([&] { return "shard " + std::to_string(shard) + " gives what is not merged"; });
  answer_ = shards_[shard]->collect(message);
}

void Process::handle(std::uint32_t shard, const DropMerged& message) {
  world_.note([&] { return "shard " + std::to_string(shard) + " drops what is merged"; });
  shards_[shard]->use([&](Shard& owner) { owner.drop_merged(*message.merged); });
}

}  // namespace ubiety::simulation

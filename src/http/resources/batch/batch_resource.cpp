#include "http/resources/batch/batch_resource.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <string_view>
#include <utility>

#include "http/metrics/request_log.hpp"
#include "http/resources/batch/batch_intake.hpp"
#include "http/resources/batch/batch_outcome.hpp"
#include "telemetry/log.hpp"

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;

constexpr auto time_slice = 1ms;  // for batches, before the loop serves other requests

// A batch during its intake, and while it waits for the shards.
struct PendingBatch final : PendingState {
  PendingBatch(Service& service, json::BatchReader& reader, BatchRequest request, std::string_view body, Credit credit)
      : intake(service, reader, request, body, std::move(credit)), outcome(service.engine.shards()) {}

  BatchIntake intake;
  BatchOutcome outcome;
};

PendingBatch& batch_of(PendingExchange& pending) { return static_cast<PendingBatch&>(*pending.state); }

}  // namespace

BatchResource::BatchResource(Service& service)
    : service_(service), parcels_(service.loop, [this](std::uint64_t ticket, ParcelPointer&& parcel) {
        take_back(ticket, std::move(parcel));
      }) {}

void BatchResource::post(Exchange&& exchange) {
  auto request = parse_batch_request(exchange.field("Content-Type"), exchange.list_field("Content-Encoding"),
                                     exchange.list_field("Prefer"));
  if (!request) return exchange.answer(std::move(request.error()));
  if (auto refusal = service_.refusal_of(Activity::update)) return exchange.answer(std::move(*refusal));
  request->group = service_.group_of(exchange.key_id());

  const auto body = exchange.body();
  auto credit = service_.engine.admission().admit({0, static_cast<std::int64_t>(body.size())});
  if (!credit) return exchange.answer(overload_answer(credit.error()));
  const auto opened = service_.pending.open(std::move(exchange));
  service_.pending.find(opened.ticket)->state =
      std::make_unique<PendingBatch>(service_, reader_, *request, body, std::move(*credit));
  waiting_.push_back(opened);
  if (waiting_.size() == 1) service_.loop.post([this] { work(); });
}

void BatchResource::work() {
  const auto end = std::chrono::steady_clock::now() + time_slice;
  while (!waiting_.empty() && std::chrono::steady_clock::now() < end)
    if (advance(waiting_.front())) waiting_.pop_front();
  if (!waiting_.empty()) service_.loop.post([this] { work(); });
}

bool BatchResource::advance(const PendingExchanges::Opened& opened) {
  auto* pending = service_.pending.find(opened.ticket);
  if (pending == nullptr) return true;  // its deadline came first
  try {
    auto& batch = batch_of(*pending);
    auto parcels = batch.intake.advance(batch.outcome);
    if (!parcels) return false;
    if (*parcels)
      submit(opened, std::move(**parcels));
    else
      refuse(opened.ticket, std::move(parcels->error()));
  } catch (const std::exception& error) {
    const auto* failed = service_.pending.find(opened.ticket);
    log::error("a batch failed",
               {{"reason", error.what()}, {"request_id", failed == nullptr ? "" : failed->exchange.request_id()}});
    refuse(opened.ticket, detail_answer(500, "Internal Server Error"));
  }
  return true;
}

void BatchResource::submit(const PendingExchanges::Opened& opened, Parcels parcels) {
  auto& pending = *service_.pending.find(opened.ticket);
  batch_of(pending).outcome.wait_for_parcels(parcels.size());
  for (auto& parcel : parcels) {
    parcel->trace = update_trace_of(pending.exchange);
    parcel->deadline = opened.deadline;
    parcel->reply = parcels_.reply_to(opened.ticket);
    service_.engine.submit(std::move(parcel));
  }
  answer_if_complete(opened.ticket);  // at once, when no update is valid
}

void BatchResource::take_back(std::uint64_t ticket, ParcelPointer&& parcel) {
  for (const auto& update : parcel->updates()) service_.update_metrics.note(update);
  auto* pending = service_.pending.find(ticket);
  if (pending == nullptr) return;  // its deadline came first
  batch_of(*pending).outcome.take_back(std::move(parcel));
  answer_if_complete(ticket);
}

void BatchResource::answer_if_complete(std::uint64_t ticket) {
  if (!batch_of(*service_.pending.find(ticket)).outcome.is_complete()) return;
  auto pending = service_.pending.take(ticket);
  auto& batch = batch_of(*pending);
  pending->exchange.answer(batch.outcome.answer(batch.intake.request().results));
}

void BatchResource::refuse(std::uint64_t ticket, Answer answer) {
  if (auto pending = service_.pending.take(ticket)) pending->exchange.answer(std::move(answer));
}

}  // namespace ubiety::http

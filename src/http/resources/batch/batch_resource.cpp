#include "http/resources/batch/batch_resource.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include "http/metrics/request_tracing.hpp"
#include "http/resources/batch/batch_request.hpp"
#include "http/resources/update/update_refusals.hpp"
#include "telemetry/log.hpp"

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;

constexpr auto time_slice = 1ms;  // for batches, before the loop sees to everything else

}  // namespace

BatchResource::BatchResource(Service& service)
    : service_(service), outcomes_(service.loop, [this](std::uint64_t ticket, std::shared_ptr<UpdateGroup>&& group) {
        settle(ticket, std::move(group));
      }) {}

void BatchResource::post(Exchange&& exchange) {
  auto request = parse_batch_request(exchange.field("Content-Type"), exchange.list_field("Content-Encoding"),
                                     exchange.list_field("Prefer"));
  if (!request) return exchange.answer(std::move(request.error()));
  if (auto not_now = not_taking_updates_answer(service_)) return exchange.answer(std::move(*not_now));

  const auto body = exchange.body();
  auto credit = service_.engine.admission().admit({0, static_cast<std::int64_t>(body.size())});
  if (!credit) return exchange.answer(overload_answer(credit.error()));
  const auto opened = service_.pending.open(std::move(exchange), {});
  service_.pending.find(opened.ticket)->batch = std::make_unique<PendingBatch>(
      service_, reader_, *request, body, std::move(*credit), service_.engine.shards().size());
  waiting_.push_back(opened);
  if (waiting_.size() == 1) service_.loop.post([this] { work(); });
}

void BatchResource::work() {
  const auto end = std::chrono::steady_clock::now() + time_slice;
  while (!waiting_.empty() && std::chrono::steady_clock::now() < end)
    if (advance(waiting_.front())) waiting_.pop_front();
  service_.dispatcher.flush();
  if (!waiting_.empty()) service_.loop.post([this] { work(); });
}

bool BatchResource::advance(const PendingExchanges::Opened& opened) {
  auto* pending = service_.pending.find(opened.ticket);
  if (pending == nullptr) return true;  // its deadline was first
  try {
    auto& [intake, outcome] = *pending->batch;
    auto groups = intake.advance(outcome);
    if (!groups) return false;
    if (*groups)
      hand_over(opened, std::move(**groups));
    else
      refuse(opened.ticket, std::move(groups->error()));
  } catch (const std::exception& error) {
    const auto* failed = service_.pending.find(opened.ticket);
    log::error("a batch failed",
               {{"reason", error.what()}, {"request_id", failed == nullptr ? "" : failed->exchange.request_id()}});
    refuse(opened.ticket, detail_answer(500, "Internal Server Error"));
  }
  return true;
}

void BatchResource::hand_over(const PendingExchanges::Opened& opened,
                              std::vector<std::shared_ptr<UpdateGroup>> groups) {
  auto& pending = *service_.pending.find(opened.ticket);
  pending.batch->outcome.wait_for_groups(groups.size());
  for (auto& group : groups) {
    group->trace = update_trace_of(pending.exchange);
    group->deadline = opened.deadline;
    group->reply = outcomes_.reply_to(opened.ticket);
    service_.dispatcher.submit(std::move(group));
  }
  answer_if_complete(opened.ticket);  // when no update is good, nobody else will
}

void BatchResource::settle(std::uint64_t ticket, std::shared_ptr<UpdateGroup>&& group) {
  for (std::size_t i = 0; i < group->updates.size(); ++i) {
    service_.update_metrics.note(group->outcomes[i]);
    service_.update_metrics.note_times(group->updates[i].status);
  }
  auto* pending = service_.pending.find(ticket);
  if (pending == nullptr) return;  // its deadline was first
  pending->batch->outcome.settle(std::move(group));
  answer_if_complete(ticket);
}

void BatchResource::answer_if_complete(std::uint64_t ticket) {
  if (!service_.pending.find(ticket)->batch->outcome.complete()) return;
  auto pending = service_.pending.take(ticket);
  auto& [intake, outcome] = *pending->batch;
  pending->exchange.answer(outcome.answer(intake.request().results));
}

void BatchResource::refuse(std::uint64_t ticket, Answer answer) {
  if (auto pending = service_.pending.take(ticket)) pending->exchange.answer(std::move(answer));
}

}  // namespace ubiety::http

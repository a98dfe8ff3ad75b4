#include "http/resources/keys/keys_resource.hpp"

#include <utility>

namespace ubiety::http {
namespace {

Answer unknown_key_answer() { return detail_answer(404, "API key not found"); }

Answer done_answer(const Exchange& exchange, const KeyOutcome& outcome, Timestamp now) {
  if (outcome.plain) return json_answer(201, new_key_json(outcome.keys.front(), outcome.plain->text(), now));
  if (exchange.method() == Method::delete_) return json_answer(204, {});
  return json_answer(200, keys_json(outcome.keys, now));
}

Answer answer_to(const Exchange& exchange, const KeyOutcome& outcome, Timestamp now) {
  switch (outcome.kind) {
    case KeyOutcome::Kind::done: return done_answer(exchange, outcome, now);
    case KeyOutcome::Kind::unknown_key: return unknown_key_answer();
    case KeyOutcome::Kind::not_live: return detail_answer(409, "this key is revoked or has expired");
    case KeyOutcome::Kind::replaced:
      return detail_answer(409, "this key was rotated into key " + std::to_string(outcome.keys.front().id));
    case KeyOutcome::Kind::unavailable: break;
  }
  return unavailable_answer("the database did not answer; whether anything changed is unknown");
}

}  // namespace

KeysResource::KeysResource(Service& service)
    : service_(service), outcomes_(service.loop, [this](std::uint64_t ticket, KeyOutcome&& outcome) {
        answer(ticket, std::move(outcome));
      }) {}

void KeysResource::list(Exchange&& exchange) { ask(std::move(exchange), ListKeys{}); }

void KeysResource::create(Exchange&& exchange) {
  auto body = service_.json_body_of(exchange);
  if (!body) return exchange.answer(std::move(body.error()));
  auto request = parse_key_request(reader_, body->text(), service_.clock.now());
  if (!request) return exchange.answer(std::move(request.error()));
  ask(std::move(exchange), CreateKey{std::move(*request)});
}

void KeysResource::revoke(Exchange&& exchange, std::string_view key_id) {
  const auto id = parse_key_id(key_id);
  if (!id) return exchange.answer(unknown_key_answer());
  ask(std::move(exchange), RevokeKey{*id});
}

void KeysResource::rotate(Exchange&& exchange, std::string_view key_id) {
  const auto id = parse_key_id(key_id);
  if (!id) return exchange.answer(unknown_key_answer());
  auto body = service_.json_body_of(exchange);
  if (!body) return exchange.answer(std::move(body.error()));
  auto grace = parse_rotation(reader_, body->text());
  if (!grace) return exchange.answer(std::move(grace.error()));
  ask(std::move(exchange), RotateKey{*id, *grace});
}

void KeysResource::ask(Exchange&& exchange, Command command) {
  const auto by = exchange.key_id();
  auto request_id = exchange.request_id();
  const auto opened = service_.pending.open(std::move(exchange));
  service_.engine.manage_keys(
      {std::move(command), by, std::move(request_id), opened.deadline, outcomes_.reply_to(opened.ticket)});
}

void KeysResource::answer(std::uint64_t ticket, KeyOutcome&& outcome) {
  auto pending = service_.pending.take(ticket);
  if (!pending) return;  // its deadline came first
  pending->exchange.answer(answer_to(pending->exchange, outcome, service_.clock.now()));
}

}  // namespace ubiety::http

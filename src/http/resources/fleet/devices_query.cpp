#include "http/resources/fleet/devices_query.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "http/message/body_fields.hpp"
#include "http/resources/fleet/device_members.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

// A query that waits for the shards.
struct Gathering : PendingState {
  std::shared_ptr<const std::vector<DeviceId>> device_ids;
  std::vector<std::string> found;  // by their places in the query; empty where there is no such device
  std::size_t missing_shards = 0;
};

// Returns nullopt if the field is not a list of texts.
std::optional<std::vector<std::string_view>> texts_in(const json::Member& list) {
  if (!list.is_list) return std::nullopt;
  std::vector<std::string_view> texts;
  for (const auto& item : list.items) {
    const auto* text = std::get_if<std::string_view>(&item);
    if (text == nullptr) return std::nullopt;
    texts.push_back(*text);
  }
  return texts;
}

std::vector<DeviceId> device_ids_in(BodyFields& fields) {
  const auto* member = fields.find("device_ids", true);
  if (member == nullptr) return {};
  const auto texts = texts_in(*member);
  if (!texts)
    fields.fault("device_ids", pydantic::not_a_list());
  else if (texts->size() > max_named_devices)
    fields.fault("device_ids", pydantic::too_many_items(max_named_devices));
  else
    return {texts->begin(), texts->end()};
  return {};
}

DeviceMembers members_in(BodyFields& fields) {
  const auto* member = fields.find("fields", false);
  if (member == nullptr) return {};
  const auto names = texts_in(*member);
  if (!names) return fields.fault("fields", pydantic::not_a_list()), DeviceMembers();
  auto members = parse_members(*names);
  if (members) return std::move(*members);
  fields.fault("fields", std::move(members.error()));
  return {};
}

std::string body_of(const Gathering& query) {
  std::string body;
  json::append_object(body, [&](json::Object& object) {
    object.array("devices", [&](json::Array& list) {
      for (const auto& json : query.found)
        if (!json.empty()) list.begin_element() += std::string_view(json).substr(1);  // without its comma
    });
    object.array("not_found", [&](json::Array& list) {
      for (std::size_t place = 0; place < query.found.size(); ++place)
        if (query.found[place].empty()) list.element((*query.device_ids)[place]);
    });
  });
  return body;
}

}  // namespace

Result<DevicesQuery, Answer> parse_devices_query(json::ObjectReader& reader, std::string_view body) {
  auto members = reader.read(body);
  if (!members) return Failure{read_error_answer(members.error())};
  BodyFields fields(std::move(*members));
  DevicesQuery query{device_ids_in(fields), members_in(fields)};
  if (auto answer = fields.answer()) return Failure{std::move(*answer)};
  return query;
}

DevicesQueryResource::DevicesQueryResource(Service& service)
    : service_(service),
      parts_(service.loop, [this](std::uint64_t ticket, DevicesFound&& part) { add_part(ticket, std::move(part)); }) {}

void DevicesQueryResource::post(Exchange&& exchange) {
  auto body = service_.json_body_of(exchange);
  if (!body) return exchange.answer(std::move(body.error()));
  auto query = parse_devices_query(reader_, body->text());
  if (!query) return exchange.answer(std::move(query.error()));
  if (auto refusal = service_.refusal_of(Activity::read)) return exchange.answer(std::move(*refusal));
  auto gathering = std::make_unique<Gathering>();
  gathering->device_ids = std::make_shared<const std::vector<DeviceId>>(std::move(query->device_ids));
  gathering->found.resize(gathering->device_ids->size());
  gathering->missing_shards = service_.engine.shards();
  const auto device_ids = gathering->device_ids;
  const auto ticket = service_.pending.open(std::move(exchange)).ticket;
  service_.pending.find(ticket)->state = std::move(gathering);
  service_.engine.read_devices({device_ids, std::move(query->members), parts_.reply_to(ticket)});
}

void DevicesQueryResource::add_part(std::uint64_t ticket, DevicesFound&& part) {
  auto* pending = service_.pending.find(ticket);
  if (pending == nullptr) return;  // its deadline came first
  auto& query = static_cast<Gathering&>(*pending->state);
  for (auto& [place, json] : part.devices) query.found[place] = std::move(json);
  if (--query.missing_shards != 0) return;
  auto body = body_of(query);
  service_.pending.take(ticket)->exchange.answer(json_answer(200, std::move(body)));
}

}  // namespace ubiety::http

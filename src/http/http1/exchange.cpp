#include "http/http1/exchange.hpp"

#include <restinio/all.hpp>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <utility>

#include "domain/text.hpp"
#include "http/message/answer.hpp"
#include "http/message/header_fields.hpp"
#include "json/writer.hpp"
#include "telemetry/log.hpp"

namespace ubiety::http {
namespace {

struct WholeResponse {};

}  // namespace
}  // namespace ubiety::http

// An output type for RESTinio's create_response that sends a head written by us. RESTinio's own types keep every field
// as two strings, and put a Content-Length into a 204, which RFC 9110 (8.6) forbids.
namespace restinio {

template <>
class response_builder_t<ubiety::http::WholeResponse> final
    : public base_response_builder_t<response_builder_t<ubiety::http::WholeResponse>> {
 public:
  using base_response_builder_t::base_response_builder_t;

  bool keeps_alive() const { return m_header.should_keep_alive(); }

  // Sends `head`, which ends with its empty line or with the beginning of the body, then `more_body`. Call it once.
  void send(std::string head, std::vector<std::shared_ptr<const std::string>> more_body, bool keep_alive) {
    writable_items_container_t parts;
    parts.reserve(1 + more_body.size());
    parts.emplace_back(std::move(head));
    for (auto& piece : more_body) parts.emplace_back(std::move(piece));
    write_group_t group(std::move(parts));
    group.status_line_size(calculate_status_line_size());
    const auto connection = std::move(m_connection);
    connection->write_response_parts(
        m_request_id, {response_parts_attr_t::final_parts, response_connection_attr(keep_alive)}, std::move(group));
  }

  // Sends `head` alone. Returns the connection, for the rest. Call it once.
  impl::connection_handle_t send_head(std::string head) {
    writable_items_container_t parts;
    parts.emplace_back(std::move(head));
    write_group_t group(std::move(parts));
    group.status_line_size(calculate_status_line_size());
    auto connection = std::move(m_connection);
    connection->write_response_parts(
        m_request_id, {response_parts_attr_t::not_final_parts, response_connection_attr_t::connection_keepalive},
        std::move(group));
    return connection;
  }

  request_id_t request_id() const { return m_request_id; }
};

}  // namespace restinio

namespace ubiety::http {
namespace {

using Request = restinio::request_handle_t::element_type;

constexpr std::string_view request_id_field = "X-Request-ID";

Request& request_in(const std::shared_ptr<void>& request) { return *static_cast<Request*>(request.get()); }

Method method_of(const Request& request) {
  const auto method = request.header().method();
  if (method == restinio::http_method_get()) return Method::get;
  if (method == restinio::http_method_post()) return Method::post;
  if (method == restinio::http_method_head()) return Method::head;
  if (method == restinio::http_method_put()) return Method::put;
  if (method == restinio::http_method_delete()) return Method::delete_;
  if (method == restinio::http_method_options()) return Method::options;
  return Method::other;
}

// White space around a field's value is not part of it (RFC 9112, 5.1).
std::string_view value_in(restinio::string_view_t text) { return trimmed({text.data(), text.size()}); }

// Calls visit(value) for each line of the field.
template <class Visit>
void for_each_line(const Request& request, std::string_view name, Visit visit) {
  request.header().for_each_value_of(restinio::string_view_t(name.data(), name.size()),
                                     [&visit](restinio::string_view_t value) {
                                       visit(value_in(value));
                                       return restinio::http_header_fields_t::continue_enumeration();
                                     });
}

// A server also accepts the absolute form of a target (RFC 9112, 3.2.2).
std::string_view without_authority(std::string_view target) {
  if (target.starts_with('/')) return target;
  const auto scheme = target.find("://");
  if (scheme == std::string_view::npos) return target;
  return target.substr(std::min(target.find_first_of("/?", scheme + 3), target.size()));
}

// The value of Date (RFC 9110, 5.6.7), formatted once a second.
const std::string& date_now() {
  static thread_local std::time_t written_for = 0;
  static thread_local std::string text;
  const auto now = std::time(nullptr);
  if (now != written_for) {
    text = restinio::make_date_field_value(now);
    written_for = now;
  }
  return text;
}

std::size_t size_of_body(const Answer& answer) {
  std::size_t size = answer.body.size();
  for (const auto& piece : answer.more_body) size += piece->size();
  return size;
}

bool has_entity_tag(const Answer& answer) {
  return std::any_of(answer.fields.begin(), answer.fields.end(),
                     [](const HeaderField& field) { return field.name == "ETag"; });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// The head up to the fields that only this exchange has.
std::string head_of(const Answer& answer, std::optional<std::size_t> body_size, bool keep_alive) {
  std::string head;
  head.reserve(384 + answer.body.size());
  head += "HTTP/1.1 ";
  json::append_number(head, answer.status);
  head.append(" ").append(reason_phrase(answer.status)).append("\r\n");
  append_field(head, "Connection", keep_alive ? "keep-alive" : "close");
  // RFC 9110, 8.6: a 204 has no Content-Length, and a 304's would be that of another answer.
  if (body_size && answer.status != 204 && answer.status != 304) {
    head += "Content-Length: ";
    json::append_number(head, *body_size);
    head += "\r\n";
  }
  append_field(head, "Date", date_now());
  if (body_size != std::size_t{0}) append_field(head, "Content-Type", answer.content_type);
  head += "X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\nX-XSS-Protection: 1; mode=block\r\n";
  for (const auto& [name, value] : answer.fields) append_field(head, name, value);
  return head;
}

restinio::response_builder_t<WholeResponse> response_to(Request& request, int status) {
  return request.create_response<WholeResponse>(
      {restinio::http_status_code_t(static_cast<std::uint16_t>(status)), std::string(reason_phrase(status))});
}

std::string chunk_head(std::size_t size) {
  char digits[2 * sizeof size];
  auto* const end = std::to_chars(digits, digits + sizeof digits, size, 16).ptr;
  return std::string(digits, end) + "\r\n";
}

}  // namespace

Exchange::Exchange(std::shared_ptr<void> request, const ExchangeContext& context, SteadyTime began)
    : request_(std::move(request)),
      context_(&context),
      began_(began),
      method_(method_of(request_in(request_))),
      target_(request_in(request_).header().request_target()) {
  const auto local = without_authority(target_);
  const auto question_mark = local.find('?');
  path_ = local.empty() || question_mark == 0 ? std::string_view("/") : local.substr(0, question_mark);
  if (question_mark != std::string_view::npos) query_ = local.substr(question_mark + 1);
  append_request_id(request_id_, field(request_id_field));
}

std::string_view Exchange::body() const { return request_in(request_).body(); }

std::optional<std::string_view> Exchange::field(std::string_view name) const {
  const auto value = request_in(request_).header().opt_value_of(restinio::string_view_t(name.data(), name.size()));
  if (!value) return std::nullopt;
  return value_in(*value);
}

Exchange::Lines Exchange::lines(std::string_view name) const {
  Lines lines;
  for_each_line(request_in(request_), name, [&lines](std::string_view value) {
    if (lines.count++ == 0) lines.first = value;
  });
  return lines;
}

std::string Exchange::list_field(std::string_view name) const {
  std::string list;
  for_each_line(request_in(request_), name, [&list](std::string_view value) {
    if (!list.empty()) list += ',';
    list += value;
  });
  return list;
}

std::uint64_t Exchange::connection() const { return request_in(request_).connection_id(); }

IpAddress Exchange::remote_address() const {
  const auto address = request_in(request_).remote_endpoint().address();
  return {address.is_v6() ? address.to_v6().to_bytes()
                          : asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()).to_bytes()};
}

const IpAddress& Exchange::client_address(const TrustedProxies& proxies) const {
  if (!client_) {
    client_ = remote_address();
    if (!proxies.are_none()) client_ = proxies.client_behind(*client_, list_field("X-Forwarded-For"));
  }
  return *client_;
}

void Exchange::add_field(std::string_view name, std::string_view value) { append_field(added_fields_, name, value); }

std::string Exchange::head_for(const Answer& answer, std::optional<std::size_t> body_bytes, bool keep_alive) const {
  auto head = head_of(answer, body_bytes, keep_alive);
  // The answer is for the holder of the key alone: a cache must not serve it to other clients.
  if (needs_key_) append_field(head, "Cache-Control", has_entity_tag(answer) ? "private, no-cache" : "no-store");
  head += added_fields_;
  append_field(head, request_id_field, request_id_);
  return head += "\r\n";
}

void Exchange::answer(Answer answer) {
  if (pieces_) return finish_pieces({}, false);
  is_answered_ = true;
  auto response = response_to(request_in(request_), answer.status);
  const bool keep_alive = response.keeps_alive() && !answer.close && !context_->is_closing;
  const auto body_bytes = size_of_body(answer);
  const auto now = std::chrono::steady_clock::now();
  for (auto* observer : context_->observers) observer->answered(*this, {answer.status, body_bytes, now});
  auto head = head_for(answer, body_bytes, keep_alive);
  if (method_ == Method::head)
    answer.more_body.clear();
  else
    head += answer.body;
  response.send(std::move(head), std::move(answer.more_body), keep_alive);
}

// -- an answer in pieces --

struct Exchange::Pieces {
  restinio::impl::connection_handle_t connection;
  restinio::request_id_t id;
  int status;
  bool is_chunked;
  bool keep_alive;
  SteadyTime began;
  std::size_t body_bytes = 0;  // so far

  void write(restinio::writable_items_container_t parts, restinio::response_output_flags_t flags,
             restinio::write_status_cb_t written = {}) const {
    restinio::write_group_t group(std::move(parts));
    group.after_write_notificator(std::move(written));
    connection->write_response_parts(id, flags, std::move(group));
  }
};

void Exchange::begin_answer(Answer head, bool takes_chunks) {
  auto response = response_to(request_in(request_), head.status);
  const bool keep_alive = takes_chunks && response.keeps_alive() && !context_->is_closing;
  if (takes_chunks) head.fields.push_back({"Transfer-Encoding", "chunked"});
  auto connection = response.send_head(head_for(head, std::nullopt, keep_alive));
  pieces_ = std::make_shared<Pieces>(Pieces{std::move(connection), response.request_id(), head.status, takes_chunks,
                                            keep_alive, std::chrono::steady_clock::now()});
  if (method_ == Method::head) finish_pieces({}, keep_alive);
}

void Exchange::send_piece(std::string piece, std::function<void(bool is_sent)> sent) {
  send_piece(std::make_shared<const std::string>(std::move(piece)), std::move(sent));
}

void Exchange::send_piece(std::shared_ptr<const std::string> piece, std::function<void(bool is_sent)> sent) {
  pieces_->body_bytes += piece->size();
  restinio::writable_items_container_t parts;
  if (pieces_->is_chunked) parts.emplace_back(chunk_head(piece->size()));
  parts.emplace_back(std::move(piece));
  if (pieces_->is_chunked) parts.emplace_back(std::string("\r\n"));
  pieces_->write(
      std::move(parts),
      {restinio::response_parts_attr_t::not_final_parts, restinio::response_connection_attr_t::connection_keepalive},
      [sent = std::move(sent)](const asio::error_code& error) { sent(!error); });
}

void Exchange::end_answer() {
  finish_pieces(pieces_->is_chunked ? "0\r\n\r\n" : "", pieces_->keep_alive && !context_->is_closing);
}

void Exchange::finish_pieces(std::string last, bool keep_alive) {
  if (std::exchange(is_answered_, true)) return;
  for (auto* observer : context_->observers)
    observer->answered(*this, {pieces_->status, pieces_->body_bytes, pieces_->began});
  restinio::writable_items_container_t parts;
  if (!last.empty()) parts.emplace_back(std::move(last));
  pieces_->write(std::move(parts),
                 {restinio::response_parts_attr_t::final_parts, restinio::response_connection_attr(keep_alive)});
}

void answer_failure(Exchange& exchange, const std::exception& error) {
  log::error("a request failed", {{"reason", error.what()}, {"request_id", exchange.request_id()}});
  if (exchange.is_to_be_answered()) exchange.answer(detail_answer(500, "Internal Server Error"));
}

}  // namespace ubiety::http

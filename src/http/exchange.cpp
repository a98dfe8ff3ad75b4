#include "http/exchange.hpp"

#include <restinio/all.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <ctime>

#include "http/request_id.hpp"

namespace ubiety::http {
namespace {

using Request = restinio::request_handle_t::element_type;

constexpr restinio::string_view_t request_id_field = "X-Request-ID";

std::atomic<bool> closing_all{false};

Request& request_in(const std::shared_ptr<void>& request) { return *static_cast<Request*>(request.get()); }

Method method_of(const Request& request) {
  const auto method = request.header().method();
  if (method == restinio::http_method_get()) return Method::get;
  if (method == restinio::http_method_post()) return Method::post;
  if (method == restinio::http_method_head()) return Method::head;
  if (method == restinio::http_method_options()) return Method::options;
  return Method::other;
}

std::string_view view_of(restinio::string_view_t text) { return {text.data(), text.size()}; }

// RFC 9112, 3.2.2: a server takes the absolute form too.
std::string_view without_authority(std::string_view target) {
  if (target.starts_with('/')) return target;
  const auto scheme = target.find("://");
  if (scheme == std::string_view::npos) return target;
  const auto path = target.find('/', scheme + 3);
  return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

struct ReasonPhrase {
  int status;
  const char* phrase;
};

constexpr std::array<ReasonPhrase, 18> reason_phrases{{{200, "OK"},
                                                       {204, "No Content"},
                                                       {207, "Multi-Status"},
                                                       {304, "Not Modified"},
                                                       {400, "Bad Request"},
                                                       {404, "Not Found"},
                                                       {405, "Method Not Allowed"},
                                                       {408, "Request Timeout"},
                                                       {413, "Content Too Large"},
                                                       {414, "URI Too Long"},
                                                       {415, "Unsupported Media Type"},
                                                       {417, "Expectation Failed"},
                                                       {422, "Unprocessable Content"},
                                                       {431, "Request Header Fields Too Large"},
                                                       {500, "Internal Server Error"},
                                                       {501, "Not Implemented"},
                                                       {503, "Service Unavailable"},
                                                       {505, "HTTP Version Not Supported"}}};

restinio::http_status_line_t status_line(int status) {
  const auto found = std::find_if(reason_phrases.begin(), reason_phrases.end(),
                                  [status](const ReasonPhrase& entry) { return entry.status == status; });
  return {restinio::http_status_code_t(static_cast<std::uint16_t>(status)),
          found == reason_phrases.end() ? "Unknown" : found->phrase};
}

// RFC 9110, 5.6.7. Written anew once a second.
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

// RESTinio keeps every field as two strings of its own. All of ours travel as the value of one, which holds the line
// ends between them: half of the allocations of an answer are saved so.
std::string joined_fields(const Request& request, const Answer& answer, bool has_body) {
  std::string text;
  text.reserve(256);
  text += date_now();
  if (has_body) text += "\r\nContent-Type: application/json";
  text += "\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\nX-XSS-Protection: 1; mode=block";
  for (const auto& field : answer.fields) text.append("\r\n").append(field.name).append(": ").append(field.value);
  text += "\r\nX-Request-ID: ";
  const auto offered = request.header().opt_value_of(request_id_field);
  append_request_id(text, offered ? std::optional(view_of(*offered)) : std::nullopt);
  return text;
}

template <class Builder>
void append_fields(Builder& builder, const Request& request, const Answer& answer, std::size_t body_size) {
  builder.append_header(restinio::http_field_t::date, joined_fields(request, answer, body_size != 0));
  if (answer.close || closing_all.load(std::memory_order_relaxed)) builder.connection_close();
}

std::size_t size_of_body(const Answer& answer) {
  std::size_t size = answer.body.size();
  for (const auto& piece : answer.more_body) size += piece.size();
  return size;
}

}  // namespace

Exchange::Exchange(std::shared_ptr<void> request)
    : request_(std::move(request)),
      method_(method_of(request_in(request_))),
      target_(request_in(request_).header().request_target()) {
  const auto local = without_authority(target_);
  const auto question_mark = local.find('?');
  path_ = local.substr(0, question_mark);
  if (question_mark != std::string_view::npos) query_ = local.substr(question_mark + 1);
}

std::string_view Exchange::body() const { return request_in(request_).body(); }

std::optional<std::string_view> Exchange::field(std::string_view name) const {
  const auto value = request_in(request_).header().opt_value_of(restinio::string_view_t(name.data(), name.size()));
  if (!value) return std::nullopt;
  return view_of(*value);
}

void Exchange::answer(Answer answer) {
  auto& request = request_in(request_);
  const auto body_size = size_of_body(answer);
  // An answer that never has a body must not have a length either (RFC 9110, 8.6); to a HEAD it has the GET's.
  if (method_ == Method::head || answer.status == 204 || answer.status == 304) {
    auto builder = request.create_response<restinio::user_controlled_output_t>(status_line(answer.status));
    append_fields(builder, request, answer, body_size);
    if (answer.status != 204 && answer.status != 304) builder.set_content_length(body_size);
    builder.done();
    return;
  }
  auto builder = request.create_response(status_line(answer.status));
  append_fields(builder, request, answer, body_size);
  builder.set_body(std::move(answer.body));
  for (auto& piece : answer.more_body) builder.append_body(std::make_shared<const Piece>(std::move(piece)));
  builder.done();
}

void Exchange::close_all_connections() { closing_all.store(true, std::memory_order_relaxed); }

}  // namespace ubiety::http

#include "http/resources/static/static_resource.hpp"

#include <stdexcept>
#include <utility>

#include "http/message/header_fields.hpp"
#include "http/message/request_body.hpp"

namespace ubiety::http {
namespace {

// Scripts and style sheets come only from this server and are never inline.
constexpr std::string_view policy_of_dashboard =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// /docs and /redoc create style sheets at run time, Swagger UI's own contain pictures, and ReDoc searches in a worker
// that it creates from its own text.
constexpr std::string_view policy_of_documentation =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::size_t max_file_bytes = 64 * 1024 * 1024;

// The page's file is the same for all devices.
constexpr std::string_view device_page = "/device";

std::string_view policy_of(const StaticFile& page) {
  return page.path == "/" || page.path == device_page ? policy_of_dashboard : policy_of_documentation;
}

// A file whose name is made from its content never changes. Any other may be stored, but must be validated by its tag.
std::string_view caching_of(const StaticFile& file) {
  return file.path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}

// A strong tag: for these bytes in this coding.
std::string entity_tag(const StaticFile& file, bool gzip) {
  std::string tag("\"");
  return tag.append(file.digest).append(gzip ? "-gzip\"" : "\"");
}

std::string inflate(const StaticFile& file) {
  Gunzip gunzip(file.gzipped, max_file_bytes);
  if (gunzip.finish() != Gunzip::Progress::done) throw std::logic_error("a file in the binary is not gzip");
  return gunzip.take();
}

}  // namespace

std::shared_ptr<const std::string> StaticResource::inflated(const StaticFile& file) {
  auto& text = inflated_[&file];
  if (!text) text = std::make_shared<const std::string>(inflate(file));
  return text;
}

void StaticResource::get(Exchange&& exchange) {
  const auto* file = static_file_at(exchange.path());
  if (file == nullptr) return exchange.answer(detail_answer(404, "Not Found"));
  serve(std::move(exchange), *file);
}

void StaticResource::get_dashboard(Exchange&& exchange) {
  if (accepts_html(exchange.list_field("Accept"))) return serve(std::move(exchange), *static_file_at("/"));
  auto answer = detail_answer(404, "Not Found");
  answer.fields.push_back({"Vary", "Accept"});
  exchange.answer(std::move(answer));
}

void StaticResource::get_device_page(Exchange&& exchange) { serve(std::move(exchange), *static_file_at(device_page)); }

void StaticResource::serve(Exchange&& exchange, const StaticFile& file) {
  const bool gzip = accepts_gzip(exchange.list_field("Accept-Encoding"));
  const auto tag = entity_tag(file, gzip);
  const auto precondition = precondition_of(exchange.list_field("If-Match"), exchange.list_field("If-None-Match"), tag);
  if (precondition == Precondition::failed) return exchange.answer(precondition_failed_answer());
  Answer answer;
  answer.content_type = file.content_type;
  if (precondition == Precondition::not_modified) {
    answer.status = 304;
  } else if (gzip) {
    answer.more_body.push_back(std::make_shared<const std::string>(file.gzipped));
    answer.fields.push_back({"Content-Encoding", "gzip"});
  } else {
    answer.more_body.push_back(inflated(file));
  }
  answer.fields.push_back({"ETag", tag});
  answer.fields.push_back({"Vary", file.path == "/" ? "Accept, Accept-Encoding" : "Accept-Encoding"});
  answer.fields.push_back({"Cache-Control", std::string(caching_of(file))});
  if (file.content_type.starts_with("text/html")) {
    answer.fields.push_back({"Content-Security-Policy", std::string(policy_of(file))});
    answer.fields.push_back({"Referrer-Policy", "no-referrer"});
  }
  exchange.answer(std::move(answer));
}

}  // namespace ubiety::http

#include "http/resources/request_body.hpp"

#include <utility>

#include "http/message/gunzip.hpp"

namespace ubiety::http {
namespace {

Result<std::string, Answer> inflate(std::string_view compressed, std::size_t max_bytes) {
  Gunzip gunzip(compressed, max_bytes);
  auto progress = gunzip.advance();
  while (progress == Gunzip::Progress::more) progress = gunzip.advance();
  if (progress == Gunzip::Progress::done) return gunzip.take();
  if (progress == Gunzip::Progress::malformed) return Failure{malformed_gzip_answer()};
  return Failure{detail_answer(413, "Request body is too large without its Content-Encoding")};
}

}  // namespace

Result<ContentCoding, Answer> accepted_coding(std::string_view content_encoding) {
  const auto coding = content_coding_of(content_encoding);
  if (coding != ContentCoding::other) return coding;
  auto answer = detail_answer(415, "the only Content-Encoding is gzip");
  answer.fields.push_back({"Accept-Encoding", "gzip"});  // RFC 9110, 15.5.16
  return Failure{std::move(answer)};
}

Answer malformed_gzip_answer() {
  return detail_answer(400, "the body is not gzip, though its Content-Encoding says so");
}

Result<RequestBody, Answer> RequestBody::of(const Exchange& exchange, std::size_t max_bytes) {
  RequestBody body;
  body.received_ = exchange.body();
  const auto content_encoding = exchange.list_field("Content-Encoding");
  if (content_encoding.empty()) return body;
  auto coding = accepted_coding(content_encoding);
  if (!coding) return Failure{std::move(coding.error())};
  if (*coding == ContentCoding::identity) return body;
  auto inflated = inflate(body.received_, max_bytes);
  if (!inflated) return Failure{std::move(inflated.error())};
  body.inflated_ = std::move(*inflated);
  return body;
}

}  // namespace ubiety::http

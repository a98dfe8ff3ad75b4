#include "http/message/request_body.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace ubiety::http {
namespace {

constexpr int gzip_only = 16 + MAX_WBITS;  // not zlib's own format
constexpr std::size_t piece = 64 * 1024;

Result<std::string, Answer> inflate(std::string_view compressed, std::size_t max_bytes) {
  Gunzip gunzip(compressed, max_bytes);
  const auto progress = gunzip.finish();
  if (progress == Gunzip::Progress::done) return gunzip.take();
  if (progress == Gunzip::Progress::malformed) return Failure{malformed_gzip_answer()};
  return Failure{detail_answer(413, "Request body is too large once decoded")};
}

}  // namespace

Gunzip::Gunzip(std::string_view compressed, std::size_t max_bytes) : max_bytes_(max_bytes) {
  if (inflateInit2(&stream_, gzip_only) != Z_OK) throw std::bad_alloc();
  stream_.next_in =
      const_cast<Bytef*>(reinterpret_cast<const Bytef*>(compressed.data()));  // zlib's interface lacks const
  stream_.avail_in = static_cast<uInt>(compressed.size());
}

Gunzip::~Gunzip() { inflateEnd(&stream_); }

// Inflates up to one byte beyond the bound, to see whether there is more.
Gunzip::Progress Gunzip::advance() {
  const auto before = text_.size();
  text_.resize(std::min(before + piece, max_bytes_ + 1));
  stream_.next_out = reinterpret_cast<Bytef*>(text_.data() + before);
  stream_.avail_out = static_cast<uInt>(text_.size() - before);
  const int code = inflate(&stream_, Z_NO_FLUSH);
  text_.resize(text_.size() - stream_.avail_out);
  if (text_.size() > max_bytes_) return Progress::too_large;
  if (code == Z_STREAM_END) return end_of_member();
  return code == Z_OK && (stream_.avail_in != 0 || stream_.avail_out == 0) ? Progress::more : Progress::malformed;
}

Gunzip::Progress Gunzip::finish() {
  auto progress = advance();
  while (progress == Progress::more) progress = advance();
  return progress;
}

// A gzip file may have several members (RFC 1952, 2.2).
Gunzip::Progress Gunzip::end_of_member() {
  if (stream_.avail_in == 0) return Progress::done;
  return inflateReset(&stream_) == Z_OK ? Progress::more : Progress::malformed;
}

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

Result<RequestBody, Answer> RequestBody::decode(std::string_view received, std::string_view content_encoding,
                                                std::size_t max_bytes) {
  RequestBody body;
  body.received_ = received;
  if (content_encoding.empty()) return body;
  auto coding = accepted_coding(content_encoding);
  if (!coding) return Failure{std::move(coding.error())};
  if (*coding == ContentCoding::identity) return body;
  auto inflated = inflate(received, max_bytes);
  if (!inflated) return Failure{std::move(inflated.error())};
  body.inflated_ = std::move(*inflated);
  return body;
}

}  // namespace ubiety::http

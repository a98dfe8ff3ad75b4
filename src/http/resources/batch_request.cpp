#include "http/resources/batch_request.hpp"

#include "http/message/content_coding.hpp"
#include "http/message/media_type.hpp"
#include "http/message/preference.hpp"

namespace ubiety::http {

Result<BatchRequest, Answer> parse_batch_request(std::optional<std::string_view> content_type,
                                                 std::optional<std::string_view> content_encoding,
                                                 std::optional<std::string_view> prefer) {
  const bool lines = is_ndjson(content_type);
  if (!lines && !is_json(content_type))
    return Failure{detail_answer(415, "the Content-Type has to be application/x-ndjson or application/json")};
  const auto coding = content_coding_of(content_encoding);
  if (coding == ContentCoding::other) {
    auto answer = detail_answer(415, "the only Content-Encoding is gzip");
    answer.fields.push_back({"Accept-Encoding", "gzip"});  // RFC 9110, 15.5.16
    return Failure{std::move(answer)};
  }
  return BatchRequest{lines ? json::BatchForm::lines : json::BatchForm::array, coding == ContentCoding::gzip,
                      prefers_representation(prefer)};
}

}  // namespace ubiety::http

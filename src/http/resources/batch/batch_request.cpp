#include "http/resources/batch/batch_request.hpp"

#include "http/message/header_fields.hpp"
#include "http/resources/request_body.hpp"

namespace ubiety::http {

Result<BatchRequest, Answer> parse_batch_request(std::optional<std::string_view> content_type,
                                                 std::optional<std::string_view> content_encoding,
                                                 std::optional<std::string_view> prefer) {
  const bool lines = is_ndjson(content_type);
  if (!lines && !is_json(content_type)) return Failure{neither_json_nor_ndjson_answer()};
  auto coding = accepted_coding(content_encoding.value_or(""));
  if (!coding) return Failure{std::move(coding.error())};
  return BatchRequest{lines ? json::BatchForm::lines : json::BatchForm::array, *coding == ContentCoding::gzip,
                      prefers_representation(prefer)};
}

}  // namespace ubiety::http

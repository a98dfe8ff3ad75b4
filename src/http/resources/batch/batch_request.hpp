// What a request with a batch of updates says in its header fields. Pure, any thread.
#pragma once

#include <optional>
#include <string_view>

#include "domain/result.hpp"
#include "http/message/answer.hpp"
#include "json/batch_reader.hpp"

namespace ubiety::http {

struct BatchRequest {
  json::BatchForm form = json::BatchForm::lines;
  bool gzip = false;     // the body is compressed
  bool results = false;  // wants what became of each update
};

// The error is a 415.
Result<BatchRequest, Answer> parse_batch_request(std::optional<std::string_view> content_type,
                                                 std::optional<std::string_view> content_encoding,
                                                 std::optional<std::string_view> prefer);

}  // namespace ubiety::http

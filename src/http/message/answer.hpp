// An answer before it is sent: status, fields of its own, body. The fields that every answer has are added when it is.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ubiety::http {

struct HeaderField {
  std::string name;
  std::string value;
};

struct Answer {
  int status = 200;
  std::string_view content_type = "application/json";  // of a body that is not empty; a constant
  std::string body;
  std::vector<std::shared_ptr<const std::string>> more_body;  // after `body`, sent without a copy
  std::vector<HeaderField> fields;                            // of this answer only
  bool close = false;                                         // the connection, after this answer
};

inline Answer json_answer(int status, std::string body) {
  Answer answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

// {"detail":"…"}
Answer detail_answer(int status, std::string_view detail);

// 503 with a Retry-After.
Answer unavailable_answer(std::string_view detail);

// A second or a few, at random: clients that were refused together do not come back together.
void add_retry_after(Answer& answer);

// 412
Answer precondition_failed_answer();

}  // namespace ubiety::http

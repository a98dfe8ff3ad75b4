// An answer before it is sent: its status, its own fields, its body. Exchange::answer adds the fields that every answer
// has. Values; pure functions, any thread.
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
  std::string_view content_type = "application/json";  // of a body that is not empty; a literal
  std::string body;
  std::vector<std::shared_ptr<const std::string>> more_body;  // after `body`, sent without a copy
  std::vector<HeaderField> fields;                            // beside those of every answer
  bool close = false;                                         // ends the connection after this answer
};

inline Answer json_answer(int status, std::string body) {
  Answer answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

// {"detail":"…"}
Answer detail_answer(int status, std::string_view detail);

// 503 with Retry-After.
Answer unavailable_answer(std::string_view detail);

// Adds Retry-After with 1 to 3 seconds, at random: clients that were refused together must not return together.
void add_retry_after(Answer& answer);

// 412.
Answer precondition_failed_answer();

}  // namespace ubiety::http

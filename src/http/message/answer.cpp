#include "http/message/answer.hpp"

#include <random>

#include "json/writer.hpp"

namespace ubiety::http {

Answer detail_answer(int status, std::string_view detail) {
  std::string body = "{\"detail\":";
  json::append_string(body, detail);
  body += '}';
  return json_answer(status, std::move(body));
}

Answer unavailable_answer(std::string_view detail) {
  auto answer = detail_answer(503, detail);
  add_retry_after(answer);
  return answer;
}

void add_retry_after(Answer& answer) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution seconds(1, 3);
  answer.fields.push_back({"Retry-After", std::to_string(seconds(random))});
}

Answer precondition_failed_answer() { return detail_answer(412, "Precondition Failed"); }

}  // namespace ubiety::http

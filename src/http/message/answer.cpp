#include "http/message/answer.hpp"

#include "domain/random.hpp"
#include "json/writer.hpp"

namespace ubiety::http {

Answer detail_answer(int status, std::string_view detail) {
  std::string body;
  json::append_object(body, [&](json::Object& object) { object.member("detail", detail); });
  return json_answer(status, std::move(body));
}

Answer unavailable_answer(std::string_view detail) {
  auto answer = detail_answer(503, detail);
  add_retry_after(answer);
  return answer;
}

void add_retry_after(Answer& answer) {
  answer.fields.push_back({"Retry-After", std::to_string(1 + random_number() % 3)});
}

Answer precondition_failed_answer() { return detail_answer(412, "Precondition Failed"); }

}  // namespace ubiety::http

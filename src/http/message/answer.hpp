// An answer before it is sent: its status, its own fields, its body. Exchange::answer adds the fields that every answer
// has. Values; pure functions, any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/random.hpp"
#include "json/writer.hpp"

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
  std::vector<HeaderField> fields;                            // in addition to those of every answer
  bool close = false;                                         // ends the connection after this answer
};

inline Answer json_answer(int status, std::string body) {
  Answer answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

// {"detail":"…"}
inline Answer detail_answer(int status, std::string_view detail) {
  std::string body;
  json::append_object(body, [&](json::Object& object) { object.member("detail", detail); });
  return json_answer(status, std::move(body));
}

// Adds Retry-After with 1 to 3 seconds, at random: clients that were refused together must not return together.
inline void add_retry_after(Answer& answer) {
  answer.fields.push_back({"Retry-After", std::to_string(1 + random_number() % 3)});
}

// 503 with Retry-After.
inline Answer unavailable_answer(std::string_view detail) {
  auto answer = detail_answer(503, detail);
  add_retry_after(answer);
  return answer;
}

// 412.
inline Answer precondition_failed_answer() { return detail_answer(412, "Precondition Failed"); }

// The status codes that this service answers with, and their reason phrases: RFC 9110, 15; RFC 4918 for 207; RFC 6585
// for 429 and 431.
struct StatusCode {
  int code;
  std::string_view reason_phrase;
};

inline constexpr std::array status_codes{
    StatusCode{200, "OK"},
    StatusCode{201, "Created"},
    StatusCode{204, "No Content"},
    StatusCode{207, "Multi-Status"},
    StatusCode{304, "Not Modified"},
    StatusCode{307, "Temporary Redirect"},
    StatusCode{400, "Bad Request"},
    StatusCode{401, "Unauthorized"},
    StatusCode{403, "Forbidden"},
    StatusCode{404, "Not Found"},
    StatusCode{405, "Method Not Allowed"},
    StatusCode{408, "Request Timeout"},
    StatusCode{409, "Conflict"},
    StatusCode{412, "Precondition Failed"},
    StatusCode{413, "Content Too Large"},
    StatusCode{414, "URI Too Long"},
    StatusCode{415, "Unsupported Media Type"},
    StatusCode{417, "Expectation Failed"},
    StatusCode{422, "Unprocessable Content"},
    StatusCode{429, "Too Many Requests"},
    StatusCode{431, "Request Header Fields Too Large"},
    StatusCode{500, "Internal Server Error"},
    StatusCode{501, "Not Implemented"},
    StatusCode{503, "Service Unavailable"},
    StatusCode{505, "HTTP Version Not Supported"},
};

// The index of `code` in status_codes; their number for any other code.
constexpr std::size_t index_of_status_code(int code) {
  const auto* const found = std::find_if(status_codes.begin(), status_codes.end(),
                                         [code](const StatusCode& known) { return known.code == code; });
  return static_cast<std::size_t>(found - status_codes.begin());
}

// Returns an empty text for a code that is not among status_codes, as RFC 9112, 4 allows.
constexpr std::string_view reason_phrase(int code) {
  const auto index = index_of_status_code(code);
  return index == status_codes.size() ? std::string_view() : status_codes[index].reason_phrase;
}

}  // namespace ubiety::http

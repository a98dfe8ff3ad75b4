// The status codes that this service answers with, and their reason phrases: RFC 9110, 15; RFC 4918 for 207; RFC 6585
// for 429 and 431. Pure functions, any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace ubiety::http {

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

constexpr bool is_status_code(int code) { return index_of_status_code(code) != status_codes.size(); }

// Empty for a code that is not among status_codes, as RFC 9112, 4 allows.
constexpr std::string_view reason_phrase(int code) {
  const auto index = index_of_status_code(code);
  return index == status_codes.size() ? std::string_view() : status_codes[index].reason_phrase;
}

}  // namespace ubiety::http

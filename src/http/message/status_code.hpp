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
  std::string_view text;
  std::string_view reason_phrase;
};

inline constexpr std::array status_codes{
    StatusCode{200, "200", "OK"},
    StatusCode{201, "201", "Created"},
    StatusCode{204, "204", "No Content"},
    StatusCode{207, "207", "Multi-Status"},
    StatusCode{304, "304", "Not Modified"},
    StatusCode{400, "400", "Bad Request"},
    StatusCode{401, "401", "Unauthorized"},
    StatusCode{403, "403", "Forbidden"},
    StatusCode{404, "404", "Not Found"},
    StatusCode{405, "405", "Method Not Allowed"},
    StatusCode{408, "408", "Request Timeout"},
    StatusCode{409, "409", "Conflict"},
    StatusCode{411, "411", "Length Required"},
    StatusCode{413, "413", "Content Too Large"},
    StatusCode{414, "414", "URI Too Long"},
    StatusCode{415, "415", "Unsupported Media Type"},
    StatusCode{417, "417", "Expectation Failed"},
    StatusCode{422, "422", "Unprocessable Content"},
    StatusCode{429, "429", "Too Many Requests"},
    StatusCode{431, "431", "Request Header Fields Too Large"},
    StatusCode{500, "500", "Internal Server Error"},
    StatusCode{501, "501", "Not Implemented"},
    StatusCode{503, "503", "Service Unavailable"},
    StatusCode{505, "505", "HTTP Version Not Supported"},
};

// The place of `code` in status_codes; their number when it is not among them.
constexpr std::size_t index_of_status_code(int code) {
  const auto* const found = std::find_if(status_codes.begin(), status_codes.end(),
                                         [code](const StatusCode& known) { return known.code == code; });
  return static_cast<std::size_t>(found - status_codes.begin());
}

constexpr bool is_status_code(int code) { return index_of_status_code(code) != status_codes.size(); }

// Empty for a code that is not among status_codes, as RFC 9112, 4 allows.
constexpr std::string_view reason_phrase(int code) {
  return is_status_code(code) ? status_codes[index_of_status_code(code)].reason_phrase : std::string_view();
}

}  // namespace ubiety::http

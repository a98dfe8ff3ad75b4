// Reads the header fields that the service acts on. Pure functions, any thread; an absent field is nullopt, or empty
// where the parameter is a plain string.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ip_address.hpp"
#include "domain/text.hpp"
#include "http/message/answer.hpp"

namespace ubiety::http {

// Accept (RFC 9110, 12.5.1): whether an HTML page is accepted. The narrowest range that holds text/html decides. A
// client without Accept is not a browser.
bool accepts_html(std::string_view accept);

// Accept-Encoding (RFC 9110, 12.5.3): whether gzip is accepted, by its name or by `*`, with a weight above 0.
bool accepts_gzip(std::optional<std::string_view> accept_encoding);

// Content-Encoding (RFC 9110, 8.4), of all its lines. A body with two codings is `other`.
enum class ContentCoding { identity, gzip, other };
ContentCoding content_coding_of(std::string_view content_encoding);

// Content-Type: application/json or application/…+json, in any case and with any parameters; or none at all.
bool is_json(std::optional<std::string_view> content_type);
// application/x-ndjson or one of its other names: a JSON document on each line.
bool is_ndjson(std::optional<std::string_view> content_type);
// 415 where only JSON is accepted, and where NDJSON is accepted too. Accept lists the media types (RFC 9110, 15.5.16).
Answer not_json_answer();
Answer neither_json_nor_ndjson_answer();

// Prefer (RFC 7240): whether it has return=representation. The first preference for `return` counts.
bool prefers_representation(std::optional<std::string_view> prefer);

enum class Precondition {
  holds,
  not_modified,  // 304: the client has the current representation
  failed,        // 412
};
// If-Match and If-None-Match of a GET or HEAD whose answer has the strong entity tag `tag`. If-Match is evaluated
// first, by the strong comparison; If-None-Match by the weak one (RFC 9110, 13.2.2).
Precondition precondition_of(std::string_view if_match, std::string_view if_none_match, std::string_view tag);

// X-Request-ID: appends the client's id if it has 1 to 128 visible ASCII characters, else a new one of 32 hexadecimal
// digits.
void append_request_id(std::string& out, std::optional<std::string_view> offered);

// X-Forwarded-For: finds the client's address behind trusted proxies. The field can be forged unless a trusted proxy
// sent it, so it counts only then; the rightmost address in it that is not itself a trusted proxy is the client.
class TrustedProxies {
 public:
  explicit TrustedProxies(std::vector<IpRange> ranges) : ranges_(std::move(ranges)) {}

  bool are_none() const { return ranges_.empty(); }

  // The client behind `peer`, the other end of the connection. `forwarded_for` is the whole list, from all lines: some
  // proxies add a line of their own below the client's. A malformed entry ends the search: no trusted proxy wrote what
  // is left of it.
  IpAddress client_behind(const IpAddress& peer, std::string_view forwarded_for) const;

 private:
  bool contain(const IpAddress& address) const;

  std::vector<IpRange> ranges_;
};

// The elements of a list field (RFC 9110, 5.6.1).

// Calls visit(part) for each part of `text` between separators, without the blanks around it, while that returns true.
template <class Visit>
void for_each_part(std::string_view text, char separator, Visit visit) {
  for (;;) {
    const auto end = std::min(text.find(separator), text.size());
    if (!visit(trimmed(text.substr(0, end))) || end == text.size()) return;
    text.remove_prefix(end + 1);
  }
}

// Calls visit(element) for each element of a list field, but empty ones, which are ignored (RFC 9110, 5.6.1.2).
template <class Visit>
void for_each_element(std::string_view list, Visit visit) {
  for_each_part(list, ',', [&visit](std::string_view element) {
    if (!element.empty()) visit(element);
    return true;
  });
}

// Calls visit(name, is_accepted) for each choice of an Accept or Accept-Encoding. A choice with a weight of 0 is not
// accepted (RFC 9110, 12.4.2).
template <class Visit>
void for_each_choice(std::string_view list, Visit visit) {
  for_each_element(list, [&visit](std::string_view choice) {
    bool is_accepted = true;
    for_each_part(choice, ';', [&is_accepted](std::string_view part) {
      const bool is_weight = part.size() > 2 && ascii::equal_ignoring_case(part.substr(0, 2), "q=");
      if (is_weight && part.find_first_not_of("0.", 2) == std::string_view::npos) is_accepted = false;
      return true;
    });
    visit(trimmed(choice.substr(0, choice.find(';'))), is_accepted);
  });
}

}  // namespace ubiety::http

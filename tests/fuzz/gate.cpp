// However the bytes of a connection are cut, the gate lets the same through: the same requests, and a refusal after
// them or none. The first three bytes of the input are the lengths of the parts, less one, the others the connection's.
//
// The reason of a refusal is not compared: of two faults in a head, the one that is seen first depends on the cut.
#include <http_parser.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "fuzzing.hpp"
#include "http/http1/request_gate.hpp"

using namespace ubiety;
using namespace ubiety::http::gate;

namespace {

// Small, so that every limit is reached.
GateLimits small_limits() {
  GateLimits limits;
  limits.max_target_bytes = 40;
  limits.max_head_bytes = 200;
  limits.max_header_count = 5;
  limits.max_body_bytes = 60;
  return limits;
}

const GateLimits limits = small_limits();

// A gate as a connection uses it; what it lets through is gathered.
class Connection {
 public:
  void read(std::string_view bytes) {
    std::vector<char> buffer(bytes.begin(), bytes.end());
    const bool was_refused = gate_.is_refused();
    const auto size_before = delivered_.size();
    const std::size_t size = gate_.filter(buffer);
    fuzz::require(size <= buffer.size(), "no more is let through than came");
    delivered_.append(buffer.data(), size);
    take();
    fuzz::require(!was_refused || delivered_.size() == size_before, "nothing follows a refusal");
  }

  void end() {
    gate_.end_of_input();
    take();
  }

  // The requests, without the one that stands in for a refused one.
  std::string_view requests() const { return std::string_view(delivered_).substr(0, stand_in_at()); }
  std::string_view stand_in() const { return std::string_view(delivered_).substr(stand_in_at()); }

 private:
  // Smaller than what is held, as RESTinio's buffer is.
  void take() {
    std::array<char, 7> part;
    while (gate_.has_ready()) delivered_.append(part.data(), gate_.take(part));
  }

  // The stand-in is the last request: a request line with a reason, and fields without one.
  std::size_t stand_in_at() const {
    if (!gate_.is_refused()) return delivered_.size();
    for (auto star = delivered_.rfind('*'); star != std::string::npos && star != 0;
         star = delivered_.rfind('*', star - 1)) {
      const auto target = std::string_view(delivered_).substr(star, delivered_.find(' ', star) - star);
      const std::string_view before = std::string_view(delivered_).substr(0, star);
      if (!parse_refusal_target(target)) continue;
      if (before.ends_with("GET ")) return star - 4;
      if (before.ends_with("HEAD ")) return star - 5;
    }
    fuzz::require(false, "a refusal is a GET or a HEAD with a reason");
    return 0;
  }

  RequestGate gate_{limits};
  std::string delivered_;
};

struct Passed {
  std::string requests;
  std::string stand_in;

  bool is_refused() const { return !stand_in.empty(); }
  bool is_head() const { return stand_in.starts_with("HEAD"); }
};

// Hands the bytes over in parts of the lengths, one after the other and from the first again.
Passed pass(std::string_view bytes, const std::vector<std::size_t>& lengths) {
  Connection connection;
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    const auto size = std::min(bytes.size(), lengths[i % lengths.size()]);
    connection.read(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  connection.end();
  return {std::string(connection.requests()), std::string(connection.stand_in())};
}

// http_parser, which RESTinio uses, takes what the gate lets through as whole requests. One that were left open would
// take the next, or a refusal's stand-in, for the rest of a body.
void require_http_parser_takes(const std::string& requests) {
  http_parser_settings settings;
  http_parser_settings_init(&settings);
  settings.on_message_complete = [](http_parser* parser) {
    http_parser_pause(parser, 1);
    return 0;
  };
  for (std::size_t at = 0; at < requests.size();) {
    http_parser parser;
    http_parser_init(&parser, HTTP_REQUEST);
    at += http_parser_execute(&parser, &settings, requests.data() + at, requests.size() - at);
    const auto error = HTTP_PARSER_ERRNO(&parser);
    fuzz::require(error == HPE_PAUSED, "http_parser takes each request to its end");
    fuzz::require(parser.upgrade == 0, "nothing is an upgrade to http_parser");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::vector<std::size_t> cuts{data[0] + 1u, data[1] + 1u, data[2] + 1u};
  const auto bytes = fuzz::text_of(data + 3, size - 3);
  const auto whole = pass(bytes, {std::max<std::size_t>(bytes.size(), 1)});
  for (const auto& cut : {pass(bytes, {1}), pass(bytes, cuts)}) {
    fuzz::require(cut.requests == whole.requests, "the cut does not change the requests");
    fuzz::require(cut.is_refused() == whole.is_refused(), "the cut does not change whether there is a refusal");
    fuzz::require(cut.is_head() == whole.is_head(), "the cut does not change the method of a refusal");
  }

  constexpr std::size_t longest_stand_in = 80;
  fuzz::require(whole.requests.size() <= bytes.size() && whole.stand_in.size() <= longest_stand_in + bytes.size(),
                "no more goes out than came in");
  const auto again = pass(whole.requests, {std::max<std::size_t>(whole.requests.size(), 1)});
  fuzz::require(!again.is_refused() && again.requests == whole.requests, "what was let through is let through");
  require_http_parser_takes(whole.requests);
  return 0;
}

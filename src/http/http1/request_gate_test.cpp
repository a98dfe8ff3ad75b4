#include "http/http1/request_gate.hpp"

#include <gtest/gtest.h>
#include <http_parser.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "support/gate_cases.hpp"

namespace ubiety::http::gate {
namespace {

const std::string kGoodRequest = "POST /good HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";

// A gate as a connection uses it; what it lets through is gathered.
class Connection {
 public:
  explicit Connection(const GateLimits& limits = case_limits()) : limits_(limits) {}

  void read(std::string_view bytes) {
    std::string buffer(bytes);
    const std::size_t size = gate_.filter(buffer);
    delivered_.append(buffer, 0, size);
    take();
  }

  void end() {
    gate_.end_of_input();
    take();
  }

  void end_time() {
    gate_.end_of_time();
    take();
  }

  // Smaller than what is held, as RESTinio's buffer is.
  void take() {
    std::array<char, 7> part;
    while (gate_.has_ready()) delivered_.append(part.data(), gate_.take(part));
  }

  const std::string& delivered() const { return delivered_; }
  RequestGate& gate() { return gate_; }

 private:
  const GateLimits limits_;
  RequestGate gate_{limits_};
  std::string delivered_;
};

std::string pass_whole(const std::string& input) {
  Connection connection;
  connection.read(input);
  return connection.delivered();
}

std::string pass_in_two(const std::string& input, std::size_t cut) {
  Connection connection;
  connection.read(std::string_view(input).substr(0, cut));
  connection.read(std::string_view(input).substr(cut));
  return connection.delivered();
}

std::string pass_by_bytes(const std::string& input) {
  Connection connection;
  for (const char& byte : input) connection.read({&byte, 1});
  return connection.delivered();
}

void expect_however_cut(const std::string& input, const std::string& output) {
  SCOPED_TRACE(testing::PrintToString(input));
  ASSERT_EQ(pass_whole(input), output);
  ASSERT_EQ(pass_by_bytes(input), output);
  for (std::size_t cut = 1; cut < input.size(); ++cut) ASSERT_EQ(pass_in_two(input, cut), output) << "cut at " << cut;
}

std::string stand_in_for(const GateCase& bad) { return stand_in_request(*bad.refusal, bad.input.starts_with("HEAD")); }

TEST(RequestGate, passes_good_requests) {
  for (const GateCase& good : good_cases()) expect_however_cut(good.input, good.output);
}

TEST(RequestGate, passes_pipelined_requests) {
  for (const GateCase& good : good_cases()) {
    expect_however_cut(kGoodRequest + good.input + kGoodRequest, kGoodRequest + good.output + kGoodRequest);
    expect_however_cut(good.input + good.input, good.output + good.output);
  }
}

TEST(RequestGate, replaces_bad_requests) {
  for (const GateCase& bad : bad_cases()) expect_however_cut(bad.input, stand_in_for(bad));
}

TEST(RequestGate, answers_in_order_and_delivers_nothing_after_a_refusal) {
  for (const GateCase& bad : bad_cases()) {
    expect_however_cut(kGoodRequest + bad.input, kGoodRequest + stand_in_for(bad));
    expect_however_cut(kGoodRequest + bad.input + kGoodRequest, kGoodRequest + stand_in_for(bad));
    expect_however_cut(bad.input + kGoodRequest, stand_in_for(bad));
  }
}

// A HEAD must not be answered with a body.
TEST(RequestGate, stands_in_with_head_for_head) {
  expect_however_cut("HEAD / HTTP/1.1\r\nA : b\r\n\r\n", "HEAD *400/bad-field-name HTTP/1.1\r\n\r\n");
  expect_however_cut(line("HEAD / HTTP/1.2"), "HEAD *505/unknown-version HTTP/1.1\r\n\r\n");
  expect_however_cut(line("HEAD /" + times(200, "a") + " HTTP/1.1"), "HEAD *414/target-too-long HTTP/1.1\r\n\r\n");
}

// The first fault is the reason, and the fields before and behind it say how to answer.
TEST(RequestGate, reads_a_faulty_head_to_its_end) {
  const std::string fields = "X-Request-ID: a\r\nOrigin: http://b\r\n";
  for (const GateCase& bad :
       {GateCase{line("GET * HTTP/1.1"), Reason::bad_target}, GateCase{line("GET / HTTP/2.0"), Reason::unknown_version},
        GateCase{line("BREW / HTTP/1.1"), Reason::unknown_method},
        GateCase{line("CONNECT x:80 HTTP/1.1"), Reason::connect},
        GateCase{line("GET /" + times(300, "a") + " HTTP/1.1"), Reason::target_too_long},
        GateCase{get_with("Content-Length: 101\r\n"), Reason::body_too_large},
        GateCase{get_with("Content-Length: x\r\nA B\r\n"), Reason::bad_content_length},
        GateCase{get_with(" folded\r\n"), Reason::folded_field},
        GateCase{get_with("Host: y\r\nExpect: z\r\n"), Reason::repeated_host},
        GateCase{get_with(times(15, "A: b\r\n")), Reason::too_many_fields},
        GateCase{"GET / HTTP/1.1\r\n\r\n", Reason::missing_host}}) {
    const std::string behind = bad.input.substr(0, bad.input.size() - 2) + fields + "\r\n";
    const std::size_t at = bad.input.find("\r\n") + 2;
    const std::string before = bad.input.substr(0, at) + fields + bad.input.substr(at);
    const std::string stand_in = stand_in_request(*bad.refusal, false, fields);
    expect_however_cut(behind, stand_in);
    expect_however_cut(before, stand_in);
  }
}

TEST(RequestGate, answers_an_unreadable_head_at_once) {
  Connection connection;
  connection.read("GET / HTTP/1.1\r\nX-Request-ID: a\r\nA: b\n");
  EXPECT_EQ(connection.delivered(), stand_in_request(Reason::bare_lf, false, "X-Request-ID: a\r\n"));

  // A body that was sent without a length.
  Connection behind;
  behind.read("POST /a HTTP/1.1\r\nHost: x\r\n\r\n{\"a\":1}");
  EXPECT_TRUE(behind.delivered().ends_with(stand_in_request(Reason::bad_request_line, false)));
}

TEST(RequestGate, knows_the_fields_of_a_refused_body) {
  const std::string head = "POST /a HTTP/1.1\r\nX-Request-ID: a\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  expect_however_cut(head + "1\r\nxx", stand_in_request(Reason::bad_chunk, false, "X-Request-ID: a\r\n"));
  Connection connection;
  connection.read(head + "3\r\nab");
  connection.end();
  EXPECT_EQ(connection.delivered(), stand_in_request(Reason::truncated, false, "X-Request-ID: a\r\n"));
}

// Nothing comes behind such a head.
TEST(RequestGate, asks_for_no_body_where_there_is_none) {
  Connection connection;
  connection.read("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_FALSE(connection.gate().take_continue_request());
}

TEST(RequestGate, holds_back_an_incomplete_body) {
  Connection connection;
  connection.read(kGoodRequest + kGoodRequest.substr(0, kGoodRequest.size() - 1));
  EXPECT_EQ(connection.delivered(), kGoodRequest);
}

TEST(RequestGate, takes_the_rest_of_a_body_into_its_room) {
  GateLimits large = case_limits();
  large.max_body_bytes = 1024 * 1024;
  const std::string request = post_of("/a", 300'000);
  for (const std::size_t part : {1'000u, 10'000u, 1'000'000u}) {
    Connection connection(large);
    connection.read(kGoodRequest + request.substr(0, 500));
    std::size_t at = 500;
    for (auto room = connection.gate().room(); !room.empty(); room = connection.gate().room()) {
      const std::size_t size = std::min({part, room.size(), request.size() - at});
      EXPECT_LE(room.size(), std::max<std::size_t>(at, 8 * 1024)) << "more than was sent";
      std::copy_n(request.data() + at, size, room.data());
      EXPECT_TRUE(connection.gate().fill(size));
      at += size;
    }
    EXPECT_EQ(at, request.size());
    connection.take();
    EXPECT_EQ(connection.delivered(), kGoodRequest + request);
    connection.read(kGoodRequest);
    EXPECT_EQ(connection.delivered(), kGoodRequest + request + kGoodRequest);
  }
}

TEST(RequestGate, has_room_for_nothing_but_a_body) {
  for (const std::string& input : {std::string(), kGoodRequest, kGoodRequest.substr(0, 20), chunked("3\r\n")}) {
    Connection connection;
    connection.read(input);
    EXPECT_TRUE(connection.gate().room().empty());
    EXPECT_FALSE(connection.gate().fill(0));
  }
}

TEST(RequestGate, refuses_a_body_whose_room_stays_empty) {
  Connection connection;
  connection.read(post_of("/a", 100).substr(0, 80));
  EXPECT_FALSE(connection.gate().room().empty());
  EXPECT_TRUE(connection.gate().fill(0));
  connection.end_time();
  EXPECT_EQ(connection.delivered(), stand_in_request(Reason::late_body, false));
}

TEST(RequestGate, holds_back_an_incomplete_head) {
  Connection connection;
  connection.read("GET / HTTP/1.1\r\nHost: x\r\n\r");
  EXPECT_EQ(connection.delivered(), "");
}

TEST(RequestGate, refuses_what_is_cut_off_by_the_end_of_input) {
  for (const std::string& request : {kGoodRequest, chunked("3\r\nabc\r\n0\r\n\r\n")}) {
    for (std::size_t size = 1; size < request.size(); ++size) {
      Connection connection;
      connection.read(request.substr(0, size));
      connection.end();
      EXPECT_EQ(connection.delivered(), stand_in_request(Reason::truncated, false)) << size;
    }
  }
}

TEST(RequestGate, refuses_what_is_late) {
  for (const std::string& request : {kGoodRequest, chunked("3\r\nabc\r\n0\r\n\r\n")}) {
    const std::size_t head_size = request.find("\r\n\r\n") + 4;
    for (std::size_t size = 1; size < request.size(); ++size) {
      Connection connection;
      connection.read(kGoodRequest + request.substr(0, size));
      connection.end_time();
      const Reason reason = size < head_size ? Reason::late_head : Reason::late_body;
      EXPECT_EQ(connection.delivered(), kGoodRequest + stand_in_request(reason, false)) << size;
      connection.read(request.substr(size));
      connection.end_time();
      connection.end();
      EXPECT_EQ(connection.delivered(), kGoodRequest + stand_in_request(reason, false)) << size;
    }
  }
}

TEST(RequestGate, refuses_nothing_when_nothing_has_begun) {
  for (const std::string& input : {std::string(), kGoodRequest, kGoodRequest + "\r\n"}) {
    Connection connection;
    connection.read(input);
    const std::string delivered = connection.delivered();
    connection.end_time();
    EXPECT_EQ(connection.delivered(), delivered);
    connection.read(kGoodRequest);
    EXPECT_EQ(connection.delivered(), input + kGoodRequest) << "it was in time after all";
  }
}

TEST(RequestGate, awaits_one_thing_after_the_other) {
  for (const std::string& request : {kGoodRequest, chunked("3\r\nabc\r\n0\r\n\r\n")}) {
    const std::size_t head_size = request.find("\r\n\r\n") + 4;
    Connection connection;
    EXPECT_EQ(connection.gate().awaited(), Awaited::head) << "of the first request";
    for (int round = 0; round < 3; ++round) {
      for (std::size_t size = 1; size < request.size(); ++size) {
        connection.read(request.substr(size - 1, 1));
        ASSERT_EQ(connection.gate().awaited(), size < head_size ? Awaited::head : Awaited::body) << size;
      }
      connection.read(request.substr(request.size() - 1));
      EXPECT_EQ(connection.gate().awaited(), Awaited::request);
    }
  }
}

TEST(RequestGate, takes_the_end_of_input_between_requests) {
  for (const std::string& input : {std::string(), kGoodRequest, kGoodRequest + "\r\n", chunked("0\r\n\r\n")}) {
    Connection connection;
    connection.read(input);
    const std::string delivered = connection.delivered();
    connection.end();
    EXPECT_EQ(connection.delivered(), delivered);
  }
}

// A byte of it a read; quadratic work would take minutes.
TEST(RequestGate, takes_a_dripping_head_in_linear_time) {
  GateLimits limits;
  limits.max_head_bytes = 1024 * 1024;
  Connection connection(limits);
  const std::string request = get_with("A: " + times(1000 * 1000, "b") + "\r\n");
  for (const char& byte : request) connection.read({&byte, 1});
  EXPECT_EQ(connection.delivered(), request);
}

TEST(RequestGate, asks_for_continue_once_and_only_for_a_client_that_waits) {
  const std::string head = get_with("Expect: 100-continue\r\nContent-Length: 1\r\n");
  Connection connection;
  connection.read(head.substr(0, 20));
  EXPECT_FALSE(connection.gate().take_continue_request());
  connection.read(head.substr(20));
  EXPECT_TRUE(connection.gate().take_continue_request());
  EXPECT_FALSE(connection.gate().take_continue_request());

  Connection with_body;
  with_body.read(head + "a");
  EXPECT_FALSE(with_body.gate().take_continue_request());

  Connection behind_another;
  behind_another.read(kGoodRequest + head);
  EXPECT_FALSE(behind_another.gate().take_continue_request());
}

TEST(RequestGate, asks_for_continue_on_later_requests_only_when_they_come_one_at_a_time) {
  const std::string head = get_with("Expect: 100-continue\r\nContent-Length: 1\r\n");
  for (const bool one_at_a_time : {false, true}) {
    GateLimits limits = case_limits();
    limits.one_request_at_a_time = one_at_a_time;
    Connection connection(limits);
    connection.read(kGoodRequest);
    connection.read(head);
    EXPECT_EQ(connection.gate().take_continue_request(), one_at_a_time);
  }
}

// What http_parser, which RESTinio uses, makes of a stream.
struct Parsed {
  int messages = 0;
  bool is_upgrade = false;
  bool is_error = false;
};

Parsed parse(const std::string& stream) {
  Parsed parsed;
  http_parser_settings settings;
  http_parser_settings_init(&settings);
  settings.on_message_complete = [](http_parser* parser) {
    auto& result = *static_cast<Parsed*>(parser->data);
    ++result.messages;
    result.is_upgrade = result.is_upgrade || parser->upgrade != 0;
    http_parser_pause(parser, 1);
    return 0;
  };
  std::size_t at = 0;
  while (at < stream.size() && !parsed.is_error) {
    http_parser parser;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &parsed;
    at += http_parser_execute(&parser, &settings, stream.data() + at, stream.size() - at);
    const auto error = HTTP_PARSER_ERRNO(&parser);
    parsed.is_error = error != HPE_PAUSED;
  }
  return parsed;
}

// Two readers that see the same messages cannot be played off against each other.
TEST(RequestGate, lets_http_parser_see_the_same_messages) {
  for (const GateCase& good : good_cases()) {
    const Parsed parsed = parse(good.output + kGoodRequest + good.output + kGoodRequest);
    EXPECT_EQ(parsed.messages, 4) << good.output;
    EXPECT_FALSE(parsed.is_upgrade) << good.output;
    EXPECT_FALSE(parsed.is_error) << good.output;
  }
  for (const GateCase& bad : bad_cases()) EXPECT_EQ(parse(stand_in_for(bad)).messages, 1);
}

}  // namespace
}  // namespace ubiety::http::gate

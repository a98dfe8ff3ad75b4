#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

class Connection : public ServiceTest {
 protected:
  bool is_open() { return client_.get("/health/live").status == 200; }
};

TEST_F(Connection, stays_after_an_error) {
  const auto report = Report{.device_id = fresh_device()}.json();
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(client_.post("/status", "nonsense").status, 400);
    EXPECT_EQ(client_.post("/status", "{}").status, 422);
    EXPECT_EQ(client_.get("/status/never-seen").status, 404);
    EXPECT_EQ(client_.get("/status/%zz").status, 400);
    EXPECT_EQ(client_.get("/unknown").status, 404);
    EXPECT_EQ(client_.request("PUT", "/status", {}, report).status, 405);
    EXPECT_EQ(client_.request("POST", "/status", {{"Content-Type", "text/plain"}}, report).status, 415);
    EXPECT_EQ(client_.post("/unknown", report).status, 404);
    EXPECT_EQ(client_.post("/status", report).status, 200);
  }
  EXPECT_TRUE(is_open());
}

TEST_F(Connection, answers_in_the_order_of_the_requests) {
  const auto device = fresh_device();
  const auto post = format_request("a", "POST", "/status", {}, Report{.device_id = device}.json());
  const auto get = [&](std::string_view target) { return format_request("a", "GET", target); };
  client_.send_raw(post + get("/status/" + device) + get("/unknown") + post + get("/health/live") +
                   format_request("a", "HEAD", "/status/summary") + get("/status/" + device + "/history"));
  EXPECT_EQ(Json(client_.read_response().body)["status"].text(), "success");
  EXPECT_EQ(Json(client_.read_response().body)["device_id"].text(), device);
  EXPECT_EQ(client_.read_response().status, 404);
  EXPECT_EQ(Json(client_.read_response().body)["status"].text(), "success");
  EXPECT_EQ(client_.read_response().status, 200);
  EXPECT_EQ(client_.read_response(true).status, 200);
  EXPECT_EQ(Json(client_.read_response().body)["total_records"].integer(), 1);
  EXPECT_TRUE(is_open());
}

TEST_F(Connection, takes_hundreds_of_requests_at_once) {
  const auto device = fresh_device();
  std::string together;
  for (int i = 0; i < 400; ++i)
    together += format_request("a", "POST", "/status", {}, Report{.device_id = device, .rssi = -i % 161}.json());
  client_.send_raw(together);
  for (int i = 0; i < 400; ++i) ASSERT_EQ(client_.read_response().status, 200);
  EXPECT_EQ(Json(client_.get("/status/" + device + "/history").body)["total_records"].integer(), 161);
}

TEST_F(Connection, takes_a_request_in_two_pieces_cut_anywhere) {
  const auto request = format_request("a", "POST", "/status", {{"Content-Type", "application/json"}},
                                      Report{.device_id = fresh_device()}.json());
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    client_.send_raw(request.substr(0, cut));
    // Another connection's answer stands between the pieces, so that they arrive apart.
    ASSERT_EQ(HttpClient(service_.port()).get("/health/live").status, 200);
    client_.send_raw(request.substr(cut));
    ASSERT_EQ(client_.read_response().status, 200) << cut;
  }
}

TEST_F(Connection, takes_a_request_cut_anywhere_behind_one_that_is_answered_at_once) {
  const auto first = format_request("a", "GET", "/unknown");
  const auto second = format_request("a", "POST", "/status", {}, Report{.device_id = fresh_device()}.json());
  for (std::size_t cut = 1; cut < second.size(); ++cut) {
    HttpClient client(service_.port(), std::chrono::seconds{5});
    client.send_raw(first + second.substr(0, cut));
    ASSERT_EQ(client.read_response().status, 404) << cut;
    client.send_raw(second.substr(cut));
    ASSERT_EQ(client.read_response().status, 200) << cut;
    ASSERT_EQ(client.get("/health/live").status, 200) << cut;
  }
}

TEST_F(Connection, takes_no_body_for_a_request) {
  const auto device = fresh_device("smuggled");
  const auto body = format_request("a", "POST", "/status", {}, Report{.device_id = device}.json());
  const auto request = format_request("a", "POST", "/status", {}, body);
  client_.send_raw(format_request("a", "GET", "/unknown") + request.substr(0, request.size() - body.size()));
  EXPECT_EQ(client_.read_response().status, 404);
  client_.send_raw(body);
  EXPECT_EQ(client_.read_response().status, 400);
  EXPECT_EQ(client_.get("/status/" + device).status, 404) << "the body ran as a request";
}

TEST_F(Connection, takes_requests_of_every_kind_in_every_order) {
  const auto post = format_request("a", "POST", "/status", {}, Report{.device_id = fresh_device()}.json());
  const std::vector<std::pair<std::string, int>> kinds{{post, 200},
                                                       {format_request("a", "GET", "/health/live"), 200},
                                                       {format_request("a", "GET", "/status/never-seen"), 404},
                                                       {format_request("a", "POST", "/status", {}, "nonsense"), 400}};
  for (std::size_t order = 0; order < 1024; ++order) {
    HttpClient client(service_.port(), std::chrono::seconds{5});
    std::string together;
    for (std::size_t i = 0, digits = order; i < 5; ++i, digits /= 4) together += kinds[digits % 4].first;
    client.send_raw(together);
    for (std::size_t i = 0, digits = order; i < 5; ++i, digits /= 4)
      ASSERT_EQ(client.read_response().status, kinds[digits % 4].second) << "order " << order << ", request " << i;
  }
}

TEST_F(Connection, ends_when_the_client_asks_for_it) {
  EXPECT_EQ(client_.request("GET", "/health/live", {{"Connection", "close"}}).status, 200);
  EXPECT_TRUE(client_.is_closed_by_server());
}

TEST_F(Connection, ends_after_an_answer_in_http_1_0) {
  client_.send_raw("GET /health/live HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client_.read_response().status, 200);
  EXPECT_TRUE(client_.is_closed_by_server());
}

TEST_F(Connection, answers_what_came_before_the_client_stopped_sending) {
  const auto request = format_request("a", "POST", "/status", {}, Report{.device_id = fresh_device()}.json());
  client_.send_raw(request + request);
  client_.close_sending();
  EXPECT_EQ(client_.read_response().status, 200);
  EXPECT_EQ(client_.read_response().status, 200);
  EXPECT_TRUE(client_.is_closed_by_server());
}

TEST_F(Connection, hurts_no_other_when_its_client_leaves) {
  const auto device = fresh_device();
  for (int i = 0; i < 50; ++i) {
    HttpClient leaving(service_.port());
    leaving.send_raw(format_request("a", "POST", "/status", {}, Report{.device_id = device}.json())
                         .substr(0, 40u + 4u * static_cast<unsigned>(i)));
  }
  EXPECT_TRUE(is_open());
}

TEST_F(Connection, is_served_among_many) {
  std::vector<HttpClient> clients;
  for (int i = 0; i < 200; ++i) clients.emplace_back(service_.port());
  for (auto& client : clients)
    client.send_raw(format_request("a", "POST", "/status", {}, Report{.device_id = fresh_device()}.json()));
  for (auto& client : clients) EXPECT_EQ(client.read_response().status, 200);
}

}  // namespace
}  // namespace ubiety::test

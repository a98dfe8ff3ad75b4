#include "http/http1/exchange.hpp"

#include <gtest/gtest.h>
#include <restinio/all.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ubiety::http {
namespace {

// Keeps the answers that a socket would send.
class Connection final : public restinio::impl::connection_base_t {
 public:
  Connection() : connection_base_t(1) {}

  void write_response_parts(restinio::request_id_t, restinio::response_output_flags_t flags,
                            restinio::write_group_t group) override {
    is_final = flags.m_response_parts == restinio::response_parts_attr_t::final_parts;
    closes = flags.m_response_connection == restinio::response_connection_attr_t::connection_close;
    auto& answer = answers.emplace_back();
    for (const auto& item : group.items())
      answer.append(static_cast<const char*>(item.buf().data()), item.buf().size());
  }
  void check_timeout(std::shared_ptr<restinio::tcp_connection_ctx_base_t>&) override {}

  std::vector<std::string> answers;       // or their parts
  bool is_final = false, closes = false;  // as the last part says
};

class ExchangeTest : public ::testing::Test {
 protected:
  Exchange exchange(restinio::http_method_id_t method = restinio::http_method_get(), const std::string& target = "/") {
    restinio::http_request_header_t header(method, target);
    header.should_keep_alive(true);
    header.set_field("X-Request-ID", " mine\t");
    header.add_field("Accept", "text/html");
    header.add_field("Accept", " */*");
    restinio::no_extra_data_factory_t no_data;
    return {std::make_shared<restinio::request_t>(restinio::request_id_t{}, std::move(header), "a body", connection_,
                                                  restinio::endpoint_t{}, no_data),
            context_, SteadyTime{}};
  }

  // The only answer so far.
  std::string answer() const {
    EXPECT_EQ(connection_->answers.size(), 1u);
    return connection_->answers.empty() ? std::string() : connection_->answers.front();
  }
  bool has_line(const std::string& line) const { return answer().find("\r\n" + line + "\r\n") != std::string::npos; }

  ExchangeContext context_;
  std::shared_ptr<Connection> connection_ = std::make_shared<Connection>();
};

using HandleGuarded = ExchangeTest;

[[noreturn]] void fail() { throw std::runtime_error("a fault that was planted"); }

TEST_F(ExchangeTest, has_the_parts_of_its_target) {
  const auto in_origin_form = exchange(restinio::http_method_get(), "/status/a%20b?limit=1");
  EXPECT_EQ(in_origin_form.path(), "/status/a%20b");
  EXPECT_EQ(in_origin_form.query(), "limit=1");
  const auto in_absolute_form = exchange(restinio::http_method_get(), "http://a:80?limit=1");
  EXPECT_EQ(in_absolute_form.path(), "/");
  EXPECT_EQ(in_absolute_form.query(), "limit=1");
}

TEST_F(ExchangeTest, has_field_values_without_the_white_space_around_them) {
  const auto request = exchange();
  EXPECT_EQ(request.field("x-request-id"), "mine");
  EXPECT_EQ(request.list_field("Accept"), "text/html,*/*");
  EXPECT_EQ(request.lines("Accept").count, 2u);
  EXPECT_EQ(request.lines("Accept").first, "text/html");
  EXPECT_EQ(request.field("Origin"), std::nullopt);
  EXPECT_EQ(request.body(), "a body");
}

TEST_F(ExchangeTest, is_answered_with_the_fields_of_every_answer) {
  exchange().answer(json_answer(200, "{}"));
  EXPECT_TRUE(answer().starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(answer().ends_with("\r\n\r\n{}"));
  for (const auto* line :
       {"Content-Length: 2", "Content-Type: application/json", "X-Request-ID: mine", "X-Content-Type-Options: nosniff"})
    EXPECT_TRUE(has_line(line)) << line;
}

TEST_F(ExchangeTest, is_answered_without_the_body_to_a_head) {
  exchange(restinio::http_method_head()).answer(json_answer(200, "{}"));
  EXPECT_TRUE(answer().ends_with("\r\n\r\n"));
  EXPECT_TRUE(has_line("Content-Length: 2"));
}

TEST_F(ExchangeTest, is_answered_without_a_length_by_a_204) {
  exchange().answer(json_answer(204, {}));
  EXPECT_EQ(answer().find("Content-Length"), std::string::npos);
}

TEST_F(HandleGuarded, answers_a_fault_with_all_that_the_exchange_had) {
  handle_guarded(exchange(), [](Exchange& guarded) {
    guarded.add_field("RateLimit-Remaining", "7");
    fail();
  });
  EXPECT_TRUE(answer().starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
  EXPECT_TRUE(answer().ends_with("\r\n\r\n{\"detail\":\"Internal Server Error\"}"));
  EXPECT_TRUE(has_line("X-Request-ID: mine"));
  EXPECT_TRUE(has_line("RateLimit-Remaining: 7"));
}

TEST_F(HandleGuarded, leaves_an_exchange_that_was_moved_on) {
  std::optional<Exchange> waiting;
  handle_guarded(exchange(), [&waiting](Exchange& guarded) {
    waiting.emplace(std::move(guarded));
    fail();
  });
  EXPECT_TRUE(connection_->answers.empty());
  waiting->answer(json_answer(207, "{}"));
  EXPECT_TRUE(answer().starts_with("HTTP/1.1 207 "));
}

TEST_F(HandleGuarded, does_not_answer_twice) {
  handle_guarded(exchange(), [](Exchange& guarded) {
    guarded.answer(json_answer(207, "{}"));
    fail();
  });
  EXPECT_TRUE(answer().starts_with("HTTP/1.1 207 "));
}

class AnswerInPieces : public ExchangeTest {
 protected:
  static Answer csv() {
    Answer head;
    head.content_type = "text/csv";
    return head;
  }
  // What was sent after the head.
  std::string body() const {
    std::string body;
    for (std::size_t i = 1; i < connection_->answers.size(); ++i) body += connection_->answers[i];
    return body;
  }
};

TEST_F(AnswerInPieces, is_sent_as_chunks) {
  auto request = exchange();
  request.begin_answer(csv(), true);
  const auto head = connection_->answers.front();
  EXPECT_NE(head.find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_NE(head.find("\r\nContent-Type: text/csv\r\n"), std::string::npos);
  EXPECT_EQ(head.find("Content-Length"), std::string::npos);
  std::optional<bool> is_sent;
  request.send_piece(std::string(17, 'a'), [&](bool sent) { is_sent = sent; });
  EXPECT_EQ(is_sent, false) << "this connection drops what it gets";
  EXPECT_FALSE(connection_->is_final);
  EXPECT_TRUE(request.is_to_be_answered());
  request.end_answer();
  EXPECT_EQ(body(), "11\r\n" + std::string(17, 'a') + "\r\n0\r\n\r\n");
  EXPECT_TRUE(connection_->is_final);
  EXPECT_FALSE(connection_->closes);
  EXPECT_FALSE(request.is_to_be_answered());
}

TEST_F(AnswerInPieces, began_with_its_head) {
  struct : ExchangeObserver {
    void answered(const Exchange&, const AnswerSent& answer) override { began = answer.began; }
    SteadyTime began{};
  } observer;
  context_.observers = {&observer};
  auto request = exchange();
  const auto before = std::chrono::steady_clock::now();
  request.begin_answer(csv(), true);
  const auto after = std::chrono::steady_clock::now();
  EXPECT_EQ(observer.began, SteadyTime{}) << "it is not answered yet";
  request.end_answer();
  EXPECT_GE(observer.began, before);
  EXPECT_LE(observer.began, after);
}

TEST_F(AnswerInPieces, breaks_off_without_the_last_chunk) {
  auto request = exchange();
  request.begin_answer(csv(), true);
  request.answer(detail_answer(503, "not now"));
  EXPECT_EQ(body(), "");
  EXPECT_TRUE(connection_->is_final);
  EXPECT_TRUE(connection_->closes);
}

TEST_F(AnswerInPieces, ends_with_the_connection_for_a_client_that_takes_no_chunks) {
  auto request = exchange();
  request.begin_answer(csv(), false);
  EXPECT_NE(connection_->answers.front().find("\r\nConnection: close\r\n"), std::string::npos);
  request.send_piece("a,b", [](bool) {});
  request.end_answer();
  EXPECT_EQ(body(), "a,b");
  EXPECT_TRUE(connection_->closes);
}

TEST_F(AnswerInPieces, is_a_head_alone_for_a_head) {
  auto request = exchange(restinio::http_method_head());
  request.begin_answer(csv(), true);
  EXPECT_FALSE(request.is_to_be_answered());
  EXPECT_EQ(body(), "");
  EXPECT_TRUE(connection_->is_final);
  EXPECT_FALSE(connection_->closes);
}

}  // namespace
}  // namespace ubiety::http

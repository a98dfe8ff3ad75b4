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

const ExchangeContext context;

// Keeps the answers that a socket would send.
class Connection final : public restinio::impl::connection_base_t {
 public:
  Connection() : connection_base_t(1) {}

  void write_response_parts(restinio::request_id_t, restinio::response_output_flags_t,
                            restinio::write_group_t group) override {
    auto& answer = answers.emplace_back();
    for (const auto& item : group.items())
      answer.append(static_cast<const char*>(item.buf().data()), item.buf().size());
  }
  void check_timeout(std::shared_ptr<restinio::tcp_connection_ctx_base_t>&) override {}

  std::vector<std::string> answers;
};

class ExchangeTest : public ::testing::Test {
 protected:
  Exchange exchange(restinio::http_method_id_t method = restinio::http_method_get(), const std::string& target = "/") {
    restinio::http_request_header_t header(method, target);
    header.set_field("X-Request-ID", " mine\t");
    header.add_field("Accept", "text/html");
    header.add_field("Accept", " */*");
    restinio::no_extra_data_factory_t no_data;
    return {std::make_shared<restinio::request_t>(restinio::request_id_t{}, std::move(header), "a body", connection_,
                                                  restinio::endpoint_t{}, no_data),
            context, SteadyTime{}};
  }

  // The only answer so far.
  std::string answer() const {
    EXPECT_EQ(connection_->answers.size(), 1u);
    return connection_->answers.empty() ? std::string() : connection_->answers.front();
  }
  bool has_line(const std::string& line) const { return answer().find("\r\n" + line + "\r\n") != std::string::npos; }

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

}  // namespace
}  // namespace ubiety::http

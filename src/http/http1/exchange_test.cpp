#include "http/http1/exchange.hpp"

#include <gtest/gtest.h>
#include <restinio/all.hpp>

#include <functional>
#include <optional>
#include <stdexcept>

#include "support/http_client.hpp"

namespace ubiety::http {
namespace {

using Handle = std::function<void(Exchange&)>;

const ExchangeContext context;

// Serves each request by the handle.
class Server {
 public:
  explicit Server(Handle handle)
      : server_(restinio::run_async<>(restinio::own_io_context(),
                                      restinio::server_settings_t<>{}
                                          .address("127.0.0.1")
                                          .port(0)
                                          .acceptor_post_bind_hook([this](asio::ip::tcp::acceptor& acceptor) {
                                            port_ = acceptor.local_endpoint().port();
                                          })
                                          .request_handler([handle](const restinio::request_handle_t& request) {
                                            handle_guarded({request, context, SteadyTime{}}, handle);
                                            return restinio::request_accepted();
                                          }),
                                      1)) {}

  test::HttpResponse ask(const test::Headers& fields = {}) {
    test::HttpClient client(port_);
    auto response = client.request("GET", "/", fields);
    EXPECT_TRUE(client.is_closed_by_server()) << "more than one answer";
    return response;
  }

 private:
  unsigned short port_ = 0;
  restinio::running_server_handle_t<restinio::default_traits_t> server_;  // stops and joins when it goes
};

Answer last_answer(int status) {
  auto answer = json_answer(status, "{}");
  answer.close = true;
  return answer;
}

[[noreturn]] void fail() { throw std::runtime_error("a fault that was planted"); }

TEST(HandleGuarded, answers_a_fault_with_all_that_the_exchange_had) {
  Server server([](Exchange& exchange) {
    exchange.add_field("RateLimit-Remaining", "7");
    fail();
  });
  const auto response = server.ask({{"X-Request-ID", "mine"}, {"Connection", "close"}});
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body, R"({"detail":"Internal Server Error"})");
  EXPECT_EQ(response.header("X-Request-ID"), "mine");
  EXPECT_EQ(response.header("RateLimit-Remaining"), "7");
}

TEST(HandleGuarded, leaves_an_exchange_that_was_moved_on) {
  std::optional<Exchange> waiting;
  Server server([&waiting](Exchange& exchange) {
    try {
      handle_guarded(std::move(exchange), [&waiting](Exchange& guarded) {
        waiting.emplace(std::move(guarded));
        fail();
      });
    } catch (const std::exception&) {
      ADD_FAILURE();
    }
    waiting->answer(last_answer(202));
    waiting.reset();
  });
  EXPECT_EQ(server.ask().status, 202);
}

TEST(HandleGuarded, does_not_answer_twice) {
  Server server([](Exchange& exchange) {
    exchange.answer(last_answer(202));
    fail();
  });
  EXPECT_EQ(server.ask().status, 202);
}

}  // namespace
}  // namespace ubiety::http

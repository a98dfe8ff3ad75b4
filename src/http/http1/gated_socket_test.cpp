#include "http/http1/gated_socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <string>
#include <thread>
#include <utility>

#include "support/gate_cases.hpp"

namespace ubiety::http::gate {
namespace {

// A request handler as the service's: repeats what it was sent, or says why the gate refused.
restinio::request_handling_status_t handle(const restinio::request_handle_t& request) {
  const auto& header = request->header();
  const std::string target(header.request_target());
  if (const auto* refusal = parse_refusal_target(target)) {
    const restinio::http_status_line_t status(restinio::http_status_code_t(static_cast<std::uint16_t>(refusal->status)),
                                              "Refused");
    return request->create_response(status)
        .set_body("{\"detail\":\"" + std::string(refusal->detail) + "\"}")
        .connection_close()
        .done();
  }
  const std::string answer = std::string(header.method().c_str()) + " " + target + " [" + request->body() + "]";
  auto response = request->create_response();
  response.set_body(answer);
  if (!header.should_keep_alive()) response.connection_close();
  return response.done();
}

struct Traits : restinio::traits_t<restinio::asio_timer_manager_t, restinio::null_logger_t, decltype(&handle)> {
  using stream_socket_t = GatedSocket;
};

class Server {
 public:
  explicit Server(std::size_t max_pipelined_requests = 4, CreditPool* in_flight = nullptr)
      : server_(restinio::run_async<Traits>(restinio::own_io_context(),
                                            restinio::server_settings_t<Traits>{}
                                                .address("127.0.0.1")
                                                .port(0)
                                                .gate({case_limits(), nullptr, nullptr, nullptr, in_flight})
                                                .max_pipelined_requests(max_pipelined_requests)
                                                .buffer_size(64)  // less than what the gate holds
                                                .acceptor_post_bind_hook([this](asio::ip::tcp::acceptor& acceptor) {
                                                  port_ = acceptor.local_endpoint().port();
                                                })
                                                .request_handler(&handle),
                                            1)) {}

  unsigned short port() const { return port_; }

 private:
  unsigned short port_ = 0;
  restinio::running_server_handle_t<Traits> server_;  // stops and joins when it goes
};

class Client {
 public:
  explicit Client(const Server& server) {
    socket_.connect({asio::ip::address_v4::loopback(), server.port()});
    const timeval patience{5, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  void send(const std::string& bytes) { asio::write(socket_, asio::buffer(bytes)); }
  void end() { socket_.shutdown(asio::socket_base::shutdown_send); }

  // Reads until `text` has come; all that has come until then.
  std::string read_to(const std::string& text) {
    while (received_.find(text) == std::string::npos && read()) {
    }
    return std::exchange(received_, {});
  }

  // Reads to the end of the connection.
  std::string read_all() {
    while (read()) {
    }
    EXPECT_EQ(last_error_, asio::error::eof);
    return std::exchange(received_, {});
  }

 private:
  bool read() {
    std::array<char, 4096> part;
    const ssize_t size = ::recv(socket_.native_handle(), part.data(), part.size(), 0);
    last_error_ =
        size == 0 ? asio::error_code(asio::error::eof) : asio::error_code(errno, asio::error::get_system_category());
    if (size > 0) received_.append(part.data(), static_cast<std::size_t>(size));
    return size > 0;
  }

  asio::io_context context_;
  asio::ip::tcp::socket socket_{context_};
  std::string received_;
  asio::error_code last_error_;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t result = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++result;
  return result;
}

std::string post(const std::string& target, const std::string& body) {
  return "POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

TEST(GatedSocket, keeps_a_connection_for_good_requests) {
  const Server server;
  Client client(server);
  for (int i = 0; i < 3; ++i) {
    client.send(get_with(""));
    EXPECT_TRUE(has(client.read_to("]"), "HTTP/1.1 200 OK"));
    client.send(post("/b", times(90, "c")));
    EXPECT_TRUE(has(client.read_to("]"), "POST /b [" + times(90, "c") + "]"));
    client.send(chunked("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"));
    EXPECT_TRUE(has(client.read_to("]"), "POST /a [hello world]"));
  }
}

TEST(GatedSocket, counts_what_it_holds_and_refuses_what_there_is_no_room_for) {
  CreditPool pool({10, 100'000});
  UploadCredit others(pool);
  const auto holds = [&](std::int64_t bytes) {
    for (int i = 0; i < 5000 && pool.in_flight().bytes != bytes; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return pool.in_flight().bytes;
  };
  const Server server(4, &pool);
  for (const std::string& begun : {post("/b", times(90, "c")).substr(0, 120), chunked("50\r\nabc")}) {
    {
      Client client(server);
      client.send(begun);
      for (int i = 0; i < 5000 && pool.in_flight().bytes == 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      EXPECT_GE(pool.in_flight().bytes, static_cast<std::int64_t>(begun.size()));
      others.set(100'000);
      client.send("d");
      const auto answer = client.read_all();
      EXPECT_TRUE(has(answer, "HTTP/1.1 503 ")) << answer;
      EXPECT_TRUE(has(answer, "MAX_IN_FLIGHT_BYTES")) << answer;
    }
    EXPECT_EQ(holds(100'000), 100'000) << "a refusal lets go of all";
    others.set(0);
    {
      Client client(server);
      client.send(begun);
    }
    EXPECT_EQ(holds(0), 0) << "so does the client's end";
  }
  Client client(server);
  client.send(post("/b", times(90, "c")));
  EXPECT_TRUE(has(client.read_to("]"), "POST /b [" + times(90, "c") + "]"));
  EXPECT_EQ(holds(0), 0) << "so does a whole request";
}

TEST(GatedSocket, takes_requests_in_drips) {
  const Server server;
  Client client(server);
  for (const std::string& request : {post("/b", "abc"), chunked("3\r\nabc\r\n0\r\n\r\n")}) {
    for (const char byte : request) {
      client.send({byte});
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    EXPECT_TRUE(has(client.read_to("]"), "[abc]"));
  }
}

TEST(GatedSocket, answers_pipelined_requests_in_order) {
  for (const std::size_t at_a_time : {1, 4}) {
    const Server server(at_a_time);
    Client client(server);
    std::string requests;
    for (int i = 0; i < 50; ++i) requests += post("/" + std::to_string(i), "x");
    client.send(requests);
    const std::string answers = client.read_to("POST /49 [x]");
    std::size_t at = 0;
    for (int i = 0; i < 50; ++i) {
      at = answers.find("POST /" + std::to_string(i) + " [x]", at);
      ASSERT_NE(at, std::string::npos) << i;
    }
  }
}

TEST(GatedSocket, refuses_and_closes) {
  for (const GateCase& bad : bad_cases()) {
    const Server server;
    Client client(server);
    client.send(bad.input);
    const std::string answer = client.read_all();
    const auto& refusal = refusal_of(*bad.refusal);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::to_string(refusal.status) + " ")) << bad.input << answer;
    EXPECT_TRUE(has(answer, "Connection: close")) << answer;
    EXPECT_TRUE(has(answer, "{\"detail\":\"" + std::string(refusal.detail) + "\"}")) << answer;
  }
}

TEST(GatedSocket, refuses_in_order_and_runs_nothing_afterwards) {
  for (const std::size_t at_a_time : {1, 4}) {
    const Server server(at_a_time);
    Client client(server);
    client.send(post("/first", "x") + get_with("A : b\r\n") + post("/smuggled", "x"));
    const std::string answers = client.read_all();
    const std::size_t first = answers.find("POST /first [x]");
    const std::size_t refusal = answers.find("HTTP/1.1 400 ");
    EXPECT_NE(refusal, std::string::npos);
    EXPECT_LT(first, refusal);
    EXPECT_FALSE(has(answers, "smuggled"));
    EXPECT_EQ(count(answers, "HTTP/1.1"), 2U);
  }
}

TEST(GatedSocket, keeps_the_answer_whatever_the_client_sends_on) {
  const Server server;
  Client client(server);
  constexpr std::size_t size = 8 * 1024 * 1024;  // more than the sockets' buffers hold
  client.send(get_with("Content-Length: " + std::to_string(size) + "\r\n") + std::string(size, 'b'));
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 413 "));
}

TEST(GatedSocket, refuses_what_the_client_cuts_off) {
  const Server server;
  Client client(server);
  client.send("GET / HTTP/1.1\r\nHost");
  client.end();
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 400 "));
}

TEST(GatedSocket, closes_quietly_after_the_last_request) {
  const Server server;
  Client client(server);
  client.send(get_with(""));
  client.read_to("]");
  client.end();
  EXPECT_EQ(client.read_all(), "");
}

TEST(GatedSocket, answers_an_upgrade_as_any_other_request) {
  const Server server;
  Client client(server);
  client.send(get_with("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"));
  EXPECT_TRUE(has(client.read_to("]"), "GET /a []"));
  client.send(get_with(""));
  EXPECT_TRUE(has(client.read_to("]"), "GET /a []"));
}

TEST(GatedSocket, tells_a_waiting_client_to_continue) {
  const Server server;
  Client client(server);
  client.send(get_with("Expect: 100-continue\r\nContent-Length: 3\r\n"));
  EXPECT_EQ(client.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  EXPECT_TRUE(has(client.read_to("]"), "GET /a [abc]"));
}

}  // namespace
}  // namespace ubiety::http::gate

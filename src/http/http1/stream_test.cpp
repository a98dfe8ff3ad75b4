#include "http/http1/stream.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "support/certificate.hpp"
#include "support/temporary_directory.hpp"
#include "support/time_limit.hpp"
#include "support/tls_channel.hpp"

namespace ubiety::http::transport {
namespace {

using namespace std::chrono_literals;

// Takes one connection, and holds its Stream.
class Peer : public std::enable_shared_from_this<Peer> {
 public:
  Peer(asio::io_context& context, std::shared_ptr<const TlsContext> tls) : stream(context, std::move(tls)) {}

  Stream stream;
  std::vector<std::string> pieces;
  std::array<char, 100> space;
};

class StreamTest : public ::testing::Test {
 protected:
  void serve() {
    const TlsOptions options{certificate_.certificate, certificate_.key};
    peer_ = std::make_shared<Peer>(context_, TlsContext::load(options).value());
    client_.connect(acceptor_.local_endpoint());
    const timeval patience{10, 0};
    ::setsockopt(client_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    acceptor_.accept(peer_->stream.socket());
    peer_->stream.start();
  }

  // Runs the server until it has nothing to do, while `act` is a client.
  template <class Act>
  void meanwhile(Act act) {
    std::thread server([this] { context_.run(); });
    act();
    server.join();
  }

  test::TemporaryDirectory folder_;
  test::Certificate certificate_ = test::make_certificate(folder_.path());
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
  asio::io_context client_context_;
  asio::ip::tcp::socket client_{client_context_};
  std::shared_ptr<Peer> peer_;
};

TEST_F(StreamTest, many_small_buffers_are_few_records) {
  serve();
  std::string expected;
  for (int i = 0; i < 15; ++i) {
    peer_->pieces.push_back(std::string(1000, static_cast<char>('a' + i)));
    expected += peer_->pieces.back();
  }
  std::vector<asio::const_buffer> buffers;
  for (const auto& piece : peer_->pieces) buffers.push_back(asio::buffer(piece));
  std::size_t written = 0;
  peer_->stream.async_read_some(asio::buffer(peer_->space), [&](asio::error_code, std::size_t) {
    peer_->stream.async_write_some(buffers, [&](asio::error_code, std::size_t size) {
      written = size;
      asio::error_code ignored;
      peer_->stream.shutdown(asio::socket_base::shutdown_both, ignored);
      peer_->stream.close();
      peer_.reset();
    });
  });
  meanwhile([&] {
    test::TlsChannel channel(client_.native_handle(), certificate_.certificate, 10s);
    channel.write("?");
    std::string whole(32'000, ' ');
    EXPECT_EQ(channel.read(whole), expected.size()) << "a read returns what one record holds";
    EXPECT_EQ(whole.substr(0, expected.size()), expected);
    EXPECT_EQ(channel.read(whole), 0U);
  });
  EXPECT_EQ(written, expected.size());
}

TEST_F(StreamTest, waits_for_a_client_that_does_not_read_and_sends_all) {
  serve();
  const std::string large(32 << 20, 'x');  // more than the sockets hold
  std::promise<void> asked;
  bool is_done = false;
  peer_->stream.async_read_some(asio::buffer(peer_->space), [&](asio::error_code, std::size_t) {
    peer_->stream.async_write_some(asio::buffer(large), [&](asio::error_code error, std::size_t size) {
      is_done = !error && size == large.size();
      peer_->stream.close();
      peer_.reset();
    });
    EXPECT_FALSE(is_done);
    asked.set_value();
  });
  meanwhile([&] {
    test::TlsChannel channel(client_.native_handle(), certificate_.certificate, 10s);
    channel.write("?");
    asked.get_future().wait();
    std::string part(20'000, ' ');
    std::size_t read = 0;
    while (read < large.size()) {
      const auto size = channel.read(part);
      ASSERT_GT(size, 0U);
      read += size;
    }
    EXPECT_EQ(read, large.size());
  });
  EXPECT_TRUE(is_done);
}

// It can be answered so, too.
TEST_F(StreamTest, goes_on_without_tls_where_the_client_has_none) {
  serve();
  std::string read;
  peer_->stream.async_read_some(asio::buffer(peer_->space), [&](asio::error_code error, std::size_t size) {
    EXPECT_FALSE(error);
    read.assign(peer_->space.data(), size);
    EXPECT_TRUE(peer_->stream.lacks_tls());
    peer_->stream.async_write_some(asio::buffer("in clear", 8), [&](asio::error_code, std::size_t) {
      peer_->stream.close();
      peer_.reset();
    });
  });
  meanwhile([&] {
    asio::write(client_, asio::buffer("GET /", 5));
    std::string answer;
    asio::error_code end;
    asio::read(client_, asio::dynamic_buffer(answer), end);
    EXPECT_EQ(answer, "in clear");
  });
  EXPECT_EQ(read, "GET /");
}

TEST_F(StreamTest, takes_other_bytes_for_tls) {
  for (const std::string& first : {std::string("\x16\x03\x01?", 4), std::string("\x80\x01", 2), std::string(6, '\0')}) {
    client_ = asio::ip::tcp::socket(client_context_);
    context_.restart();
    serve();
    bool is_error = false;
    peer_->stream.async_read_some(asio::buffer(peer_->space), [&](asio::error_code error, std::size_t) {
      is_error = static_cast<bool>(error);
      EXPECT_FALSE(peer_->stream.lacks_tls());
      peer_->stream.close();
      peer_.reset();
    });
    meanwhile([&] {
      asio::write(client_, asio::buffer(first));
      asio::error_code ignored;
      client_.shutdown(asio::socket_base::shutdown_send, ignored);
    });
    EXPECT_TRUE(is_error) << testing::PrintToString(first);
  }
}

}  // namespace
}  // namespace ubiety::http::transport

#include "http/http1/connections.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>

namespace ubiety::http::gate {
namespace {

class OpenConnectionsTest : public ::testing::Test {
 protected:
  OpenConnectionsTest() {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets_.data()), 0);
    entry_.emplace(all_, number, sockets_[0]);
  }
  ~OpenConnectionsTest() override {
    close(sockets_[0]);
    if (sockets_[1] >= 0) close(sockets_[1]);
  }

  static constexpr std::uint64_t number = 7;
  std::array<int, 2> sockets_{};  // ours, the client's
  OpenConnections all_;
  std::optional<OpenConnections::Entry> entry_;
};

TEST_F(OpenConnectionsTest, have_a_client_that_says_nothing) { EXPECT_FALSE(all_.is_gone(number)); }

TEST_F(OpenConnectionsTest, have_a_client_that_sends_its_next_request) {
  ASSERT_EQ(write(sockets_[1], "GET", 3), 3);
  EXPECT_FALSE(all_.is_gone(number));
}

TEST_F(OpenConnectionsTest, have_lost_a_client_that_closed) {
  ASSERT_EQ(close(sockets_[1]), 0);
  sockets_[1] = -1;
  EXPECT_TRUE(all_.is_gone(number));
}

TEST_F(OpenConnectionsTest, have_lost_a_client_that_ended_behind_bytes_that_were_never_read) {
  ASSERT_EQ(write(sockets_[1], "GET", 3), 3);
  ASSERT_EQ(shutdown(sockets_[1], SHUT_WR), 0);
  EXPECT_TRUE(all_.is_gone(number));
}

TEST_F(OpenConnectionsTest, have_lost_what_is_not_listed) {
  EXPECT_TRUE(all_.is_gone(number + 1));
  entry_.reset();
  EXPECT_TRUE(all_.is_gone(number));
}

}  // namespace
}  // namespace ubiety::http::gate

#include "http/http1/lingering_close.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

namespace ubiety::http::gate {
namespace {

constexpr std::chrono::seconds max_time{2};
constexpr std::size_t max_bytes = 64 * 1024 * 1024;

// RESTinio no longer counts a connection that lingers: more of them must not use up the descriptors.
constexpr int max_at_once = 64;
std::atomic<int> lingering_now{0};

void reset(asio::ip::tcp::socket& socket) {
  asio::error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

// Lives in its handlers; they run one after the other on its strand.
class LingeringConnection : public std::enable_shared_from_this<LingeringConnection> {
 public:
  explicit LingeringConnection(asio::ip::tcp::socket socket)
      : socket_(std::move(socket)), strand_(socket_.get_executor()), timer_(socket_.get_executor()) {}
  LingeringConnection(const LingeringConnection&) = delete;
  LingeringConnection& operator=(const LingeringConnection&) = delete;
  ~LingeringConnection() { --lingering_now; }

  asio::strand<asio::any_io_executor> executor() const { return strand_; }

  void start() {
    timer_.expires_after(max_time);
    timer_.async_wait(asio::bind_executor(strand_, [self = shared_from_this()](asio::error_code error) {
      if (!error) reset(self->socket_);
    }));
    read();
  }

 private:
  void read() {
    socket_.async_read_some(
        asio::buffer(discarded_),
        asio::bind_executor(strand_, [self = shared_from_this()](asio::error_code error, std::size_t size) {
          self->after_read(error, size);
        }));
  }

  void after_read(asio::error_code error, std::size_t size) {
    left_ -= std::min(left_, size);
    if (!error && left_ != 0) return read();
    timer_.cancel();
    if (error == asio::error::eof) {
      socket_.close(error);
    } else {
      reset(socket_);
    }
  }

  asio::ip::tcp::socket socket_;
  asio::strand<asio::any_io_executor> strand_;
  asio::steady_timer timer_;
  std::size_t left_ = max_bytes;
  std::array<char, 16 * 1024> discarded_;
};

}  // namespace

void close_lingering(asio::ip::tcp::socket socket) {
  asio::error_code error;
  socket.cancel(error);
  socket.shutdown(asio::socket_base::shutdown_send, error);
  if (error) return;  // the client is gone
  if (++lingering_now > max_at_once) {
    --lingering_now;
    return;  // closes the socket, which resets the connection if bytes are unread
  }
  const auto connection = std::make_shared<LingeringConnection>(std::move(socket));
  asio::post(connection->executor(), [connection] { connection->start(); });
}

}  // namespace ubiety::http::gate

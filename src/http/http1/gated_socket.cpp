#include "http/http1/gated_socket.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace ubiety::http::gate {
namespace {

constexpr std::chrono::seconds max_linger_time{2};
constexpr std::size_t max_linger_bytes = 64 * 1024 * 1024;

void reset(asio::ip::tcp::socket& socket) {
  asio::error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

// Its handlers own it; they run one after the other on its strand.
class LingeringConnection : public std::enable_shared_from_this<LingeringConnection> {
 public:
  // `slot` is held until the connection ends.
  LingeringConnection(asio::ip::tcp::socket socket, std::shared_ptr<const void> slot)
      : socket_(std::move(socket)),
        slot_(std::move(slot)),
        strand_(socket_.get_executor()),
        timer_(socket_.get_executor()) {}

  asio::strand<asio::any_io_executor> executor() const { return strand_; }

  void start() {
    timer_.expires_after(max_linger_time);
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
  const std::shared_ptr<const void> slot_;
  asio::strand<asio::any_io_executor> strand_;
  asio::steady_timer timer_;
  std::size_t left_ = max_linger_bytes;
  std::array<char, 16 * 1024> discarded_;
};

}  // namespace

void LingeringConnections::close(asio::ip::tcp::socket socket) const {
  asio::error_code error;
  socket.cancel(error);
  socket.shutdown(asio::socket_base::shutdown_send, error);
  if (error) return;                                 // the client is gone
  if (slots_.use_count() > max_connections) return;  // closes the socket, which resets it if bytes are unread
  const auto connection = std::make_shared<LingeringConnection>(std::move(socket), slots_);
  asio::post(connection->executor(), [connection] { connection->start(); });
}

std::size_t GatedSocket::pass(std::span<char> buffer, asio::error_code& error, std::size_t size) {
  const bool was_late = std::exchange(is_late_, false);
  if (stream_.lacks_tls()) gate_.refuse(Reason::no_tls);
  std::size_t passed = 0;
  if (!gate_.fill(error ? 0 : size) && !error) passed = filter(buffer.first(size));
  if (!error && !has_room()) gate_.end_of_room();
  if (was_late && passed == 0 && !gate_.has_ready()) end_late(error);
  if (error == asio::error::eof) end_input(error);
  if (passed == 0 && !error) passed = gate_.take(buffer);
  count_held();
  if (listed_ && gate_.speaks_http_1_0()) listed_->note_http_1_0();
  if (place_ && (passed != 0 || error)) place_->leave();
  return passed;
}

std::size_t GatedSocket::filter(std::span<char> input) {
  const auto passed = gate_.filter(input);
  if (gate_.take_continue_request()) send_100_continue();
  return passed;
}

// To RESTinio, a read that was cancelled is the end of the client's bytes.
void GatedSocket::end_late(asio::error_code& error) {
  gate_.end_of_time();
  if (error == asio::error::operation_aborted) error = asio::error::eof;
}

// A refusal is delivered before the end.
void GatedSocket::end_input(asio::error_code& error) {
  gate_.end_of_input();
  if (gate_.has_ready()) error.clear();
}

void GatedSocket::client_is_late() {
  is_late_ = true;
  asio::error_code ignored;
  cancel(ignored);
}

// RESTinio ignores `Expect: 100-continue`, and a client that waits for the answer would send its body only after a
// pause. The gate asks for this only while no answer can be on its way, so the few bytes fit into the empty send
// buffer. If only a part of them does, the connection is unusable.
void GatedSocket::send_100_continue() {
  constexpr std::string_view answer = "HTTP/1.1 100 Continue\r\n\r\n";
  const std::size_t sent = stream_.write_now(answer);
  asio::error_code error;
  if (sent != 0 && sent != answer.size()) lowest_layer().shutdown(asio::socket_base::shutdown_both, error);
}

}  // namespace ubiety::http::gate

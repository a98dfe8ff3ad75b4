// The server's side of one connection's TLS, over its socket: the handshake, which the first read does, then plaintext.
// Never blocks: the outcome says what to wait for. One thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "http/http1/tls_context.hpp"

namespace ubiety::http::transport {

class TlsSession {
 public:
  // The capacity of a record; larger writes gain nothing.
  static constexpr std::size_t max_record_bytes = 16 * 1024;

  enum class Outcome {
    done,
    wants_input,   // try again when the socket is readable
    wants_output,  // try again when it is writable, with the same bytes or more
    ended,         // the client has ended the session, or is gone
    failed,        // the session is unusable
    plain_text,    // likewise: the client does not speak TLS; its bytes are still in the socket
  };
  struct Progress {
    Outcome outcome;
    std::size_t size = 0;  // bytes read or written, if done
  };

  // `socket` is connected and non-blocking, and outlives the session, which does not close it.
  TlsSession(const TlsContext& context, int socket);

  Progress read(std::span<char> space);
  Progress write(std::span<const char> bytes);  // all of them or none, as one record
  // Whether a read may return bytes without the socket.
  bool has_input() const;
  // Sends the alert that ends the session, unless the socket's buffer is full.
  void send_close_notify();

 private:
  bool is_established() const;  // the handshake is over
  bool begins_in_plain_text();
  Progress progress_of(int result, std::size_t size);

  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  std::unique_ptr<ssl_st, Free> ssl_;
  bool has_begun_ = false;
  bool is_broken_ = false;
};

}  // namespace ubiety::http::transport

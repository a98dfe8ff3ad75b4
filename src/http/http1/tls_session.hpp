// The server's part of one connection's TLS, over its socket: the handshake, which comes with the first read, then the
// bytes in clear. Never waits: tells for what one must. One thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "http/http1/tls_context.hpp"

namespace ubiety::http::transport {

class TlsSession {
 public:
  // What a record holds; more at a time is of no use.
  static constexpr std::size_t max_record_bytes = 16 * 1024;

  enum class Outcome {
    done,
    wants_input,   // again, as soon as the socket can be read
    wants_output,  // or written: with the same bytes, or more
    ended,         // the client has said its last, or is gone
    failed,        // and nothing more will come of it
    plain_text,    // likewise: the client does not speak TLS; what it sent is still to be read from the socket
  };
  struct Progress {
    Outcome outcome;
    std::size_t size = 0;  // bytes that were read or written, if done
  };

  // `socket` is connected, non-blocking, and outlives the session, which does not close it.
  TlsSession(const TlsContext& context, int socket);

  Progress read(std::span<char> space);
  Progress write(std::span<const char> bytes);  // all of them or none, as one record
  // Whether a read might get something without the socket.
  bool has_input() const;
  // Tells the client that no more will come; when it has no room for that, does not.
  void say_farewell();

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

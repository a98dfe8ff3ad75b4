// How to close a connection whose client may still be sending, so that it gets the answer (RFC 9112, 9.6). May be
// called from any thread.
#pragma once

#include <restinio/asio_include.hpp>

namespace ubiety::http::gate {

// Ends the outgoing side, then reads and discards until the client ends its own: closing at once would reset the
// connection and, with many clients, lose the answer. Bounded in time and in bytes, after which the connection is
// reset, so that no client is left waiting on a full window, and in how many connections linger at once, beyond which
// they close at once.
void close_lingering(asio::ip::tcp::socket socket);

}  // namespace ubiety::http::gate

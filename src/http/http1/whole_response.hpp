// An output type for RESTinio's create_response that sends a head written by us. RESTinio's own types keep every field
// as two strings, and put a Content-Length into a 204, which RFC 9110 (8.6) forbids. Only exchange.cpp needs this.
#pragma once

#include <restinio/all.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ubiety::http {

struct WholeResponse {};

}  // namespace ubiety::http

namespace restinio {

template <>
class response_builder_t<ubiety::http::WholeResponse> final
    : public base_response_builder_t<response_builder_t<ubiety::http::WholeResponse>> {
 public:
  using base_response_builder_t::base_response_builder_t;

  bool keeps_alive() const { return m_header.should_keep_alive(); }

  // `head` runs to its empty line and may have the body's beginning behind it; `more_body` follows. Once.
  void send(std::string head, std::vector<std::shared_ptr<const std::string>> more_body, bool keep_alive) {
    writable_items_container_t parts;
    parts.reserve(1 + more_body.size());
    parts.emplace_back(std::move(head));
    for (auto& piece : more_body) parts.emplace_back(std::move(piece));
    write_group_t group(std::move(parts));
    group.status_line_size(calculate_status_line_size());
    const auto connection = std::move(m_connection);
    connection->write_response_parts(
        m_request_id, {response_parts_attr_t::final_parts, response_connection_attr(keep_alive)}, std::move(group));
  }
};

}  // namespace restinio

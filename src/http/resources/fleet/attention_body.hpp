// The bodies of a list of devices that need attention. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "actors/requests.hpp"

namespace ubiety::http {

// `cursor`: of the next page; empty on the last one.
std::string attention_json(std::span<const AttentionRow> rows, std::uint64_t total, std::string_view cursor);

// With a header. The kinds of problems are in one column, with spaces between them; `since` is of the worst.
std::string attention_csv(std::span<const AttentionRow> rows);

}  // namespace ubiety::http

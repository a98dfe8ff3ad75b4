// The bodies of a history's answers in JSON: a page, and buckets. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "storage/log/history.hpp"
#include "storage/log/history_buckets.hpp"

namespace ubiety::http {

std::string page_body(std::string_view device_id, const HistoryPage& page);

// A bucket without records has null in place of values.
std::string buckets_body(std::string_view device_id, const HistoryBuckets& buckets);

}  // namespace ubiety::http

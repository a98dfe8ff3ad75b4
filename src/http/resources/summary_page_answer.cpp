#include "http/resources/summary_page_answer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "http/resources/summary_json.hpp"
#include "json/writer.hpp"

namespace ubiety::http {

Answer summary_page_answer(std::vector<SummaryPage>& pages, const SummaryQuery& query) {
  std::vector<SummaryEntry> entries;
  std::uint64_t devices = 0, online = 0;
  for (auto& page : pages) {
    devices += page.devices;
    online += page.online;
    std::vector<SummaryEntry> merged;
    merged.reserve(entries.size() + page.entries.size());
    const auto by_id = [](const SummaryEntry& left, const SummaryEntry& right) {
      return left.device_id < right.device_id;
    };
    const auto movable = [](auto place) { return std::make_move_iterator(place); };
    if (query.limit)
      std::merge(movable(entries.begin()), movable(entries.end()), movable(page.entries.begin()),
                 movable(page.entries.end()), std::back_inserter(merged), by_id);
    else
      std::move(page.entries.begin(), page.entries.end(), std::back_inserter(entries));
    if (query.limit) entries = std::move(merged);
  }
  const bool has_more = query.limit && entries.size() > *query.limit;
  if (has_more) entries.resize(*query.limit);

  std::string body(summary_beginning);
  for (const auto& entry : entries) body += std::string_view(entry.json).substr(&entry == &entries.front() ? 1 : 0);
  append_summary_counts(body, devices, online);
  if (has_more) {
    body += ",\"next_cursor\":";
    json::append_string(body, summary_cursor(entries.back().device_id));
  }
  body += '}';
  return json_answer(200, std::move(body));
}

}  // namespace ubiety::http

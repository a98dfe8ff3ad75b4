#include "http/summary_answer.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "http/gzip.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

constexpr std::string_view beginning = "{\"devices\":[";

// Up to the object's end, which is not there yet.
void append_counts(std::string& out, std::uint64_t devices, std::uint64_t online) {
  out += "],\"total_devices\":";
  json::append_number(out, devices);
  out += ",\"online_devices\":";
  json::append_number(out, online);
  out += ",\"offline_devices\":";
  json::append_number(out, devices - online);
}

SummaryPiece plain_piece(std::string text) { return {std::make_shared<const std::string>(std::move(text))}; }

SummaryPiece deflated_piece(std::string_view text) {
  auto [bytes, crc, length] = deflate_piece(text);
  return {std::make_shared<const std::string>(std::move(bytes)), crc, length};
}

// What stands between the shards' pieces, in both codings.
struct Fixed {
  SummaryPiece beginning, comma;
};

const Fixed& fixed(bool gzip) {
  static const Fixed plain{plain_piece(std::string(http::beginning)), plain_piece(",")};
  static const Fixed deflated{deflated_piece(http::beginning), deflated_piece(",")};
  return gzip ? deflated : plain;
}

// The body's pieces, one after the other.
std::vector<SummaryPiece> joined(std::vector<SummaryPart>& parts, bool gzip) {
  std::vector<SummaryPiece> body{fixed(gzip).beginning};
  std::uint64_t devices = 0, online = 0;
  for (auto& part : parts) {
    if (devices > 0 && part.devices > 0) body.push_back(fixed(gzip).comma);
    devices += part.devices;
    online += part.online;
    std::move(part.pieces.begin(), part.pieces.end(), std::back_inserter(body));
  }
  std::string end;
  append_counts(end, devices, online);
  end += '}';
  body.push_back(gzip ? deflated_piece(end) : plain_piece(std::move(end)));
  return body;
}

}  // namespace

void render_summary_device(std::string& out, std::string_view device_id, const Status& status) {
  out += ",{\"device_id\":";
  json::append_string(out, device_id);
  out += ",\"battery_level\":";
  json::append_number(out, status.battery_level);
  out += ",\"online\":";
  json::append_boolean(out, status.online);
  out += ",\"last_update\":";
  json::append_timestamp(out, status.timestamp);
  out += '}';
}

Answer whole_summary_answer(std::vector<SummaryPart>& parts, bool gzip) {
  auto answer = json_answer(200, gzip ? GzipFrame::header() : "");
  GzipFrame frame;
  for (auto& piece : joined(parts, gzip)) {
    if (gzip) frame.add(piece.crc, piece.length);
    answer.more_body.emplace_back(std::move(piece.bytes));
  }
  if (!gzip) return answer;
  answer.more_body.emplace_back(std::make_shared<const std::string>(frame.trailer()));
  answer.fields.push_back({"Content-Encoding", "gzip"});
  return answer;
}

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

  std::string body(beginning);
  for (const auto& entry : entries) body += std::string_view(entry.json).substr(&entry == &entries.front() ? 1 : 0);
  append_counts(body, devices, online);
  if (has_more) {
    body += ",\"next_cursor\":";
    json::append_string(body, summary_cursor(entries.back().device_id));
  }
  body += '}';
  return json_answer(200, std::move(body));
}

}  // namespace ubiety::http

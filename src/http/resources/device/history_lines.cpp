#include "http/resources/device/history_lines.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "http/message/negotiation.hpp"

namespace ubiety::http {
namespace {

using Format = json::RecordWriter::Format;

// NDJSON is answered under the name by which the client asks for it. The first, JSON, is not lines.
constexpr std::array<std::string_view, 7> media_types{"application/json",      "text/csv",
                                                      "application/x-ndjson",  "application/ndjson",
                                                      "application/jsonl",     "application/x-jsonlines",
                                                      "application/json-lines"};
constexpr std::size_t place_of_json = 0, place_of_csv = 1;
constexpr std::string_view csv_content_type = "text/csv; charset=utf-8; header=present";  // RFC 4180, 3

}  // namespace

std::optional<LineForm> line_form_of(std::string_view accept) {
  const auto preferred = preferred_media_type(accept, media_types);
  if (preferred == place_of_json) return std::nullopt;
  if (preferred == place_of_csv) return LineForm{json::RecordWriter(Format::csv), csv_content_type};
  return LineForm{json::RecordWriter(Format::ndjson), media_types[preferred]};
}

HistoryLines::HistoryLines(Service& service, const HistoryRequest& request, const LineForm& form)
    : service_(service), query_(request.query), has_limit_(request.has_limit), form_(form) {
  if (!has_limit_) query_.limit = records_at_a_time;
  query_.wants_total = false;
}

HistoryLines::~HistoryLines() {
  if (is_sending()) --service_.answers_in_pieces;
}

std::string HistoryLines::lines_of(const HistoryPage& page) {
  std::string lines;
  lines.reserve(page.records.size() * (query_.device_id.size() + 128));
  if (!std::exchange(has_header_, true)) form_.writer.append_header(lines);
  for (const auto& record : page.records) form_.writer.append(lines, query_.device_id, record);
  if (!page.records.empty()) query_.after = page.records.back();
  return lines;
}

bool HistoryLines::begin_sending(std::size_t bytes_of_page) {
  auto share = std::make_unique<ByteBudget::Share>(service_.engine.unread());
  if (!share->grow(static_cast<std::int64_t>(bytes_of_page))) return false;
  held_ = std::move(share);
  ++service_.answers_in_pieces;
  return true;
}

}  // namespace ubiety::http

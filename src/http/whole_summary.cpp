#include "http/whole_summary.hpp"

#include <algorithm>
#include <utility>

#include "http/gzip.hpp"
#include "http/summary_json.hpp"

namespace ubiety::http {
namespace {

// Calls `append` with the pieces of the body, one after the other. `text` makes one of what stands between the shards'.
template <class Text, class Append>
void join(std::vector<SummaryPart>& parts, Text text, Append append) {
  append(text(std::string(summary_beginning)));
  std::uint64_t devices = 0, online = 0;
  for (auto& part : parts) {
    if (devices > 0 && part.devices > 0) append(text(","));
    devices += part.devices;
    online += part.online;
    for (auto& piece : part.pieces) append(std::move(piece));
  }
  std::string end;
  append_summary_counts(end, devices, online);
  end += '}';
  append(text(std::move(end)));
}

SummaryPiece plain_piece(std::string text) { return {std::make_shared<const std::string>(std::move(text))}; }

SummaryPiece deflated_piece(const std::string& text) {
  auto [bytes, crc, length] = deflate_piece(text);
  return {std::make_shared<const std::string>(std::move(bytes)), crc, length};
}

std::string gzipped(std::vector<SummaryPart>& parts) {
  auto body = GzipFrame::header();
  GzipFrame frame;
  join(parts, deflated_piece, [&](const SummaryPiece& piece) {
    frame.add(piece.crc, piece.length);
    body += *piece.bytes;
  });
  body += frame.trailer();
  return body;
}

std::vector<std::uint64_t> versions_of(const std::vector<SummaryPart>& parts) {
  std::vector<std::uint64_t> versions;
  versions.reserve(parts.size());
  for (const auto& part : parts) versions.push_back(part.version);
  return versions;
}

}  // namespace

Answer plain_summary_answer(std::vector<SummaryPart>& parts) {
  auto answer = json_answer(200, "");
  join(parts, plain_piece, [&](SummaryPiece piece) { answer.more_body.push_back(std::move(piece.bytes)); });
  return answer;
}

Answer GzippedSummary::answer(std::vector<SummaryPart>& parts) {
  auto versions = versions_of(parts);
  if (!body_ || versions != versions_) {
    body_ = std::make_shared<const std::string>(gzipped(parts));
    versions_ = std::move(versions);
  }
  auto answer = json_answer(200, "");
  answer.more_body.push_back(body_);
  answer.fields.push_back({"Content-Encoding", "gzip"});
  return answer;
}

}  // namespace ubiety::http

#include "http/resources/whole_summary.hpp"

#include <algorithm>
#include <utility>

#include "http/message/gzip.hpp"
#include "http/resources/summary_json.hpp"

namespace ubiety::http {
namespace {

SummaryPiece plain_piece(const std::string& text) { return {std::make_shared<const std::string>(text)}; }

SummaryPiece deflated_piece(const std::string& text) {
  auto [bytes, crc, length] = deflate_piece(text);
  return {std::make_shared<const std::string>(std::move(bytes)), crc, length};
}

// How text becomes a piece, and what stands around the shards' pieces and never changes.
struct Coding {
  SummaryPiece (*piece_of)(const std::string& text);
  SummaryPiece beginning = piece_of(std::string(summary_beginning));
  SummaryPiece comma = piece_of(",");
};

// Calls `append` with the pieces of the body, one after the other.
template <class Append>
void join(std::vector<SummaryPart>& parts, const Coding& coding, Append append) {
  append(coding.beginning);
  std::uint64_t devices = 0, online = 0;
  for (auto& part : parts) {
    if (devices > 0 && part.devices > 0) append(coding.comma);
    devices += part.devices;
    online += part.online;
    for (auto& piece : part.pieces) append(std::move(piece));
  }
  std::string end;
  append_summary_counts(end, devices, online);
  end += '}';
  append(coding.piece_of(end));
}

std::string gzipped(std::vector<SummaryPart>& parts) {
  static const Coding deflated{deflated_piece};
  auto body = GzipFrame::header();
  GzipFrame frame;
  join(parts, deflated, [&](const SummaryPiece& piece) {
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
  static const Coding plain{plain_piece};
  auto answer = json_answer(200, "");
  join(parts, plain, [&](SummaryPiece piece) { answer.more_body.push_back(std::move(piece.bytes)); });
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

#include "http/resources/summary/summary_body.hpp"

#include <algorithm>
#include <utility>

#include "json/writer.hpp"

namespace ubiety::http {
namespace {

constexpr std::size_t rows_in_a_step = 1024;
constexpr std::size_t pieces_in_a_step = 64;
constexpr std::size_t piece_bytes = 64 * 1024;

SummaryPiece plain_piece(std::string text) { return {std::make_shared<const std::string>(std::move(text))}; }

SummaryPiece deflated_piece(std::string_view text) {
  auto [bytes, crc, length] = deflate_piece(text);
  return {std::make_shared<const std::string>(std::move(bytes)), crc, length};
}

}  // namespace

SummaryBody::SummaryBody(SummaryRequest request, std::vector<SummaryPart> parts)
    : request_(std::move(request)), parts_(std::move(parts)), next_row_(parts_.size()) {
  for (const auto& part : parts_) {
    devices_ += part.devices;
    online_ += part.online;
  }
  if (request_.query.limit)
    text_ = summary_beginning;
  else
    join_pieces();
  if (request_.gzip) text_ = GzipFrame::header();
}

bool SummaryBody::advance() {
  if (request_.query.limit) return advance_merge();
  if (request_.gzip) return advance_gzip();
  for (auto& piece : to_join_) pieces_.push_back(std::move(piece.bytes));
  return true;
}

void SummaryBody::join_pieces() {
  const auto add = [this](std::string_view text) {
    to_join_.push_back(request_.gzip ? deflated_piece(text) : plain_piece(std::string(text)));
  };
  add(summary_beginning);
  bool has_devices = false;
  for (auto& part : parts_) {
    if (part.pieces.empty()) continue;
    if (std::exchange(has_devices, true)) add(",");
    std::move(part.pieces.begin(), part.pieces.end(), std::back_inserter(to_join_));
  }
  add(end_of_json());
}

bool SummaryBody::advance_gzip() {
  const auto end = std::min(to_join_.size(), joined_ + pieces_in_a_step);
  for (; joined_ < end; ++joined_) {
    const auto piece = std::move(to_join_[joined_]);
    frame_.add(piece.crc, piece.length);
    text_ += *piece.bytes;
  }
  if (joined_ < to_join_.size()) return false;
  text_ += frame_.trailer();
  pieces_.push_back(std::make_shared<const std::string>(std::move(text_)));
  return true;
}

// A shard with more rows than the limit sent one more, so a row that is left over belongs to the next page.
bool SummaryBody::advance_merge() {
  for (std::size_t step = 0; step < rows_in_a_step; ++step) {
    const auto shard = shard_of_next_row();
    const bool is_last = shard == parts_.size() || merged_ == *request_.query.limit;
    if (is_last || text_.size() >= piece_bytes) {
      if (is_last) {
        std::string_view last_id;
        for (std::size_t i = 0; i < parts_.size(); ++i)
          if (next_row_[i] != 0) last_id = std::max(last_id, parts_[i].rows.id(next_row_[i] - 1));
        text_ += end_of_json(shard == parts_.size() ? std::string_view() : last_id);
      }
      pieces_.push_back(std::make_shared<const std::string>(std::exchange(text_, {})));
      if (is_last) return true;
    }
    text_ += parts_[shard].rows.json_of(next_row_[shard]++).substr(merged_ == 0 ? 1 : 0);
    ++merged_;
  }
  return false;
}

// The shard whose next row has the smallest id; the number of shards when no rows are left.
std::size_t SummaryBody::shard_of_next_row() const {
  auto smallest = parts_.size();
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto& rows = parts_[i].rows;
    if (next_row_[i] == rows.size()) continue;
    if (smallest == parts_.size() || rows.id(next_row_[i]) < parts_[smallest].rows.id(next_row_[smallest]))
      smallest = i;
  }
  return smallest;
}

std::string SummaryBody::end_of_json(std::string_view last_id_before_more) const {
  std::string end;
  append_summary_counts(end, devices_, online_);
  if (!last_id_before_more.empty()) {
    end += ",\"next_cursor\":";
    json::append_string(end, summary_cursor(last_id_before_more));
  }
  end += '}';
  return end;
}

}  // namespace ubiety::http

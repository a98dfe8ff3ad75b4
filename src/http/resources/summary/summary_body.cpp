#include "http/resources/summary/summary_body.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>
#include <utility>

#include "http/resources/device_status.hpp"
#include "http/resources/summary/page_search.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

constexpr int raw_deflate = -15;  // the largest window, without header and checksum
constexpr int memory_level = 8;
constexpr std::size_t flush_length = 16;  // more than a full flush adds

void append_little_endian(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((value >> shift) & 0xFF);
}

constexpr std::size_t rows_in_a_step = 1024;
constexpr std::size_t pieces_in_a_step = 64;
constexpr std::size_t piece_bytes = 64 * 1024;

SummaryPiece plain_piece(std::string text) { return {std::make_shared<const std::string>(std::move(text))}; }

SummaryPiece deflated_piece(std::string_view text) {
  auto [bytes, crc, length] = deflate_piece(text);
  return {std::make_shared<const std::string>(std::move(bytes)), crc, length};
}

}  // namespace

Deflated deflate_piece(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw_deflate, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  Deflated deflated;
  const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
  deflated.bytes.resize(deflateBound(&stream, static_cast<uLong>(text.size())) + flush_length);
  stream.next_in = const_cast<Bytef*>(bytes);  // zlib's interface lacks const
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(deflated.bytes.data());
  stream.avail_out = static_cast<uInt>(deflated.bytes.size());
  deflate(&stream, Z_FULL_FLUSH);
  deflated.bytes.resize(stream.total_out);
  deflateEnd(&stream);
  deflated.crc = static_cast<std::uint32_t>(crc32(0, bytes, static_cast<uInt>(text.size())));
  deflated.length = text.size();
  return deflated;
}

// Without a name and a time; the system is unknown.
std::string GzipFrame::header() { return {'\x1F', '\x8B', '\x08', 0, 0, 0, 0, 0, 0, '\xFF'}; }

void GzipFrame::add(std::uint32_t crc, std::uint64_t length) {
  crc_ = static_cast<std::uint32_t>(crc32_combine(crc_, crc, static_cast<z_off_t>(length)));
  length_ += length;
}

std::string GzipFrame::trailer() const {
  std::string trailer{'\x03', '\x00'};  // the last block: fixed codes, empty
  append_little_endian(trailer, crc_);
  append_little_endian(trailer, static_cast<std::uint32_t>(length_));
  return trailer;
}

void render_summary_device(std::string& out, std::string_view device_id, const DeviceState& state) {
  out += ',';
  append_summary_device(out, device_id, state);
}

void append_summary_counts(std::string& out, std::uint64_t devices, std::uint64_t online) {
  out += "],\"total_devices\":";
  json::append_number(out, devices);
  out += ",\"online_devices\":";
  json::append_number(out, online);
  out += ",\"offline_devices\":";
  json::append_number(out, devices - online);
}

SummaryBody::SummaryBody(SummaryRequest request, std::vector<SummaryPart> parts, std::size_t skipped)
    : request_(std::move(request)), parts_(std::move(parts)), next_row_(parts_.size()), skipped_(skipped) {
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
    const bool is_last = shard == parts_.size() || merged_ == skipped_ + *request_.query.limit;
    if (is_last || text_.size() >= piece_bytes) {
      if (is_last) {
        text_ += end_of_json(shard == parts_.size() || request_.query.sort ? std::string_view() : last_id());
      }
      pieces_.push_back(std::make_shared<const std::string>(std::exchange(text_, {})));
      if (is_last) return true;
    }
    add_row(shard);
  }
  return false;
}

void SummaryBody::add_row(std::size_t shard) {
  const auto json = parts_[shard].rows.json_of(next_row_[shard]++);
  if (merged_++ < skipped_ || json.empty()) return;
  text_ += json.substr(std::exchange(has_rows_, true) ? 0 : 1);
}

std::string_view SummaryBody::last_id() const {
  std::string_view last;
  for (std::size_t i = 0; i < parts_.size(); ++i)
    if (next_row_[i] != 0) last = std::max(last, parts_[i].rows.id(next_row_[i] - 1));
  return last;
}

// The shard whose next row comes first; the number of shards when no rows are left.
std::size_t SummaryBody::shard_of_next_row() const {
  auto first = parts_.size();
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (next_row_[i] == parts_[i].rows.size()) continue;
    if (first == parts_.size() || comes_before(i, first)) first = i;
  }
  return first;
}

bool SummaryBody::comes_before(std::size_t left, std::size_t right) const {
  const auto& left_rows = parts_[left].rows;
  const auto& right_rows = parts_[right].rows;
  const auto at_left = next_row_[left], at_right = next_row_[right];
  return sorts_before(left_rows.value(at_left), left_rows.id(at_left), right_rows.value(at_right),
                      right_rows.id(at_right), request_.query.sort.value_or(SummarySort{}));
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

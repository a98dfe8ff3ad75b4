#include "http/message/gunzip.hpp"

#include <algorithm>
#include <new>

namespace ubiety::http {
namespace {

constexpr int gzip_only = 16 + MAX_WBITS;  // not zlib's own format
constexpr std::size_t piece = 64 * 1024;

}  // namespace

Gunzip::Gunzip(std::string_view compressed, std::size_t max_bytes) : max_bytes_(max_bytes) {
  if (inflateInit2(&stream_, gzip_only) != Z_OK) throw std::bad_alloc();
  stream_.next_in =
      const_cast<Bytef*>(reinterpret_cast<const Bytef*>(compressed.data()));  // zlib's interface lacks const
  stream_.avail_in = static_cast<uInt>(compressed.size());
}

Gunzip::~Gunzip() { inflateEnd(&stream_); }

// Inflates up to one byte beyond the bound, to see whether there is more.
Gunzip::Progress Gunzip::advance() {
  const auto before = text_.size();
  text_.resize(std::min(before + piece, max_bytes_ + 1));
  stream_.next_out = reinterpret_cast<Bytef*>(text_.data() + before);
  stream_.avail_out = static_cast<uInt>(text_.size() - before);
  const int code = inflate(&stream_, Z_NO_FLUSH);
  text_.resize(text_.size() - stream_.avail_out);
  if (text_.size() > max_bytes_) return Progress::too_large;
  if (code == Z_STREAM_END) return end_of_member();
  return code == Z_OK && (stream_.avail_in != 0 || stream_.avail_out == 0) ? Progress::more : Progress::malformed;
}

// A gzip file may have several members (RFC 1952, 2.2).
Gunzip::Progress Gunzip::end_of_member() {
  if (stream_.avail_in == 0) return Progress::done;
  return inflateReset(&stream_) == Z_OK ? Progress::more : Progress::malformed;
}

}  // namespace ubiety::http

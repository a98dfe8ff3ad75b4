#include "support/faulty_spool.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "storage/sqlite/spool_file.hpp"
#include "support/generators.hpp"

namespace ubiety::test {
namespace {

constexpr std::int64_t max_bytes = 64 << 20;

std::unique_ptr<Spool> open(const std::filesystem::path& folder) {
  auto opened = sqlite::SpoolFile::open((folder / "spool.db").string(), max_bytes);
  if (!opened) throw std::runtime_error(opened.error().message);
  return std::move(*opened);
}

// An empty spool. Tests copy it instead of creating its tables each time.
const std::string& empty_file() {
  static const std::string content = [] {
    const auto folder = TemporaryDirectory::in_memory();
    open(folder.path());
    return read_file(folder.path() / "spool.db");
  }();
  return content;
}

}  // namespace

FaultySpool::FaultySpool() {
  write_file(folder_.path() / "spool.db", empty_file());
  real_ = open(folder_.path());
  if (const auto claimed = real_->claim(noon); !claimed) throw std::runtime_error(claimed.error().message);
}

std::vector<log::Row> FaultySpool::rows() {
  std::vector<log::Row> rows;
  const auto read = real_->read_all([&](log::Row&& row) { rows.push_back(std::move(row)); });
  if (!read) throw std::runtime_error(read.error().message);
  return rows;
}

std::vector<StatusUpdate> FaultySpool::updates() {
  std::vector<StatusUpdate> updates;
  for (auto& row : rows()) std::move(row.updates.begin(), row.updates.end(), std::back_inserter(updates));
  return updates;
}

}  // namespace ubiety::test

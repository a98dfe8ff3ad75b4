#include <cstdio>
#include <stdexcept>
#include <string>

#include "json/record_writer.hpp"
#include "program/commands.hpp"

namespace ubiety::program {
namespace {

using Format = config::ExportArguments::Format;
using Lines = json::RecordWriter;

constexpr std::size_t bytes_at_once = 64 * 1024;

// Writes records to standard output, many at once. Throws std::runtime_error if it takes no more.
class Output {
 public:
  explicit Output(Format format) : writer_(format == Format::csv ? Lines::Format::csv : Lines::Format::ndjson, "\n") {
    writer_.append_header(text_);
  }

  void write(const StatusUpdate& record) {
    writer_.append(text_, record.device_id, record.status);
    if (text_.size() >= bytes_at_once) flush();
  }

  void flush() {
    const bool is_written = std::fwrite(text_.data(), 1, text_.size(), stdout) == text_.size();
    if (!is_written || std::fflush(stdout) != 0) throw std::runtime_error("standard output cannot be written");
    text_.clear();
  }

 private:
  const Lines writer_;
  std::string text_;
};

Selection selection_of(const config::ExportArguments& arguments) {
  Selection selection;
  if (!arguments.device.empty()) selection.device_id = arguments.device;
  selection.prefix = arguments.prefix;
  selection.since = arguments.since;
  selection.before = arguments.before;
  return selection;
}

}  // namespace

int export_history(const config::Settings& settings, const config::ExportArguments& arguments) {
  const auto [store, exit_code] = open_migrated_store(settings);
  if (store == nullptr) return exit_code;
  const auto session = store->open();
  if (!session) return report(session.error());
  Output output(arguments.format);
  const auto read = (*session)->read_all(selection_of(arguments), [&](StatusUpdate&& record) { output.write(record); });
  output.flush();
  return read ? 0 : report(read.error());
}

}  // namespace ubiety::program

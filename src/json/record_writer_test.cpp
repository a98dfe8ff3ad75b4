#include "json/record_writer.hpp"

#include <gtest/gtest.h>

namespace ubiety::json {
namespace {

const Status status{{1'764'000'000'000'000}, {1'764'000'001'500'000}, -61, 7, false};

std::string lines(const RecordWriter& writer, std::string_view device_id) {
  std::string text;
  writer.append_header(text);
  writer.append(text, device_id, status);
  return text;
}

TEST(RecordWriter, writes_csv_with_a_header) {
  EXPECT_EQ(lines(RecordWriter(RecordWriter::Format::csv), "a b"),
            "device_id,timestamp,battery_level,rssi,online,created_at\r\n"
            "a b,2025-11-24T16:00:00Z,7,-61,false,2025-11-24T16:00:01.5Z\r\n");
}

TEST(RecordWriter, quotes_csv_only_where_required) {
  const auto line = lines(RecordWriter(RecordWriter::Format::csv, "\n"), R"("one", two)");
  EXPECT_EQ(line.substr(line.find('\n') + 1),
            "\"\"\"one\"\", two\",2025-11-24T16:00:00Z,7,-61,false,2025-11-24T16:00:01.5Z\n");
}

TEST(RecordWriter, writes_ndjson) {
  EXPECT_EQ(lines(RecordWriter(RecordWriter::Format::ndjson), "a\"b"),
            R"({"device_id":"a\"b","timestamp":"2025-11-24T16:00:00Z","battery_level":7,"rssi":-61,"online":false,)"
            "\"created_at\":\"2025-11-24T16:00:01.5Z\"}\n");
}

}  // namespace
}  // namespace ubiety::json

#include "json/second_reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "json/document_parser.hpp"
#include "json/reader.hpp"

namespace ubiety {

// For the assertions below.
static bool operator==(const Missing&, const Missing&) { return true; }
static bool operator==(const Null&, const Null&) { return true; }
static bool operator==(const Composite&, const Composite&) { return true; }

}  // namespace ubiety

namespace ubiety::json {
namespace {

// Any JSON that simdjson accepts, now and then with a fault.
rc::Gen<std::string> any_value(int depth);

rc::Gen<std::string> any_scalar() {
  return rc::gen::element<std::string>("null", "true", "false", "0", "-0", "76", "-60", "76.0", "7.6e1", "1E2",
                                       "-1e-400", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
                                       "18446744073709551615", "0.1", "123456789.123456789e-5", "\"\"",
                                       R"("a\"b\\c\/\b\f\n\r\t")", R"("\u0041\ud83d\ude00\u0000")",
                                       "\"\xC3\xA9\xF0\x9F\x98\x80\"", "\"2026-11-24T08:37:11Z\"", "tru", "01", "1.",
                                       "-", "\"", "\"\\x\"", "\"\n\"", "+1", "1e5e5", "'a'", "\"\xFF\"", "");
}

rc::Gen<std::string> any_key() {
  return rc::gen::element<std::string>(R"("device_id")", R"("timestamp")", R"("battery_level")", R"("rssi")",
                                       R"("online")", R"("rs\u0073i")", R"("extra")", R"("")", R"("a\nb")", "key");
}

std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
  std::string all;
  for (const auto& part : parts) all += (all.empty() ? "" : separator) + part;
  return all;
}

rc::Gen<std::string> any_object(int depth) {
  const auto member = rc::gen::map(rc::gen::pair(any_key(), any_value(depth)),
                                   [](const auto& pair) { return pair.first + " :" + pair.second; });
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(member),
                      [](const auto& members) { return "{" + joined(members, ",\n ") + "}"; });
}

rc::Gen<std::string> any_value(int depth) {
  if (depth == 0) return any_scalar();
  const auto array = rc::gen::map(rc::gen::container<std::vector<std::string>>(any_value(depth - 1)),
                                  [](const auto& items) { return "[" + joined(items, ", ") + "]"; });
  return rc::gen::weightedOneOf<std::string>({{6, any_scalar()}, {1, array}, {1, any_object(depth - 1)}});
}

RC_GTEST_PROP(SecondReader, reads_and_refuses_what_simdjson_does, ()) {
  const auto text = *rc::gen::oneOf(any_object(2), any_value(1));
  DocumentParser parser;
  SecondReader reader;
  const auto document = parser.parse(text);
  const auto second = reader.read_document(text);
  RC_TAG(document ? "JSON" : "not JSON");
  if (!document) {
    RC_ASSERT(!second);
    RC_ASSERT(second.error().position.has_value());
    RC_ASSERT(*second.error().position <= text.size());
    return;
  }
  const auto first = report_in(*document);
  RC_ASSERT(first.ok() == second.ok());
  if (!first) {
    RC_ASSERT(first.error().kind == second.error().kind);
    return;
  }
  RC_ASSERT(first->fields == second->fields);
  RC_ASSERT(first->repeated_keys == second->repeated_keys);
}

}  // namespace
}  // namespace ubiety::json

#include "http/metrics/metrics_format.hpp"

#include <algorithm>
#include <charconv>

#include "http/message/list_field.hpp"

namespace ubiety::http {
namespace {

constexpr std::string_view openmetrics_version = "1.0.0";

struct MediaRange {
  std::string_view type;
  std::string_view version{};
  double weight = 1;
};

MediaRange parse_range(std::string_view text) {
  MediaRange range{text.substr(0, text.find(';'))};
  range.type = trimmed(range.type);
  for_each_part(text, ';', [&range](std::string_view part) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) return true;
    const auto name = part.substr(0, equals), value = part.substr(equals + 1);
    if (is_same_word(name, "version")) range.version = value;
    if (is_same_word(name, "q")) std::from_chars(value.data(), value.data() + value.size(), range.weight);
    return true;
  });
  return range;
}

bool names_openmetrics(const MediaRange& range) {
  return is_same_word(range.type, "application/openmetrics-text") &&
         (range.version.empty() || range.version == openmetrics_version);
}

}  // namespace

std::string_view content_type_of(MetricsFormat format) {
  if (format == MetricsFormat::openmetrics) return "application/openmetrics-text; version=1.0.0; charset=utf-8";
  return "text/plain; version=0.0.4; charset=utf-8";
}

MetricsFormat preferred_metrics_format(std::string_view accept) {
  double openmetrics = 0, text = 0;
  for_each_part(accept, ',', [&](std::string_view part) {
    const auto range = parse_range(part);
    if (names_openmetrics(range)) openmetrics = std::max(openmetrics, range.weight);
    if (is_same_word(range.type, "text/plain")) text = std::max(text, range.weight);
    return true;
  });
  return openmetrics > 0 && openmetrics >= text ? MetricsFormat::openmetrics : MetricsFormat::prometheus;
}

}  // namespace ubiety::http

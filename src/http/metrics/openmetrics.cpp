#include "http/metrics/openmetrics.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace ubiety::http {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::string_view total = "_total";

// The family of a counter is called without the suffix that its one sample has.
std::string_view family_name(const MetricFamily& family) {
  std::string_view name = family.name;
  if (family.type == MetricType::Counter && name.ends_with(total)) name.remove_suffix(total.size());
  return name;
}

std::string_view name_of(MetricType type) {
  switch (type) {
    case MetricType::Counter: return "counter";
    case MetricType::Gauge: return "gauge";
    case MetricType::Histogram: return "histogram";
    case MetricType::Summary:
    case MetricType::Untyped: break;
  }
  return "unknown";
}

// A name with a unit ends in it.
std::string_view unit_of(std::string_view family) {
  for (const std::string_view unit : {"seconds", "bytes"})
    if (family.ends_with(unit) && family.size() > unit.size() && family[family.size() - unit.size() - 1] == '_')
      return unit;
  return {};
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char character : text) {
    if (character == '\n') {
      out += "\\n";
      continue;
    }
    if (character == '\\' || character == '"') out += '\\';
    out += character;
  }
}

void append_number(std::string& out, double number) {
  if (std::isnan(number)) {
    out += "NaN";
  } else if (std::isinf(number)) {
    out += number > 0 ? "+Inf" : "-Inf";
  } else {
    std::array<char, 32> text{};
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
  }
}

// A bound names a series, so it is always written in the same way: as a float, even when it is whole.
std::string bound_name(double bound) {
  if (std::isinf(bound)) return "+Inf";
  std::array<char, 512> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), bound, std::chars_format::fixed).ptr;
  std::string name(text.data(), end);
  if (name.find('.') == std::string::npos) name += ".0";
  return name;
}

void append_labels(std::string& out, const std::vector<ClientMetric::Label>& labels, std::string_view bound) {
  if (labels.empty() && bound.empty()) return;
  char separator = '{';
  const auto append = [&](std::string_view name, std::string_view value) {
    out += separator;
    out.append(name).append("=\"");
    append_escaped(out, value);
    out += '"';
    separator = ',';
  };
  for (const auto& label : labels) append(label.name, label.value);
  if (!bound.empty()) append("le", bound);
  out += '}';
}

void append_sample(std::string& out, std::string_view family, std::string_view suffix, const ClientMetric& metric,
                   double value, std::string_view bound = {}) {
  out.append(family).append(suffix);
  append_labels(out, metric.label, bound);
  out += ' ';
  append_number(out, value);
  out += '\n';
}

void append_histogram(std::string& out, std::string_view family, const ClientMetric& metric) {
  const auto& histogram = metric.histogram;
  for (const auto& bucket : histogram.bucket)
    append_sample(out, family, "_bucket", metric, static_cast<double>(bucket.cumulative_count),
                  bound_name(bucket.upper_bound));
  // With observations below zero the sum could fall: then there may be none, and without it no count.
  if (!histogram.bucket.empty() && histogram.bucket.front().upper_bound < 0) return;
  append_sample(out, family, "_count", metric, static_cast<double>(histogram.sample_count));
  append_sample(out, family, "_sum", metric, histogram.sample_sum);
}

void append_line(std::string& out, std::string_view keyword, std::string_view family, std::string_view text) {
  out.append("# ").append(keyword).append(" ").append(family).append(" ");
  append_escaped(out, text);
  out += '\n';
}

void append_family(std::string& out, const MetricFamily& family) {
  const auto name = family_name(family);
  append_line(out, "TYPE", name, name_of(family.type));
  if (const auto unit = unit_of(name); !unit.empty()) append_line(out, "UNIT", name, unit);
  append_line(out, "HELP", name, family.help);
  for (const auto& metric : family.metric) {
    if (family.type == MetricType::Counter) append_sample(out, name, total, metric, metric.counter.value);
    if (family.type == MetricType::Gauge) append_sample(out, name, {}, metric, metric.gauge.value);
    if (family.type == MetricType::Histogram) append_histogram(out, name, metric);
  }
}

}  // namespace

std::string openmetrics_text(const std::vector<MetricFamily>& families) {
  std::string text;
  for (const auto& family : families) append_family(text, family);
  text += "# EOF\n";
  return text;
}

}  // namespace ubiety::http

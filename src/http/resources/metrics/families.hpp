// Families of metrics, and their text as Prometheus reads it. One thread at a time.
#pragma once

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "telemetry/metrics.hpp"

namespace ubiety::http {

using Labels = std::vector<prometheus::ClientMetric::Label>;

// A family, to which samples are added by their labels.
class Family {
 public:
  explicit Family(prometheus::MetricFamily& family) : family_(family) {}

  template <class Number>
  void add(Labels labels, const Number& number) {
    auto& sample = new_sample(std::move(labels));
    auto& value = family_.type == prometheus::MetricType::Counter ? sample.counter.value : sample.gauge.value;
    value = static_cast<double>(number);
  }
  void add(Labels labels, const Histogram& histogram) {
    auto& sample = new_sample(std::move(labels)).histogram;
    const auto& bounds = histogram.upper_bounds();
    for (std::size_t bucket = 0; bucket <= bounds.size(); ++bucket) {
      sample.sample_count += histogram.count(bucket);
      const auto bound = bucket < bounds.size() ? bounds[bucket] : std::numeric_limits<double>::infinity();
      sample.bucket.push_back({sample.sample_count, bound});
    }
    sample.sample_sum = histogram.sum();
  }

 private:
  prometheus::ClientMetric& new_sample(Labels labels) {
    auto& sample = family_.metric.emplace_back();
    sample.label = std::move(labels);
    return sample;
  }

  prometheus::MetricFamily& family_;
};

// A gauge of many series. Each is written at once, in a fifth of the time that prometheus-cpp takes.
class ManySeries {
 public:
  using Label = std::pair<std::string_view, std::string_view>;

  // Appends to `out`, which outlives this.
  ManySeries(std::string& out, std::string_view name, std::string_view help) : out_(out), name_(name) {
    out_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    out_.append("# TYPE ").append(name).append(" gauge\n");
  }

  void add(std::initializer_list<Label> labels, std::uint64_t value) {
    out_.append(name_);
    auto delimiter = '{';
    for (const auto& [name, text] : labels) {
      out_ += std::exchange(delimiter, ',');
      out_.append(name).append("=\"");
      append_escaped(text);
      out_ += '"';
    }
    out_.append("} ").append(std::to_string(value)) += '\n';
  }

 private:
  void append_escaped(std::string_view text) {
    for (const char c : text) {
      if (c == '\\' || c == '"') out_ += '\\';
      if (c == '\n')
        out_.append("\\n");
      else
        out_ += c;
    }
  }

  std::string& out_;
  const std::string name_;
};

class Families {
 public:
  // A family of one sample without labels.
  template <class Number>
  void gauge(std::string name, std::string help, const Number& value) {
    add(std::move(name), std::move(help), prometheus::MetricType::Gauge).add({}, value);
  }
  template <class Number>
  void counter(std::string name, std::string help, const Number& value) {
    add(std::move(name), std::move(help), prometheus::MetricType::Counter).add({}, value);
  }
  void histogram(std::string name, std::string help, const Histogram& histogram) {
    add(std::move(name), std::move(help), prometheus::MetricType::Histogram).add({}, histogram);
  }
  // Valid until the next family is added.
  Family add(std::string name, std::string help, prometheus::MetricType type) {
    return Family(families_.emplace_back(prometheus::MetricFamily{std::move(name), std::move(help), type, {}}));
  }

  // Valid until the next is added.
  ManySeries add_many(std::string_view name, std::string_view help) { return {many_, name, help}; }

  std::string text() const { return prometheus::TextSerializer{}.Serialize(families_) + many_; }

 private:
  std::string many_;
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace ubiety::http

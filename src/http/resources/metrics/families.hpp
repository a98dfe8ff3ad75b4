// Families of metrics, and their text as Prometheus reads it. One thread at a time.
#pragma once

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>
#include <string>
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

  std::string text() const { return prometheus::TextSerializer{}.Serialize(families_); }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace ubiety::http

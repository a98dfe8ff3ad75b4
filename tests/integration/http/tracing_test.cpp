// What a collector of traces gets, and that the service serves on without it.
#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/metrics.hpp"
#include "support/trace_collector.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736", caller = "00f067aa0ba902b7";
const std::string sampled = "00-" + trace + "-" + caller + "-01";
const std::string not_sampled = "00-" + trace + "-" + caller + "-00";

class Tracing : public ::testing::TestWithParam<StoreKind> {
 protected:
  void start(const Environment& settings = {}) {
    service_.settings()["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector_.url();
    service_.settings()["OTEL_BSP_SCHEDULE_DELAY"] = "20";
    for (const auto& [name, value] : settings) service_.settings()[name] = value;
    service_.start();
  }
  HttpResponse ask(const Headers& headers, const std::string& target = "/status/nobody") {
    return HttpClient(service_.port()).request("GET", target, headers);
  }
  HttpResponse post(const std::string& target, const std::string& body, Headers headers) {
    headers.emplace_back("Content-Type", "application/json");
    return HttpClient(service_.port()).request("POST", target, headers, body);
  }
  // Those of the trace, when so many have come.
  std::vector<Json> spans_of(const std::string& trace_id, std::size_t count) {
    std::vector<Json> found;
    const auto all_came = [&] {
      found.clear();
      for (auto& span : collector_.spans())
        if (span["traceId"].text() == trace_id) found.push_back(span);
      return found.size() >= count;
    };
    EXPECT_TRUE(wait_until(all_came, 10s));
    return found;
  }
  static std::string value_of(Json span, const std::string& name) {
    for (auto& attribute : span["attributes"].elements())
      if (attribute["key"].text() == name) return attribute["value"].dump();
    return "absent";
  }
  static Json named(const std::vector<Json>& spans, const std::string& name) {
    for (const auto& span : spans)
      if (span["name"].text() == name) return span;
    throw std::runtime_error("no span " + name);
  }

  TraceCollector collector_;
  ServiceProcess service_{with_new_database(GetParam())};
};

TEST_P(Tracing, follows_an_update_from_its_request_to_its_commit) {
  start({{"OTEL_SERVICE_NAME", "fleet"}, {"OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b,x-other=c"}});
  const auto answer =
      post("/status", Report{.device_id = "a"}.json(), {{"traceparent", sampled}, {"X-Request-ID", "q"}});
  ASSERT_EQ(answer.status, 200);
  const auto spans = spans_of(trace, 3);
  ASSERT_EQ(spans.size(), 3u);
  const auto request = named(spans, "POST /status"), shard = named(spans, "shard"), commit = named(spans, "commit");
  EXPECT_EQ(request["parentSpanId"].text(), caller);
  EXPECT_EQ(shard["parentSpanId"].text(), request["spanId"].text());
  EXPECT_EQ(commit["parentSpanId"].text(), shard["spanId"].text());
  EXPECT_EQ(answer.header("traceparent"), "00-" + trace + "-" + request["spanId"].text() + "-01");

  EXPECT_EQ(request["kind"].integer(), 2);
  EXPECT_EQ(value_of(request, "http.response.status_code"), R"({"intValue":"200"})");
  EXPECT_EQ(value_of(request, "http.route"), R"({"stringValue":"/status"})");
  EXPECT_EQ(value_of(request, "ubiety.request_id"), R"({"stringValue":"q"})");
  EXPECT_EQ(value_of(commit, "ubiety.batch.updates"), R"({"intValue":"1"})");

  const auto began = [](const Json& span) { return std::stoll(span["startTimeUnixNano"].text()); };
  const auto ended = [](const Json& span) { return std::stoll(span["endTimeUnixNano"].text()); };
  EXPECT_LE(began(request), began(shard));
  EXPECT_LE(began(shard), began(commit));
  EXPECT_LT(began(commit), ended(commit));
  EXPECT_LE(ended(commit), ended(shard));
  EXPECT_LE(ended(shard), ended(request));
  EXPECT_LT(std::abs(began(request) / 1'000'000'000 - static_cast<long long>(std::time(nullptr))), 60);

  const auto head = collector_.heads().front();
  EXPECT_TRUE(head.starts_with("POST /v1/traces HTTP/1.1\r\n")) << head;
  EXPECT_NE(head.find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_NE(head.find("api-key: a b\r\n"), std::string::npos);
  EXPECT_NE(head.find("x-other: c\r\n"), std::string::npos);
  EXPECT_NE(collector_.bodies().front().find(R"({"key":"service.name","value":{"stringValue":"fleet"}})"),
            std::string::npos);
  EXPECT_TRUE(wait_until([&] { return scrape(service_.port()).at("ubiety_trace_exported_spans_total") >= 3; }, 5s));
}

TEST_P(Tracing, follows_a_batch_through_each_of_its_shards) {
  start();
  std::string body = "[" + Report{.device_id = "device-0"}.json();
  for (int i = 1; i < 40; ++i) body += "," + Report{.device_id = "device-" + std::to_string(i)}.json();
  ASSERT_EQ(post("/status/batch", body + "]", {{"traceparent", sampled}}).status, 200);
  const auto spans = spans_of(trace, 5);
  EXPECT_EQ(spans.size(), 5u) << "the request, two shards, and a commit of each";
}

TEST_P(Tracing, begins_a_trace_when_a_client_brings_none_or_a_malformed_one) {
  start();
  for (const std::string& malformed :
       {std::string(), sampled.substr(0, 54), "00-" + std::string(32, '0') + "-" + caller + "-01",
        "ff" + sampled.substr(2), std::string("\"}], x"), sampled + "," + sampled, std::string(4000, 'a')}) {
    const auto answer = ask(malformed.empty() ? Headers{} : Headers{{"traceparent", malformed}});
    EXPECT_EQ(answer.status, 404);
    const auto given = answer.header("traceparent");
    ASSERT_EQ(given.size(), 55u);
    EXPECT_TRUE(given.ends_with("-01"));
    const auto spans = spans_of(given.substr(3, 32), 1);
    ASSERT_EQ(spans.size(), 1u);
    EXPECT_NE(given.substr(3, 32), trace);
    EXPECT_EQ(spans[0]["spanId"].text(), given.substr(36, 16));
    EXPECT_FALSE(spans[0].contains("parentSpanId"));
  }
}

TEST_P(Tracing, samples_as_the_caller_has_decided) {
  start({{"OTEL_TRACES_SAMPLER", "parentbased_traceidratio"}, {"OTEL_TRACES_SAMPLER_ARG", "0"}});
  const auto not_traced = ask({{"traceparent", not_sampled}});
  EXPECT_TRUE(not_traced.header("traceparent").starts_with("00-" + trace));
  EXPECT_TRUE(not_traced.header("traceparent").ends_with("-00"));
  EXPECT_TRUE(ask({}).header("traceparent").ends_with("-00")) << "the ratio is 0";
  const auto traced = ask({{"traceparent", sampled}});
  EXPECT_TRUE(traced.header("traceparent").ends_with("-01"));
  EXPECT_EQ(service_.terminate(), 0);  // which sends what waits
  EXPECT_EQ(collector_.spans().size(), 1u);
}

TEST_P(Tracing, are_sent_at_a_stop_whatever_the_delay) {
  start({{"OTEL_BSP_SCHEDULE_DELAY", "600000"}});
  ask({{"traceparent", sampled}});
  EXPECT_EQ(service_.terminate(), 0);
  EXPECT_EQ(spans_of(trace, 1).size(), 1u);
}

UBIETY_WITH_EACH_STORE(Tracing);

class TracingTrouble : public ::testing::Test {
 protected:
  void serves(const Environment& settings) {
    ServiceProcess service(settings);
    service.start();
    HttpClient client(service.port());
    for (int i = 0; i < 50; ++i) EXPECT_EQ(client.post("/status", Report{.device_id = "a"}.json()).status, 200);
    EXPECT_TRUE(wait_until([&] { return scrape(service.port()).at("ubiety_trace_dropped_spans_total") > 0; }, 20s));
    EXPECT_EQ(client.post("/status", Report{.device_id = "a"}.json()).status, 200);
    EXPECT_EQ(service.terminate(), 0);
    EXPECT_NE(service.log().find("the collector does not accept spans"), std::string::npos) << service.log();
  }
};

TEST_F(TracingTrouble, is_counted_when_the_collector_is_away) {
  const FreePort nobody_listens;
  serves({{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:" + std::to_string(nobody_listens.number())},
          {"OTEL_BSP_SCHEDULE_DELAY", "20"}});
}

TEST_F(TracingTrouble, is_counted_when_the_collector_refuses) {
  TraceCollector collector;
  collector.answer_with(503);
  serves({{"OTEL_EXPORTER_OTLP_ENDPOINT", collector.url() + "/"}, {"OTEL_BSP_SCHEDULE_DELAY", "20"}});
  EXPECT_TRUE(collector.heads().front().starts_with("POST /v1/traces "));
}

TEST_F(TracingTrouble, is_none_when_it_is_disabled) {
  TraceCollector collector;
  ServiceProcess service(Environment{{"OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()}, {"OTEL_SDK_DISABLED", "true"}});
  service.start();
  const auto answer = HttpClient(service.port()).request("GET", "/health", {{"traceparent", sampled}});
  EXPECT_EQ(answer.header("traceparent"), "");
  EXPECT_EQ(service.terminate(), 0);
  EXPECT_TRUE(collector.heads().empty());
}

}  // namespace
}  // namespace ubiety::test

// The service with TLS_CERT and TLS_KEY, as clients and its operator see it.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "support/batch.hpp"
#include "support/certificate.hpp"
#include "support/gunzip.hpp"
#include "support/http_client.hpp"
#include "support/json.hpp"
#include "support/report.hpp"
#include "support/service_log.hpp"
#include "support/service_process.hpp"
#include "support/temporary_directory.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

// A program without the tests' own TLS, such as curl.
Finished run_program(const std::filesystem::path& folder, const std::string& command) {
  return run({{"/bin/sh", "-c", command}, basic_environment(), folder, {}, {}, {}}, 60s);
}

class Tls : public ::testing::Test {
 protected:
  Tls() { service_.start(); }

  HttpClient connect() { return {service_.port(), certificate_.certificate}; }

  Finished curl(const std::string& arguments, const std::string& path) {
    return run_program(folder_.path(), "curl --silent --show-error --cacert server.crt " + arguments +
                                           " https://localhost:" + std::to_string(service_.port()) + path);
  }
  Finished openssl_client(const std::string& arguments, const std::string& input) {
    return run_program(folder_.path(), "printf '" + input + "' | openssl s_client -connect 127.0.0.1:" +
                                           std::to_string(service_.port()) + " -CAfile server.crt " + arguments);
  }

  void put_in_place(const Certificate& other) {
    write_file(certificate_.certificate, read_file(other.certificate));
    write_file(certificate_.key, read_file(other.key));
  }
  bool logs(std::string_view event) { return wait_for_log(service_, event); }
  double metric(const std::string& name) {
    const auto page = connect().get("/metrics").body;
    const auto at = page.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(page.substr(at + name.size() + 2));
  }

  TemporaryDirectory folder_;
  Certificate certificate_ = make_certificate(folder_.path());
  ServiceProcess service_{Environment{
      {"TLS_CERT", certificate_.certificate}, {"TLS_KEY", certificate_.key}, {"CORS_ORIGINS", "https://a.example"}}};
};

TEST_F(Tls, takes_a_report_from_a_client_that_verifies) {
  const auto device = fresh_device();
  write_file(folder_.path() / "report", Report{.device_id = device}.json());
  const auto post = curl("--data-binary @report --header 'Content-Type: application/json'", "/status");
  EXPECT_TRUE(post.status.is_success()) << post.error;
  EXPECT_EQ(Json(post.output)["device_id"].text(), device);
  const auto get = curl("", "/status/" + device);
  EXPECT_EQ(Json(get.output)["battery_level"].integer(), 76) << get.error;
  constexpr int not_trusted = 60;
  make_certificate(folder_.path(), "another");
  EXPECT_EQ(curl("--cacert another.crt", "/health").status.code, not_trusted);
}

TEST_F(Tls, speaks_nothing_older_than_tls_1_2) {
  constexpr int no_connection = 35;
  const std::string anything = "--ciphers ALL:@SECLEVEL=0 ";
  EXPECT_EQ(curl(anything + "--tlsv1.0 --tls-max 1.1", "/health").status.code, no_connection);
  EXPECT_TRUE(curl(anything + "--tlsv1.2 --tls-max 1.2", "/health").status.is_success());
  EXPECT_TRUE(curl("--tlsv1.3", "/health").status.is_success());
}

TEST_F(Tls, takes_only_ciphers_with_forward_secrecy) {
  constexpr int no_connection = 35;
  const std::string tls_1_2 = "--tls-max 1.2 --ciphers ";
  EXPECT_EQ(curl(tls_1_2 + "AES128-GCM-SHA256:AES256-SHA", "/health").status.code, no_connection);
  EXPECT_EQ(curl(tls_1_2 + "ECDHE-ECDSA-AES128-SHA", "/health").status.code, no_connection);
  EXPECT_TRUE(curl(tls_1_2 + "ECDHE-ECDSA-AES128-GCM-SHA256", "/health").status.is_success());
}

TEST_F(Tls, says_that_it_speaks_http_1_1) {
  const auto known = openssl_client("-alpn h2,http/1.1", "");
  EXPECT_NE(known.output.find("ALPN protocol: http/1.1"), std::string::npos) << known.output;
  const auto unknown = openssl_client("-alpn h2", "");
  EXPECT_NE(unknown.error.find("no application protocol"), std::string::npos) << unknown.error;
}

TEST_F(Tls, resumes_a_session_and_does_not_renegotiate) {
  const std::string ask = "GET /health/live HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n";
  for (const std::string version : {"-tls1_2 ", "-tls1_3 "}) {
    openssl_client(version + "-ign_eof -sess_out session", ask);
    const auto again = openssl_client(version + "-ign_eof -sess_in session", ask);
    EXPECT_NE(again.output.find("Reused, TLS"), std::string::npos) << version << again.output << again.error;
  }
  const auto renegotiation = openssl_client("-tls1_2", "R\\n");
  EXPECT_NE(renegotiation.error.find("no renegotiation"), std::string::npos) << renegotiation.error;
}

TEST_F(Tls, answers_plain_http_in_plain_http) {
  for (int round = 0; round < 20; ++round) {
    const auto answer = run_program(folder_.path(), "curl --silent --include --max-time 10 http://127.0.0.1:" +
                                                        std::to_string(service_.port()) + "/health");
    EXPECT_TRUE(answer.output.starts_with("HTTP/1.1 400 ")) << answer.output;
    EXPECT_TRUE(answer.output.ends_with("\r\n\r\n{\"detail\":\"this port speaks TLS: use https://\"}"))
        << answer.output;
  }
  EXPECT_EQ(metric("ubiety_http_connections"), 1) << "only the one that asks";
}

TEST_F(Tls, answers_plain_http_with_the_fields_of_every_answer) {
  for (const std::string line : {"GET /health", "HEAD /health", "OPTIONS *", "DELETE /status", "CONNECT a:443",
                                 "BREW /", "POST /status", "PUT /status", "\r\nGET /health", "get /health"}) {
    SCOPED_TRACE(line);
    HttpClient client(service_.port());
    client.send_raw(line + " HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\n");
    client.send_raw("X-Request-ID: mine\r\nContent-Length: 3\r\n\r\n{}\n");
    const auto answer = client.read_until_close();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << answer;
    for (const std::string field : {"Connection: close", "X-Request-ID: mine", "Content-Type: application/json",
                                    "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
                                    "Access-Control-Allow-Origin: https://a.example", "Date: "})
      EXPECT_NE(answer.find("\r\n" + field), std::string::npos) << field << '\n' << answer;
    EXPECT_EQ(answer.find("Strict-Transport-Security"), std::string::npos) << "RFC 6797, 7.2: not in plain text";
    EXPECT_EQ(answer.ends_with("\r\n\r\n"), line == "HEAD /health") << "a HEAD gets no body";
  }
  EXPECT_EQ(connect().get("/health").status, 200);
}

TEST_F(Tls, tells_browsers_to_stay_with_it) {
  for (const std::string request :
       {"GET /health HTTP/1.1\r\nHost: a\r\n\r\n", "GET /unknown HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "GET / HTTP/1.1\r\nno header\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n"}) {
    auto client = connect();
    client.send_raw(request);
    EXPECT_EQ(client.read_response().header("Strict-Transport-Security"), "max-age=31536000; includeSubDomains")
        << request;
  }
}

TEST_F(Tls, says_continue) {
  const auto device = fresh_device();
  write_file(folder_.path() / "report", Report{.device_id = device}.json());
  // Long before curl would send the body without being told to.
  const auto post = curl(
      "--max-time 10 --expect100-timeout 60 --header 'Expect: 100-continue' --data-binary @report "
      "--header 'Content-Type: application/json'",
      "/status");
  EXPECT_TRUE(post.status.is_success()) << post.error;
  EXPECT_EQ(Json(post.output)["device_id"].text(), device);
}

TEST_F(Tls, a_refused_client_that_sends_on_gets_its_answer_and_a_farewell) {
  auto client = connect();
  const std::string more(4 << 20, 'x');
  client.send_raw("POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n" + more);
  EXPECT_EQ(client.read_response().status, 413);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(Tls, large_summaries_come_whole_also_to_a_slow_reader) {
  constexpr int batches = 20, devices = 1000;
  auto client = connect();
  for (int batch = 0; batch < batches; ++batch) {
    std::vector<std::string> reports;
    for (int i = 0; i < devices; ++i)
      reports.push_back(Report{.device_id = std::to_string(batch * devices + i) + "-" + std::string(200, 'x')}.json());
    ASSERT_EQ(post_batch(client, ndjson_of(reports)).status, 200);
  }
  // Six megabytes, more than the sockets take as long as nobody reads.
  auto slow = connect();
  slow.send_raw(format_request("a", "GET", "/status/summary"));
  const auto quick = client.get("/status/summary");
  EXPECT_EQ(quick.status, 200);
  EXPECT_EQ(Json(quick.body)["devices"].size(), std::size_t{batches * devices});
  EXPECT_EQ(slow.read_response().body, quick.body);
  const auto zipped = client.request("GET", "/status/summary", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(gunzip(zipped.body), quick.body);
  EXPECT_EQ(client.get("/health/live").status, 200) << "the connection is still good";
}

TEST_F(Tls, sighup_brings_a_new_certificate_for_new_connections) {
  auto open = connect();
  const auto expiry = metric("ubiety_tls_certificate_expiry_timestamp_seconds");
  EXPECT_NEAR(expiry, static_cast<double>(std::time(nullptr)) + 86'400, 600);
  const auto old = folder_.path() / "old.crt";
  std::filesystem::copy_file(certificate_.certificate, old);
  put_in_place(make_certificate(folder_.path(), "renewed", 3));
  service_.process().send_signal(SIGHUP);
  const auto is_new = [&] {
    return service_.log().find("certificate loaded", service_.log().find("started")) != std::string::npos;
  };
  ASSERT_TRUE(wait_until(is_new, 10s)) << service_.log();
  EXPECT_EQ(open.get("/health/live").status, 200);
  EXPECT_EQ(connect().get("/health/live").status, 200);
  EXPECT_THROW(HttpClient(service_.port(), old), HttpError) << "the old one is not shown any more";
  EXPECT_NEAR(metric("ubiety_tls_certificate_expiry_timestamp_seconds"), expiry + 2 * 86'400, 600);
}

TEST_F(Tls, sighup_with_bad_files_changes_nothing) {
  const auto trusted = folder_.path() / "trusted.crt";
  std::filesystem::copy_file(certificate_.certificate, trusted);
  auto open = connect();
  const auto expect_old = [&](const std::string& reason) {
    service_.process().send_signal(SIGHUP);
    EXPECT_TRUE(logs(reason)) << service_.log();
    EXPECT_EQ(open.get("/health/live").status, 200);
    EXPECT_EQ(HttpClient(service_.port(), trusted).get("/health/live").status, 200);
  };
  const auto key = read_file(certificate_.key);
  write_file(certificate_.key, read_file(make_certificate(folder_.path(), "other").key));
  expect_old("key values mismatch");
  write_file(certificate_.key, key);
  write_file(certificate_.certificate, "nonsense");
  expect_old("no start line");
  std::filesystem::remove(certificate_.certificate);
  expect_old("No such file or directory");
  EXPECT_TRUE(logs("the certificate stays as it was"));
}

TEST(TlsHandshake, ends_the_connection_when_it_stalls) {
  const TemporaryDirectory folder;
  const auto certificate = make_certificate(folder.path());
  ServiceProcess service{{{"TLS_CERT", certificate.certificate}, {"TLS_KEY", certificate.key}, {"HEAD_TIMEOUT", "1"}}};
  service.start();
  for (const std::string& begin : {std::string(), std::string("\x16\x03\x01\x02")}) {
    HttpClient client(service.port());
    const auto began = std::chrono::steady_clock::now();
    client.send_raw(begin);
    EXPECT_TRUE(client.is_closed_by_server());
    EXPECT_GE(std::chrono::steady_clock::now() - began, 1s);
    EXPECT_LT(std::chrono::steady_clock::now() - began, time_limit(2s));
  }
  EXPECT_EQ(service.terminate(), 0) << service.log();
}

TEST(WithoutTls, sighup_ends_nothing) {
  ServiceProcess service;
  service.start();
  service.process().send_signal(SIGHUP);
  EXPECT_TRUE(wait_for_log(service, "nothing to reload"));
  EXPECT_EQ(HttpClient(service.port()).get("/health/live").status, 200);
  EXPECT_EQ(service.terminate(), 0);
}

// Expects one clear line, and no start.
void expect_refusal(const Environment& settings, const std::string& named) {
  const auto finished = run_ubietyd({}, settings);
  EXPECT_EQ(finished.status.code, 2);
  EXPECT_EQ(finished.output, "");
  EXPECT_TRUE(finished.error.starts_with("ubietyd: " + named)) << finished.error;
  EXPECT_EQ(std::count(finished.error.begin(), finished.error.end(), '\n'), 1) << finished.error;
}

TEST(SettingsOfTls, stop_the_start_when_they_are_no_good) {
  const TemporaryDirectory folder;
  const auto good = make_certificate(folder.path(), "good"), other = make_certificate(folder.path(), "other");
  const auto absent = (folder.path() / "absent").string();
  expect_refusal({{"TLS_CERT", good.certificate}}, "TLS_KEY: missing");
  expect_refusal({{"TLS_KEY", good.key}}, "TLS_CERT: missing");
  expect_refusal({{"TLS_CERT", absent}, {"TLS_KEY", good.key}}, "TLS_CERT: " + absent + ": No such file");
  expect_refusal({{"TLS_CERT", good.certificate}, {"TLS_KEY", absent}}, "TLS_KEY: " + absent + ": No such file");
  expect_refusal({{"TLS_CERT", good.certificate}, {"TLS_KEY", other.key}}, "TLS_KEY: " + other.key.string());
  const auto sealed = (folder.path() / "sealed.key").string();
  const auto sealing =
      run_program(folder.path(), "openssl ec -aes128 -passout pass:secret -in good.key -out sealed.key");
  ASSERT_TRUE(sealing.status.is_success()) << sealing.error;
  expect_refusal({{"TLS_CERT", good.certificate}, {"TLS_KEY", sealed}}, "TLS_KEY: " + sealed);
}

}  // namespace
}  // namespace ubiety::test

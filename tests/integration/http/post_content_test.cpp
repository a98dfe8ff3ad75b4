#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/gunzip.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

constexpr std::size_t most_bytes = 65536;  // MAX_BODY_BYTES

class PostBody : public ServiceTest {};

std::string padded(const std::string& device, std::size_t size) {
  auto body = Report{.device_id = device}.json();
  return body + std::string(size - body.size(), ' ');
}

TEST_F(PostBody, is_refused_with_a_media_type_other_than_json) {
  for (const char* type : {"text/plain", "text/json", "application/x-www-form-urlencoded", "application/xml",
                           "multipart/form-data; boundary=a", "application/jsonp", "application/json5", "json",
                           "application/octet-stream", "image/svg+json"}) {
    SCOPED_TRACE(type);
    const auto device = fresh_device();
    const auto response =
        client_.request("POST", "/status", {{"Content-Type", type}}, Report{.device_id = device}.json());
    EXPECT_EQ(response.status, 415);
    EXPECT_EQ(response.header("Accept"), "application/json, application/*+json");
    EXPECT_FALSE(Json(response.body)["detail"].text().empty());
    EXPECT_EQ(client_.get("/status/" + device).status, 404);
  }
}

TEST_F(PostBody, may_be_the_largest_and_not_a_byte_more) {
  EXPECT_EQ(client_.post("/status", padded(fresh_device(), most_bytes)).status, 200);
  const auto device = fresh_device();
  const auto response = client_.post("/status", padded(device, most_bytes + 1));
  EXPECT_EQ(response.status, 413);
  EXPECT_FALSE(Json(response.body)["detail"].text().empty());
  EXPECT_EQ(HttpClient(service_.port()).get("/status/" + device).status, 404);
}

TEST_F(PostBody, may_be_gzipped) {
  for (const auto* const coding : {"gzip", "GZIP", "x-gzip", "identity, gzip"}) {
    const auto device = fresh_device();
    const Headers headers{{"Content-Type", "application/json"}, {"Content-Encoding", coding}};
    EXPECT_EQ(client_.request("POST", "/status", headers, gzip(Report{.device_id = device}.json())).status, 200);
    EXPECT_EQ(client_.get("/status/" + device).status, 200) << coding;
  }
  const Headers plain{{"Content-Encoding", "identity"}};
  EXPECT_EQ(client_.request("POST", "/status", plain, Report{.device_id = fresh_device()}.json()).status, 200);
  EXPECT_EQ(client_.request("POST", "/status", {{"Content-Encoding", "gzip"}}, gzip("{}")).status, 422);
}

TEST_F(PostBody, may_inflate_to_the_largest_and_not_a_byte_more) {
  const Headers gzipped{{"Content-Encoding", "gzip"}};
  EXPECT_EQ(client_.request("POST", "/status", gzipped, gzip(padded(fresh_device(), most_bytes))).status, 200);
  const auto device = fresh_device();
  for (const auto& body : {padded(device, most_bytes + 1), std::string(40'000'000, ' ')}) {
    const auto response = client_.request("POST", "/status", gzipped, gzip(body));
    EXPECT_EQ(response.status, 413);
    EXPECT_FALSE(Json(response.body)["detail"].text().empty());
  }
  EXPECT_EQ(client_.get("/status/" + device).status, 404);
}

TEST_F(PostBody, is_refused_when_its_gzip_is_none_or_damaged) {
  const auto device = fresh_device();
  const auto good = gzip(Report{.device_id = device}.json());
  for (const auto& body : {Report{.device_id = device}.json(), std::string(), good.substr(0, good.size() - 1),
                           good.substr(0, 12), good + "x", gzip(good)}) {
    const auto response = client_.request("POST", "/status", {{"Content-Encoding", "gzip"}}, body);
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(Json(response.body).contains("detail"));
  }
  EXPECT_EQ(client_.get("/status/" + device).status, 404);
}

TEST_F(PostBody, is_refused_in_another_content_coding) {
  const auto device = fresh_device();
  for (const auto* const coding :
       {"br", "zstd", "deflate", "compress", "aes128gcm", "gzip, gzip", "gzip, br", "nonsense"}) {
    const auto response =
        client_.request("POST", "/status", {{"Content-Encoding", coding}}, Report{.device_id = device}.json());
    EXPECT_EQ(response.status, 415) << coding;
    EXPECT_EQ(response.header("Accept-Encoding"), "gzip");
    EXPECT_EQ(response.body, R"({"detail":"the only Content-Encoding is gzip"})");
  }
  EXPECT_EQ(client_.get("/status/" + device).status, 404);
}

// RFC 9112, 6.3: it has no body.
TEST_F(PostBody, is_missing_without_a_length) {
  const std::string empty = R"({"detail":[{"loc":["body"],"msg":"field required","type":"value_error.missing"}]})";
  for (const auto* const head :
       {"POST /status HTTP/1.1\r\nHost: a\r\n", "POST /status HTTP/1.0\r\n",
        "POST /status HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
        "POST /status HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n", "POST /status/batch HTTP/1.1\r\nHost: a\r\n"}) {
    HttpClient client(service_.port());
    client.send_raw(std::string(head) + "\r\n");
    const auto response = client.read_response();
    EXPECT_EQ(response.status, 422) << head;
    EXPECT_EQ(response.body, empty) << head;
  }
}

// What is sent as a body is the next request.
TEST_F(PostBody, is_another_request_behind_a_head_without_a_length) {
  const auto device = fresh_device();
  for (const auto* const head : {"POST /status HTTP/1.1\r\nHost: a\r\n\r\n", "POST /status HTTP/1.0\r\n\r\n"}) {
    HttpClient client(service_.port());
    client.send_raw(head + Report{.device_id = device}.json());
    client.close_sending();
    EXPECT_EQ(client.read_response().status, 422);
    client.read_until_close();
  }
  EXPECT_EQ(client_.get("/status/" + device).status, 404);
}

TEST_F(PostBody, is_refused_before_it_comes_when_its_length_is_too_large) {
  for (const char* length : {"65537", "1000000000", "18446744073709551615"}) {
    HttpClient client(service_.port());
    client.send_raw(std::string("POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: ") + length + "\r\n\r\n");
    EXPECT_EQ(client.read_response().status, 413) << length;
  }
}

TEST_F(PostBody, is_refused_in_chunks_that_are_too_many) {
  client_.send_raw("POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "1000\r\n" + std::string(0x1000, ' ') + "\r\n";
  for (std::size_t sent = 0; sent <= most_bytes; sent += 0x1000) client_.send_raw(chunk);
  EXPECT_EQ(client_.read_response().status, 413);
}

TEST_F(PostBody, is_answered_after_megabytes_too) {
  // A server that closes before it has read what is on its way loses its own answer.
  try {
    client_.send_raw(format_request("a", "POST", "/status", {}, std::string(8 * 1024 * 1024, ' ')));
  } catch (const ConnectionClosed&) {
    // It need not read all of it.
  }
  EXPECT_EQ(client_.read_response().status, 413);
}

}  // namespace
}  // namespace ubiety::test

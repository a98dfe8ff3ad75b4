#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

constexpr std::size_t most_bytes = 65536;  // MAX_BODY_BYTES

class PostContent : public ServiceTest {};

std::string padded(const std::string& device, std::size_t size) {
  auto body = Report{.device_id = device}.json();
  return body + std::string(size - body.size(), ' ');
}

TEST_F(PostContent, a_media_type_that_is_not_json) {
  for (const char* type : {"text/plain", "text/json", "application/x-www-form-urlencoded", "application/xml",
                           "multipart/form-data; boundary=a", "application/jsonp", "application/json5", "json",
                           "application/octet-stream", "image/svg+json"}) {
    SCOPED_TRACE(type);
    const auto device = fresh_device();
    const auto response =
        client_.request("POST", "/status", {{"Content-Type", type}}, Report{.device_id = device}.json());
    EXPECT_EQ(response.status, 415);
    EXPECT_FALSE(Json(response.body)["detail"].text().empty());
    EXPECT_EQ(client_.get("/status/" + device).status, 404);
  }
}

TEST_F(PostContent, the_largest_body_and_one_byte_more) {
  EXPECT_EQ(client_.post("/status", padded(fresh_device(), most_bytes)).status, 200);
  const auto device = fresh_device();
  const auto response = client_.post("/status", padded(device, most_bytes + 1));
  EXPECT_EQ(response.status, 413);
  EXPECT_FALSE(Json(response.body)["detail"].text().empty());
  EXPECT_EQ(HttpClient(service_.port()).get("/status/" + device).status, 404);
}

TEST_F(PostContent, a_length_too_large_is_refused_before_the_body_comes) {
  for (const char* length : {"65537", "1000000000", "18446744073709551615"}) {
    HttpClient client(service_.port());
    client.send_raw(std::string("POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: ") + length + "\r\n\r\n");
    EXPECT_EQ(client.read_response().status, 413) << length;
  }
}

TEST_F(PostContent, a_body_in_chunks_too_large) {
  client_.send_raw("POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "1000\r\n" + std::string(0x1000, ' ') + "\r\n";
  for (std::size_t sent = 0; sent <= most_bytes; sent += 0x1000) client_.send_raw(chunk);
  EXPECT_EQ(client_.read_response().status, 413);
}

TEST_F(PostContent, megabytes_get_the_answer_too) {
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

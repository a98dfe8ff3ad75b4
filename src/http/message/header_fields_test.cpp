#include "http/message/header_fields.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ubiety::http {
namespace {

TEST(ContentCoding, is_gzip_where_it_is_accepted) {
  for (const auto* field : {"gzip", "GZip", "x-gzip", "br, gzip", "gzip;q=0.5, br", "deflate , gzip ; q=0.001", "*",
                            "br;q=1.0, *;q=0.1", "gzip;q=1", ",gzip,"})
    EXPECT_TRUE(accepts_gzip(field)) << field;
}

TEST(ContentCoding, is_none_where_gzip_is_not_accepted) {
  EXPECT_FALSE(accepts_gzip(std::nullopt));
  for (const auto* field : {"", "br", "identity", "gzip;q=0", "gzip; q=0.000", "GZIP;Q=0", "*;q=0", "gzip;q=0, *",
                            "gzipped", "agzip", "deflate;gzip"})
    EXPECT_FALSE(accepts_gzip(field)) << field;
}

TEST(ContentCoding, is_gzip_at_most_once_for_a_body) {
  for (const auto* field : {"", ",", "identity", "Identity, ,"})
    EXPECT_EQ(content_coding_of(field), ContentCoding::identity) << field;
  for (const auto* field : {"gzip", "GZip", "x-gzip", ", gzip,", "identity, gzip", "gzip,identity"})
    EXPECT_EQ(content_coding_of(field), ContentCoding::gzip) << field;
  for (const auto* field : {"br", "deflate", "gzip, gzip", "gzip,x-gzip", "gzip, br", "br, gzip", "gzipped", "gzip;q=1",
                            "gzip gzip", "*", "gzip, br, identity"})
    EXPECT_EQ(content_coding_of(field), ContentCoding::other) << field;
}

TEST(Accept, takes_a_page) {
  for (const auto* field :
       {"text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*",
        "application/json, text/*;q=0.1", "TEXT/HTML;level=1", "text/*;q=0, text/html", ",text/html,"})
    EXPECT_TRUE(accepts_html(field)) << field;
}

TEST(Accept, takes_no_page) {
  for (const auto* field : {"", "application/json", "text/plain", "text/html;q=0", "*/*, text/html;q=0.0", "text/htmls",
                            "*", "text/*;q=0, */*"})
    EXPECT_FALSE(accepts_html(field)) << field;
}

TEST(MediaType, is_json_when_there_is_none) { EXPECT_TRUE(is_json(std::nullopt)); }

TEST(MediaType, is_json_in_any_case_and_with_parameters) {
  for (const auto text : {"application/json", "Application/JSON", "application/json;charset=utf-8",
                          "application/json ; charset=UTF-8", "application/json\t;", "application/json;",
                          "application/problem+json", "application/vnd.api+json; v=1", "APPLICATION/X+JSON"})
    EXPECT_TRUE(is_json(text)) << text;
}

TEST(MediaType, is_not_json_otherwise) {
  for (const auto text : {"text/plain", "text/json", "application/x-ndjson", "application/jsonp", "application/jsonx",
                          "application/+json", "application/json+xml", "application/", "application", "json",
                          "application/xjson", "image/svg+json", "application/x-www-form-urlencoded",
                          "multipart/form-data; boundary=json", "text/plain;application/json", ";"})
    EXPECT_FALSE(is_json(text)) << text;
}

TEST(MediaType, is_ndjson) {
  for (const auto text :
       {"application/x-ndjson", "Application/X-NDJSON;charset=utf-8", "application/x-ndjson ;", "application/ndjson",
        "Application/JSONL", "application/x-jsonlines; charset=utf-8", "application/json-lines"})
    EXPECT_TRUE(is_ndjson(text)) << text;
  EXPECT_FALSE(is_ndjson(std::nullopt));
  for (const auto text : {"application/json", "application/x-ndjson+json", "x-ndjson", "text/x-ndjson",
                          "application/jsonlx", "application/json-seq", "application/x-jsonline", "jsonl", ""})
    EXPECT_FALSE(is_ndjson(text)) << text;
}

constexpr auto tag = R"("a-1")";

TEST(Precondition, holds_without_fields) { EXPECT_EQ(precondition_of("", "", tag), Precondition::holds); }

TEST(Precondition, is_not_modified_where_a_tag_is_named_weak_or_strong) {
  for (const auto* field : {R"("a-1")", R"("x", "a-1")", R"(W/"a-1")", R"("x",W/"a-1" , "y")", "*", R"(, ,"x",,"a-1",)",
                            R"("x,y", "a-1")", R"("", "a-1")"})
    EXPECT_EQ(precondition_of("", field, tag), Precondition::not_modified) << field;
}

TEST(Precondition, holds_where_if_none_match_names_other_tags) {
  for (const auto* field : {"a-1", R"("a-2")", R"("a-1)", R"("A-1")", R"("x", "y")", R"(w/"a-1")", R"("x, "a-1", y")",
                            R"(x, "a-1")", R"("x", *)", ",", "\"\""})
    EXPECT_EQ(precondition_of("", field, tag), Precondition::holds) << field;
}

TEST(Precondition, holds_where_if_match_names_the_tag_strongly) {
  for (const auto* field : {R"("a-1")", R"("x", "a-1")", "*", R"(W/"a-1", "a-1")"})
    EXPECT_EQ(precondition_of(field, "", tag), Precondition::holds) << field;
}

TEST(Precondition, fails_where_if_match_does_not) {
  for (const auto* field : {R"("a-2")", R"(W/"a-1")", "a-1", ",", R"("x", "y")", R"("x,"a-1")"})
    EXPECT_EQ(precondition_of(field, "", tag), Precondition::failed) << field;
}

TEST(Precondition, looks_at_if_match_first) {
  EXPECT_EQ(precondition_of(R"("a-2")", R"("a-1")", tag), Precondition::failed);
  EXPECT_EQ(precondition_of(R"("a-1")", R"("a-1")", tag), Precondition::not_modified);
  EXPECT_EQ(precondition_of("*", R"("a-2")", tag), Precondition::holds);
}

std::string id_for(std::optional<std::string_view> offered) {
  std::string id;
  append_request_id(id, offered);
  return id;
}

bool is_new(const std::string& id) {
  return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

TEST(RequestId, is_the_clients_own) {
  const std::string all_visible = [] {
    std::string text;
    for (char c = 0x21; c < 0x7F; ++c) text += c;
    return text;
  }();
  for (const std::string& offered : {std::string("x"), std::string("abc-123"), all_visible, std::string(128, 'x')})
    EXPECT_EQ(id_for(offered), offered);
}

TEST(RequestId, is_new_where_the_clients_is_not_fit_to_repeat) {
  for (const std::string& offered :
       {std::string(), std::string(129, 'x'), std::string("a b"), std::string("a\tb"), std::string("a\r\nb"),
        std::string("a\0b", 3), std::string("\x7F"), std::string("\u00FC")})
    EXPECT_TRUE(is_new(id_for(offered))) << offered;
}

TEST(RequestId, is_new_and_of_its_own_without_an_offer) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const auto id = id_for(std::nullopt);
    EXPECT_TRUE(is_new(id)) << id;
    EXPECT_TRUE(ids.insert(id).second) << id;
  }
}

TEST(RequestId, is_appended) {
  std::string text = "X-Request-ID: ";
  append_request_id(text, "abc");
  EXPECT_EQ(text, "X-Request-ID: abc");
}

const TrustedProxies proxies({parse_ip_range("10.0.0.0/8").value(), parse_ip_range("::1").value()});

std::string client(std::string_view peer, std::string_view forwarded_for) {
  return to_string(proxies.client_behind(parse_ip_address(peer).value(), forwarded_for));
}

TEST(TrustedProxies, are_the_only_ones_whose_word_counts) {
  EXPECT_EQ(client("192.0.2.1", "203.0.113.9"), "192.0.2.1");
  EXPECT_EQ(client("10.0.0.1", "203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(client("::1", "2001:db8::9"), "2001:db8::9");
}

TEST(TrustedProxies, name_the_rightmost_that_is_none_of_them) {
  EXPECT_EQ(client("10.0.0.1", "1.2.3.4, 203.0.113.9"), "203.0.113.9") << "the left one is the client's own word";
  EXPECT_EQ(client("10.0.0.1", "1.2.3.4, 203.0.113.9,10.0.0.2 , 10.0.0.3"), "203.0.113.9");
  EXPECT_EQ(client("10.0.0.1", "10.0.0.2, 10.0.0.3"), "10.0.0.2") << "all are proxies: the first of them";
}

TEST(TrustedProxies, are_not_followed_past_what_is_no_address) {
  EXPECT_EQ(client("10.0.0.1", "203.0.113.9, unknown"), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", "203.0.113.9, unknown, 10.0.0.2"), "10.0.0.2");
  EXPECT_EQ(client("10.0.0.1", ""), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", ","), "10.0.0.1");
}

TEST(TrustedProxies, may_write_a_port) {
  EXPECT_EQ(client("10.0.0.1", "203.0.113.9:4711"), "203.0.113.9");
  EXPECT_EQ(client("10.0.0.1", "[2001:db8::9]:4711"), "2001:db8::9");
  EXPECT_EQ(client("10.0.0.1", "[2001:db8::9]"), "2001:db8::9");
}

TEST(TrustedProxies, write_nothing_else) {
  for (const auto* entry : {"203.0.113.9:", "203.0.113.9:http", "203.0.113.9:123456", "203.0.113.9:-1", "[2001:db8::9",
                            "[2001:db8::9]4711", "[2001:db8::9]:", "[2001:db8::9]:x", "[]", "[", "[203.0.113.9]",
                            "2001:db8::9%eth0", "203.0.113", "0x7f.1", "203.0.113.9 1.2.3.4", "\"203.0.113.9\""})
    EXPECT_EQ(client("10.0.0.1", entry), "10.0.0.1") << entry;
}

}  // namespace
}  // namespace ubiety::http

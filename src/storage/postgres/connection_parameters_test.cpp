#include "storage/postgres/connection_parameters.hpp"

#include <gmock/gmock.h>
#include <libpq-fe.h>

#include <map>

namespace ubiety::postgres {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Values = std::map<std::string, std::string>;

Values parsed(const std::string& url) {
  const auto parameters = parse_connection_parameters(url);
  EXPECT_TRUE(parameters) << url << ": " << parameters.error();
  return parameters ? Values(parameters->begin(), parameters->end()) : Values{};
}

// Why the URL can never work; empty if it may work.
std::string refusal_of(const std::string& url) {
  const auto parameters = parse_connection_parameters(url);
  return parameters ? why_unusable(*parameters).value_or("") : parameters.error();
}

// What libpq reads from the connection string for the URL.
Values connected_with(const std::string& url) {
  char* message = nullptr;
  const auto text = connection_string(parse_connection_parameters(url).value());
  auto* options = PQconninfoParse(text.c_str(), &message);
  EXPECT_NE(options, nullptr) << message;
  Values values;
  for (const auto* option = options; option != nullptr && option->keyword != nullptr; ++option)
    if (option->val != nullptr) values[option->keyword] = option->val;
  PQconninfoFree(options);
  return values;
}

TEST(ConnectionParameters, are_the_parts_of_the_url) {
  EXPECT_EQ(parsed("postgresql://u:p%40%2F%3A@h:5433/d?sslmode=require"), (Values{{"user", "u"},
                                                                                  {"password", "p@/:"},
                                                                                  {"host", "h"},
                                                                                  {"port", "5433"},
                                                                                  {"dbname", "d"},
                                                                                  {"sslmode", "require"}}));
}

TEST(ConnectionParameters, are_taken_from_any_url_that_psql_accepts) {
  for (const auto* url :
       {"postgresql://", "postgresql:///db", "postgresql://h", "postgresql:///db?host=/run/postgresql",
        "postgresql://%2Frun%2Fpostgresql/db", "postgresql://a,b:5433,[::1]/db?target_session_attrs=read-write",
        "postgresql://a:1,b:2/db", "postgresql://h/db?user=me@tenant&password=x", "postgresql://h/db?ssl=true",
        "postgresql://h/db?sslmode=verify-full&sslrootcert=/none.pem", "postgresql://h/db?hostaddr=127.0.0.1",
        "postgresql://h/db?passfile=/none&options=-c%20search_path%3Dours",
        "postgresql://u:a b#c!$&'()*+,;=d\"e\\f?g@h/db", "host=h port=5433 dbname=d user=u password='a b'", "dbname=d"})
    EXPECT_EQ(refusal_of(url), "") << url;
}

TEST(ConnectionParameters, are_refused_with_the_reason_when_they_can_never_work) {
  const std::pair<const char*, const char*> cases[] = {
      {"postgresql://u:100%secret@db/x", "percent-encoded"},
      {"postgresql://u:s3cr/et@db:5432/x", "an @ follows the host"},
      {"postgresql://u:12/34@db:5432/x", "an @ follows the host"},
      {"postgresql://u:p@sswordtail@127.0.0.1:1/x", "an @ follows the host"},
      {"postgresql://u@db/x?schema=public", "invalid URI query parameter: \"schema\""},
      {"postgresql://u@db/x?sslmode=whatever", "invalid sslmode value"},
      {"postgresql://u@db/x?target_session_attrs=whatever", "invalid target_session_attrs value"},
      {"postgresql://u@db/x?channel_binding=whatever", "invalid channel_binding value"},
      {"postgresql://u@db/x?service=no_such_service", "definition of service \"…\" not found"},
      {"postgresql://u@db:65536/x", "port"},
      {"postgresql://u@db:0/x", "port"},
      {"postgresql://u@db:abc/x", "port"},
      {"postgresql://u@db:1:2/x", "port"},
      {"postgresql://u@a:1,b:x/x", "port"},
      {"postgresql://a,b/x?port=1,2,3", "could not match"},
      {"postgresql://a,b/x?hostaddr=127.0.0.1", "different numbers"},
      {"postgresql://[::1/x", "looking for matching \"]\" in IPv6 host address"},
      {"postgresql://h/x?a", "separator"},
      {"host=h nonsense=x", "invalid connection option \"…\""},
      {"host=h nonsense", "missing \"=\""},
      {"host=h password='x", "unterminated"},
  };
  for (const auto& [url, reason] : cases) EXPECT_THAT(refusal_of(url), HasSubstr(reason)) << url;
}

// Passwords as an operator might write them, with and without the percent-encoding that they need.
TEST(ConnectionParameters, keep_every_piece_of_a_password_out_of_their_errors) {
  const char* const separators[] = {"@", "/",  ":",  "%",  "#",   "?",    " ",  "'", "\"", "\\", "&",
                                    "=", "@@", "/@", "?=", "%zz", "/?x=", "?&", "[", "]",  ","};
  const char* const shapes[] = {"postgresql://u:*@db:5432/x",         "postgresql://u:*@db/x?sslmode=whatever",
                                "postgresql://u:*@db/x?schema=y",     "postgresql://u:*@a:1,b:x/y",
                                "postgresql://u@db/x?password=*",     "postgresql://u@db/x?password=*&sslmode=whatever",
                                "host=h password=* sslmode=whatever", "host=h user=u password='*"};
  for (const std::string separator : separators)
    for (const std::string shape : shapes) {
      const auto star = shape.find('*');
      const auto url =
          shape.substr(0, star) + "zwei" + separator + "drei" + separator + "vier" + shape.substr(star + 1);
      const auto error = refusal_of(url);
      for (const auto* piece : {"zwei", "drei", "vier"}) EXPECT_THAT(error, Not(HasSubstr(piece))) << url;
    }
}

TEST(ConnectionString, keeps_each_part_unchanged) {
  const std::string password = R"(a'b\c "d" e=f # @ / : ? %)";
  const auto values =
      connected_with("postgresql://u:a%27b%5Cc%20%22d%22%20e%3Df%20%23%20%40%20%2F%20%3A%20%3F%20%25@h:5433/my%20db");
  EXPECT_EQ(values.at("password"), password);
  EXPECT_EQ(values.at("dbname"), "my db");
  EXPECT_EQ(values.at("host"), "h");
  EXPECT_EQ(values.at("port"), "5433");
}

TEST(ConnectionString, adds_the_time_outs_that_the_url_does_not_name) {
  const auto values = connected_with("postgresql://h/d?connect_timeout=9");
  EXPECT_EQ(values.at("connect_timeout"), "9");
  EXPECT_EQ(values.at("tcp_user_timeout"), "10000");
  EXPECT_EQ(values.at("fallback_application_name"), "ubietyd");
  EXPECT_EQ(connected_with("postgresql://h/d").at("connect_timeout"), "2");
}

TEST(ConnectionString, always_speaks_utf8) {
  EXPECT_EQ(connected_with("postgresql://h/d").at("client_encoding"), "UTF8");
  EXPECT_EQ(connected_with("postgresql://h/d?client_encoding=LATIN1").at("client_encoding"), "UTF8");
}

}  // namespace
}  // namespace ubiety::postgres

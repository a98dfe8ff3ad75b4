#include "config/environment.hpp"

#include <gtest/gtest.h>

namespace ubiety::config {

void PrintTo(const EnvEntry& entry, std::ostream* out) { *out << entry.name << '=' << entry.value; }
bool operator==(const EnvEntry& left, const EnvEntry& right) {
  return left.name == right.name && left.value == right.value;
}

namespace {

using Entries = std::vector<EnvEntry>;

// The entries; or a single one without a name, whose value is the error.
Entries parsed(std::string_view text) {
  auto entries = parse_env_file(text);
  return entries ? *entries : Entries{{"", entries.error()}};
}

std::string error_of(std::string_view text) {
  const auto entries = parse_env_file(text);
  return entries ? "no error" : entries.error();
}

TEST(EnvFile, reads_a_name_and_a_value_from_each_line) {
  const std::pair<const char*, const char*> cases[] = {
      {"A=b", "b"},
      {"A=", ""},
      {"A=  ", ""},
      {"A=b c", "b c"},
      {"  A  =  b  ", "b"},
      {"\tA\t=\tb\t", "b"},
      {"A=b=c", "b=c"},
      {"A=b\r", "b"},
      {"export A=b", "b"},
      {"export   A=b", "b"},
      {"A=it's", "it's"},
      {"A=b\\n", "b\\n"},
      {"A=sqlite:data/ubiety.db", "sqlite:data/ubiety.db"},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(parsed(text), (Entries{{"A", value}})) << text;
}

TEST(EnvFile, removes_comments_after_values) {
  const std::pair<const char*, const char*> cases[] = {
      {"A=b # comment", "b"},
      {"A=b\t# comment", "b"},
      {"A=b#c", "b#c"},
      {"A=# comment", ""},
      {"A= # comment", ""},
      {"A=\"b\" # comment", "b"},
      {"A=\"b\"# comment", "b"},
      {"A='b # c'", "b # c"},
      {"A=\"b # c\" # comment", "b # c"},
      {"A=http://h/#top", "http://h/#top"},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(parsed(text), (Entries{{"A", value}})) << text;
}

TEST(EnvFile, accepts_quotes) {
  const std::pair<const char*, const char*> cases[] = {
      {R"(A="b")", "b"},
      {R"(A='b')", "b"},
      {R"(A="")", ""},
      {R"(A='')", ""},
      {R"(A=" b ")", " b "},
      {R"(A="a\nb\tc")", "a\nb\tc"},
      {R"(A="say \"hi\" \\ \x")", R"(say "hi" \ x)"},
      {R"(A='a\nb\')", R"(a\nb\)"},
      {R"(A='say "hi"')", R"(say "hi")"},
      {R"(A="it's")", "it's"},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(parsed(text), (Entries{{"A", value}})) << text;
}

TEST(EnvFile, accepts_json_lists_bare_and_quoted) {
  const std::string list = R"(["http://localhost:3000","https://a.example"])";
  EXPECT_EQ(parsed("A=" + list), (Entries{{"A", list}}));
  EXPECT_EQ(parsed("A='" + list + "'"), (Entries{{"A", list}}));
  EXPECT_EQ(parsed(R"(A="[\"http://localhost:3000\",\"https://a.example\"]")"), (Entries{{"A", list}}));
  EXPECT_EQ(parsed("A=" + list + "  # origins"), (Entries{{"A", list}}));
}

TEST(EnvFile, skips_blank_lines_and_comments) {
  EXPECT_EQ(parsed(""), Entries{});
  EXPECT_EQ(parsed("\n\r\n  \n# A=b\n  # no NAME\n#\n"), Entries{});
  EXPECT_EQ(parsed("A=1\n\n# comment\nB=2"), (Entries{{"A", "1"}, {"B", "2"}}));
}

TEST(EnvFile, accepts_the_line_ends_of_windows) {
  EXPECT_EQ(parsed("A=1\r\n# comment\r\n\r\nB=\"2\"\r\nC='3' # comment\r\n"),
            (Entries{{"A", "1"}, {"B", "2"}, {"C", "3"}}));
}

TEST(EnvFile, keeps_the_order_and_repetitions) {
  EXPECT_EQ(parsed("B=1\nA=2\nB=3\n"), (Entries{{"B", "1"}, {"A", "2"}, {"B", "3"}}));
}

TEST(EnvFile, accepts_names_of_letters_digits_and_underscores) {
  EXPECT_EQ(parsed("_aZ9=x"), (Entries{{"_aZ9", "x"}}));
  for (const char* text : {"9A=x", "A-B=x", "A B=x", "A.B=x", "=x", "\xC3\x84=x", "export =x", "-A=x"})
    EXPECT_EQ(error_of(text), "line 1 is not NAME=VALUE") << text;
}

TEST(EnvFile, names_the_line_that_is_wrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"A", "line 1 is not NAME=VALUE"},           {"export A", "line 1 is not NAME=VALUE"},
      {"A=1\nB\nC", "line 2 is not NAME=VALUE"},   {"# comment\r\n\r\nA=\"open\r\n", "line 3 is not NAME=VALUE"},
      {"\n\nA='open", "line 3 is not NAME=VALUE"}, {"A=\"b\"c", "line 1 is not NAME=VALUE"},
      {"A='b' 'c'", "line 1 is not NAME=VALUE"},   {"A=\"b\\\"", "line 1 is not NAME=VALUE"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(error_of(text), error) << text;
}

TEST(EnvFile, does_not_show_the_text_of_a_wrong_line) {
  EXPECT_EQ(error_of("DATABASE_URL=\"postgresql://ubiety:secret@host/db").find("secret"), std::string::npos);
}

// The example of the blueprint.
TEST(EnvFile, reads_the_blueprints_example) {
  EXPECT_EQ(parsed(R"(# Database Configuration
DATABASE_URL=postgresql://ubiety:password@localhost:5432/ubiety_iot
DATABASE_POOL_SIZE=20
DATABASE_MAX_OVERFLOW=0

# Authentication (Optional)
API_KEY_HEADER=X-API-Key
ENABLE_AUTH=false

# Application Settings
APP_NAME=Ubiety IoT Status Service
APP_VERSION=1.0.0
DEBUG=false
LOG_LEVEL=INFO

# Security
CORS_ORIGINS=["http://localhost:3000"]
RATE_LIMIT_REQUESTS=100
RATE_LIMIT_WINDOW=60

# Performance
REDIS_URL=redis://localhost:6379/0  # For caching
MAX_WORKERS=4
)"),
            (Entries{{"DATABASE_URL", "postgresql://ubiety:password@localhost:5432/ubiety_iot"},
                     {"DATABASE_POOL_SIZE", "20"},
                     {"DATABASE_MAX_OVERFLOW", "0"},
                     {"API_KEY_HEADER", "X-API-Key"},
                     {"ENABLE_AUTH", "false"},
                     {"APP_NAME", "Ubiety IoT Status Service"},
                     {"APP_VERSION", "1.0.0"},
                     {"DEBUG", "false"},
                     {"LOG_LEVEL", "INFO"},
                     {"CORS_ORIGINS", R"(["http://localhost:3000"])"},
                     {"RATE_LIMIT_REQUESTS", "100"},
                     {"RATE_LIMIT_WINDOW", "60"},
                     {"REDIS_URL", "redis://localhost:6379/0"},
                     {"MAX_WORKERS", "4"}}));
}

}  // namespace
}  // namespace ubiety::config

#include "config/setting_values.hpp"

#include <gtest/gtest.h>

namespace ubiety::config {
namespace {

using Kind = DatabaseUrl::Kind;

TEST(DatabaseUrl, names_the_store_and_where_it_is) {
  const std::tuple<const char*, Kind, const char*> cases[] = {
      {"postgresql://ubiety:password@localhost:5432/ubiety_iot", Kind::postgresql,
       "postgresql://ubiety:password@localhost:5432/ubiety_iot"},
      {"postgres://host/db", Kind::postgresql, "postgresql://host/db"},
      {"postgresql:///db?host=/tmp", Kind::postgresql, "postgresql:///db?host=/tmp"},
      {"postgresql+psycopg2://u:p+q@h/db", Kind::postgresql, "postgresql://u:p+q@h/db"},
      {"postgresql+asyncpg://h/db", Kind::postgresql, "postgresql://h/db"},
      {"postgresql://", Kind::postgresql, "postgresql://"},
      {"host=h dbname=db password=a://b", Kind::postgresql, "host=h dbname=db password=a://b"},
      {"sqlite:data/ubiety.db", Kind::sqlite, "data/ubiety.db"},
      {"sqlite:/var/lib/ubiety.db", Kind::sqlite, "/var/lib/ubiety.db"},
      {"sqlite:///ubiety.db", Kind::sqlite, "ubiety.db"},
      {"sqlite:////var/lib/ubiety.db", Kind::sqlite, "/var/lib/ubiety.db"},
      {"sqlite+pysqlite:///ubiety.db", Kind::sqlite, "ubiety.db"},
      {"sqlite:a:b", Kind::sqlite, "a:b"},
  };
  for (const auto& [text, kind, location] : cases) {
    const auto url = parse_database_url(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->kind, kind) << text;
    EXPECT_EQ(url->location, location) << text;
  }
}

TEST(DatabaseUrl, refuses_what_it_cannot_serve) {
  for (const auto text : {"",
                          "ubiety.db",
                          "postgresql",
                          "postgresql:",
                          "postgresql:localhost/db",
                          "sqlite",
                          "sqlite:",
                          "sqlite://",
                          "sqlite:///",
                          "sqlite://host/db",
                          "sqlite::memory:",
                          "sqlite:///:memory:",
                          "sqlite:///a.db?mode=ro",
                          "sqlite:a.db?cache=shared",
                          "sqlite:///data/",
                          "sqlite:////",
                          "sqlite+aiosqlite://",
                          "mysql://h/db",
                          "://h/db",
                          "postgresqlx://h/db",
                          "redis://localhost:6379/0"}) {
    const auto url = parse_database_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_FALSE(url.error().empty()) << text;
  }
}

TEST(DatabaseUrl, keeps_passwords_out_of_its_errors) {
  for (const auto text :
       {"mysql://ubiety:secret@host/db", "mysql://u:a=secret@h/db", "postgresql:ubiety:secret@host/db", "secret",
        "sqlite://secret@h/x", "sqlite:///x?key=secret"}) {
    const auto url = parse_database_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().find("secret"), std::string::npos) << url.error();
  }
}

}  // namespace
}  // namespace ubiety::config

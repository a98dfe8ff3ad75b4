#include "config/settings.hpp"

#include <gtest/gtest.h>

#include <set>

#include "config/environment.hpp"
#include "support/repository.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::config {
namespace {

TEST(EnvExample, is_the_file_in_the_repository) {
  EXPECT_EQ(test::read_file(test::repository() / ".env.example"), env_example())
      << "regenerate it: ubietyd --print-env-example > .env.example";
}

TEST(EnvExample, sets_nothing_by_itself) {
  const auto entries = parse_env_file(env_example());
  ASSERT_TRUE(entries);
  EXPECT_TRUE(entries->empty());
}

TEST(EnvExample, shows_every_default_behind_a_comment) {
  const auto text = env_example();
  for (const auto& group : declared_settings())
    for (const auto& declaration : group.declarations) {
      const auto line = std::string(declaration.name) + "=" + std::string(declaration.default_text);
      EXPECT_NE(text.find("\n# " + line + "\n"), std::string::npos) << line;
      const auto entries = parse_env_file(line);
      ASSERT_TRUE(entries) << line;
      EXPECT_EQ(entries->front().name, declaration.name);
      EXPECT_EQ(entries->front().value, declaration.default_text);
    }
}

TEST(SettingsTable, ends_the_documentation) {
  EXPECT_TRUE(test::read_file(test::repository() / "docs/CONFIGURATION.md").ends_with(settings_table()))
      << "regenerate its end: ubietyd --print-settings-table";
}

TEST(SettingsTable, has_a_row_of_five_cells_for_each_setting) {
  const auto table = settings_table();
  std::set<std::string> rows;
  for (std::size_t begin = 0, end; begin < table.size(); begin = end + 1) {
    end = table.find('\n', begin);
    const auto line = table.substr(begin, end - begin);
    if (!line.starts_with("| `")) continue;
    EXPECT_EQ(std::count(line.begin(), line.end(), '|'), 6) << line;
    rows.insert(line.substr(3, line.find('`', 3) - 3));
  }
  std::set<std::string> names;
  for (const auto& group : declared_settings())
    for (const auto& declaration : group.declarations) names.emplace(declaration.name);
  EXPECT_EQ(rows, names);
}

}  // namespace
}  // namespace ubiety::config

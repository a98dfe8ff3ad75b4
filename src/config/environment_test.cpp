#include "config/environment.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "support/temporary_directory.hpp"

namespace ubiety::config {
namespace {

using test::write_file;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Runs in a folder of its own, which is the working directory as long as the fixture lives.
class EnvFiles : public ::testing::Test {
 protected:
  EnvFiles() { std::filesystem::current_path(folder_.path()); }
  ~EnvFiles() override { std::filesystem::current_path(before_); }

  // An installation whose env file has this text.
  Installation installed(const std::string& text = "") {
    const auto file = folder_.path() / "ubiety.env";
    write_file(file, text);
    return {file.string(), folder_.path().string()};
  }

  const std::filesystem::path before_ = std::filesystem::current_path();
  test::TemporaryDirectory folder_;
};

TEST_F(EnvFiles, take_precedence_when_they_are_named) {
  write_file(".env", "");
  const auto file = choose_env_file("other.env", false, false, installed());
  EXPECT_EQ(file.path, "other.env");
  EXPECT_FALSE(file.is_of_service);
  EXPECT_FALSE(settings_in(file)) << "a file that is named has to be there";
}

TEST_F(EnvFiles, in_the_working_directory_may_be_absent) {
  const auto file = choose_env_file(std::nullopt, true, false, std::nullopt);
  EXPECT_EQ(file.path, ".env");
  const auto settings = settings_in(file);
  ASSERT_TRUE(settings);
  EXPECT_TRUE(settings->empty());
}

TEST_F(EnvFiles, for_the_service_are_for_commands_that_name_no_store) {
  const auto installation = installed();
  EXPECT_TRUE(choose_env_file(std::nullopt, false, false, installation).is_of_service);
  EXPECT_FALSE(choose_env_file(std::nullopt, true, false, installation).is_of_service) << "serves";
  EXPECT_FALSE(choose_env_file(std::nullopt, false, true, installation).is_of_service) << "names a store";
  EXPECT_FALSE(choose_env_file(std::nullopt, false, false, std::nullopt).is_of_service) << "is not installed";
  write_file(".env", "");
  EXPECT_FALSE(choose_env_file(std::nullopt, false, false, installation).is_of_service) << "has a .env";
}

TEST_F(EnvFiles, for_the_service_may_be_absent) {
  const Installation installation{(folder_.path() / "none.env").string(), folder_.path().string()};
  EXPECT_FALSE(choose_env_file(std::nullopt, false, false, installation).is_of_service);
}

TEST_F(EnvFiles, for_the_service_may_set_variables_of_others) {
  const auto file = choose_env_file(std::nullopt, false, false, installed("PORT=9000\nUBIETY_TEST_VARIABLE=x\n"));
  const auto settings = settings_in(file);
  ASSERT_TRUE(settings) << settings.error();
  EXPECT_EQ(settings->at("PORT"), "9000");
  EXPECT_EQ(settings->size(), 1U);
  EXPECT_STREQ(std::getenv("UBIETY_TEST_VARIABLE"), "x");
  ::unsetenv("UBIETY_TEST_VARIABLE");
}

TEST_F(EnvFiles, refuse_misspelt_settings) {
  for (const bool is_of_service : {false, true}) {
    write_file("file.env", "ENABLE_AUHT=true\n");
    const auto settings = settings_in({"file.env", AbsentFile::is_an_error, is_of_service});
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error(), "file.env: ENABLE_AUHT is not a setting; did you mean ENABLE_AUTH?");
  }
}

TEST_F(EnvFiles, refuse_names_that_are_not_settings) {
  write_file(".env", "NONSENSE=1\n");
  EXPECT_EQ(settings_in({".env", AbsentFile::is_empty, false}).error(), ".env: unknown setting NONSENSE");
}

TEST_F(EnvFiles, take_the_last_of_several_values_as_systemd_does) {
  write_file(".env", "PORT=1\nHOST=::1\nPORT=2\n");
  EXPECT_EQ(settings_in({".env", AbsentFile::is_empty, false}).value().at("PORT"), "2");
}

TEST_F(EnvFiles, are_named_with_the_reason_when_they_cannot_be_read) {
  std::filesystem::create_directory("folder.env");
  write_file("utf16.env", std::string("P\0O\0", 4));
  write_file("latin1.env", "PORT=1\nAPP_NAME=Gef\xE4\xDF\n");
  const std::pair<const char*, const char*> cases[] = {
      {"folder.env", "Is a directory"},
      {"missing.env", "No such file or directory"},
      {"", "No such file or directory"},
      {"file.env/x", "No such file or directory"},
      {"utf16.env", "line 1 is not text in UTF-8"},
      {"latin1.env", "line 2 is not text in UTF-8"},
  };
  for (const auto& [path, reason] : cases) {
    const auto settings = settings_in({path, AbsentFile::is_an_error, false});
    ASSERT_FALSE(settings) << path;
    EXPECT_THAT(settings.error(), HasSubstr(path));
    EXPECT_THAT(settings.error(), HasSubstr(reason));
  }
}

TEST_F(EnvFiles, are_not_absent_behind_a_dangling_link) {
  std::filesystem::create_symlink("not_mounted", ".env");
  EXPECT_FALSE(settings_in({".env", AbsentFile::is_empty, false}));
}

TEST_F(EnvFiles, may_begin_with_a_byte_order_mark) {
  write_file(".env", "\xEF\xBB\xBFPORT=9000\r\n");
  EXPECT_EQ(settings_in({".env", AbsentFile::is_empty, false}).value().at("PORT"), "9000");
}

TEST(CheckEnvironment, refuses_what_can_only_be_misspelt) {
  const char* const variables[] = {"HOME=/root", "ENABLE_AUHT=true", nullptr};
  const auto checked = check_environment(variables);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error(), "in the environment, ENABLE_AUHT is not a setting; did you mean ENABLE_AUTH?");
}

TEST(CheckEnvironment, warns_of_what_may_be_misspelt) {
  const char* const variables[] = {"PORTS=1", "PORT=80", "NONSENSE=1", "ENABLE_AUTH=true", "=x", "", nullptr};
  const auto checked = check_environment(variables);
  ASSERT_TRUE(checked) << checked.error();
  EXPECT_THAT(*checked, ElementsAre("in the environment, PORTS is not a setting; did you mean PORT?"));
}

TEST(CheckEnvironment, does_not_show_the_value) {
  const char* const variables[] = {"DATABASE_URLS=postgresql://u:secret@h/d", nullptr};
  EXPECT_EQ(check_environment(variables).error().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace ubiety::config

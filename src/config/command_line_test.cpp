#include "config/command_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "support/temporary_directory.hpp"

namespace ubiety::config {
namespace {

// Runs in a folder of its own, which is the working directory as long as the fixture lives.
class CommandLine : public ::testing::Test {
 protected:
  CommandLine() { std::filesystem::current_path(folder_.path()); }
  ~CommandLine() override { std::filesystem::current_path(before_); }

  // Parses the arguments, and keeps what it writes to standard error.
  Invocation parse(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "ubietyd");
    std::vector<char*> argv(arguments.size());
    std::transform(arguments.begin(), arguments.end(), argv.begin(), [](auto& argument) { return argument.data(); });
    ::testing::internal::CaptureStderr();
    auto invocation = parse_command_line(static_cast<int>(argv.size()), argv.data(), std::nullopt);
    error_ = ::testing::internal::GetCapturedStderr();
    return invocation;
  }

  // Expects one line that names the setting, and nothing to run.
  void expect_refusal(const std::vector<std::string>& arguments, const std::string& name) {
    EXPECT_EQ(parse(arguments).exit_code, 2);
    EXPECT_TRUE(error_.starts_with("ubietyd: " + name + ": ")) << error_;
    EXPECT_EQ(std::count(error_.begin(), error_.end(), '\n'), 1) << error_;
    EXPECT_EQ(error_.back(), '\n');
  }

  const std::filesystem::path before_ = std::filesystem::current_path();
  test::TemporaryDirectory folder_;
  std::string error_;
};

bool takes_any_text(std::string_view range) {
  return range.starts_with("a text") || range.starts_with("a path") || range.starts_with("a URL") ||
         range.starts_with("name=value");
}

TEST_F(CommandLine, refuses_a_malformed_value_by_flag_by_variable_and_by_file) {
  int refused = 0;
  for (const auto& group : declared_settings())
    for (const auto& declaration : group.declarations) {
      if (takes_any_text(declaration.range)) continue;
      const std::string name(declaration.name);
      SCOPED_TRACE(name);
      expect_refusal({flag_of(name) + "=<nonsense>"}, name);
      ::setenv(name.c_str(), "<nonsense>", 1);
      expect_refusal({}, name);
      ::unsetenv(name.c_str());
      test::write_file(folder_.path() / "my.env", std::string(name).append("='<nonsense>'\n"));
      expect_refusal({"--env-file", "my.env"}, name);
      ++refused;
    }
  EXPECT_GT(refused, 30);
}

TEST_F(CommandLine, runs_the_service_by_default) {
  const auto invocation = parse({});
  EXPECT_EQ(error_, "");
  EXPECT_EQ(invocation.exit_code, std::nullopt);
  EXPECT_EQ(invocation.command, Command::serve);
}

}  // namespace
}  // namespace ubiety::config

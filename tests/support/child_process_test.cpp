// A test fails if a program that it runs crashes or is reported by a sanitizer.
#include "support/child_process.hpp"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "support/temporary_directory.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

Finished run_shell(const std::string& script) {
  return run({{"/bin/sh", "-c", script}, basic_environment(), {}, {}, {}, {}});
}

TEST(ChildProcess, fails_nothing_when_it_ends_in_order) {
  EXPECT_EQ(run_shell("echo done >&2; exit 3").status.code, 3);
  EXPECT_EQ(run_shell("kill -TERM $$").status.signal, SIGTERM);
}

TEST(ChildProcess, fails_the_test_when_it_crashes) {
  EXPECT_NONFATAL_FAILURE(run_shell("echo its last words >&2; kill -SEGV $$"), "its last words");
  EXPECT_NONFATAL_FAILURE(run_shell("kill -ABRT $$"), "signal 6");
}

TEST(ChildProcess, fails_the_test_when_reported_whatever_its_exit_code) {
  EXPECT_NONFATAL_FAILURE(run_shell("echo 'WARNING: ThreadSanitizer: data race (pid=5)' >&2"), "data race");
  EXPECT_NONFATAL_FAILURE(run_shell("echo '==5==ERROR: LeakSanitizer: detected memory leaks' >&2; exit 1"), "leaks");
  EXPECT_NONFATAL_FAILURE(run_shell("echo 'a.cpp:5:6: runtime error: signed integer overflow' >&2"), "a.cpp:5:6");
}

TEST(ChildProcess, fails_the_test_once_when_a_sanitizer_reports_it) {
  TemporaryDirectory folder;
  const auto start = [&](const std::string& script) {
    return ChildProcess({{"/bin/sh", "-c", script}, basic_environment(), folder.path(), folder.path() / "log", {}, {}});
  };
  EXPECT_NONFATAL_FAILURE(
      {
        auto first = start("echo 'WARNING: ThreadSanitizer: data race (pid=5)' >&2; exec tail -f /dev/null");
        wait_until([&] { return !read_file(folder.path() / "log.err").empty(); }, std::chrono::seconds{10});
      },
      "data race");
  auto second = start("echo well >&2");
  EXPECT_TRUE(second.wait(std::chrono::seconds{10})->is_success());
}

#if UBIETY_IS_SANITIZED

class PlantedFault : public ::testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(PlantedFault, is_found) {
  const auto& [name, report] = GetParam();
  const Command command{{UBIETY_PLANTED_FAULT, name}, basic_environment(), {}, {}, {}, {}};
  EXPECT_NONFATAL_FAILURE(EXPECT_FALSE(run(command).status.is_success()), report);
}

#ifdef __SANITIZE_THREAD__
INSTANTIATE_TEST_SUITE_P(Thread, PlantedFault, ::testing::Values(std::pair{"race", "ThreadSanitizer: data race"}));
#else
INSTANTIATE_TEST_SUITE_P(AddressAndUndefined, PlantedFault,
                         ::testing::Values(std::pair{"use_after_free", "AddressSanitizer: heap-use-after-free"},
                                           std::pair{"leak", "LeakSanitizer: detected memory leaks"},
                                           std::pair{"overflow", "runtime error: signed integer overflow"}));
#endif

#endif

}  // namespace
}  // namespace ubiety::test

// Finds cases from public test suites. They are not in the repository: they lie beside the checkout, or where
// UBIETY_CASES says. Any thread.
#pragma once

#include <cstdlib>
#include <filesystem>

#include "support/repository.hpp"

namespace ubiety::test {

inline std::filesystem::path cases_folder() {
  if (const char* folder = std::getenv("UBIETY_CASES")) return folder;
  return repository() / "../shared/cases";
}

}  // namespace ubiety::test

// Skips a test that reads the folder `name` (json/test_parsing, …) if there is no such folder.
#define UBIETY_NEEDS_CASES(name)                                       \
  if (!std::filesystem::exists(ubiety::test::cases_folder() / (name))) \
  GTEST_SKIP() << "no " << (ubiety::test::cases_folder() / (name)) << "; UBIETY_CASES says where else to look"

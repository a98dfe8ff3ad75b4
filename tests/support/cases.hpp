// The cases that others wrote, which lie beside the checkout and are read where they lie (UBIETY_CASES says where
// else).
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

// At the start of a test that reads `name` (json/test_parsing, …).
#define UBIETY_NEEDS_CASES(name)                                       \
  if (!std::filesystem::exists(ubiety::test::cases_folder() / (name))) \
  GTEST_SKIP() << "no " << (ubiety::test::cases_folder() / (name)) << "; UBIETY_CASES says where else to look"

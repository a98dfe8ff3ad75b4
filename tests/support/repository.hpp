// Where the sources are that the tests were built from. One translation unit knows, so that the others compile to the
// same in every checkout, and ccache finds them.
#pragma once

#include <filesystem>

namespace ubiety::test {

std::filesystem::path repository();

}  // namespace ubiety::test

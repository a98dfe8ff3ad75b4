// The folder of the sources that the tests were built from. Only one translation unit contains the path, so that ccache
// finds all others in every checkout. Any thread.
#pragma once

#include <filesystem>

namespace ubiety::test {

std::filesystem::path repository();

}  // namespace ubiety::test

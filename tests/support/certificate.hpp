// A certificate of 127.0.0.1 and localhost that signs itself, and its key, both in PEM.
#pragma once

#include <filesystem>
#include <string_view>

namespace ubiety::test {

struct Certificate {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

// Makes one in `folder`: NAME.crt and NAME.key.
Certificate make_certificate(const std::filesystem::path& folder, std::string_view name = "server", int days = 1);

// By which all services of this run prove who they are, where the environment says UBIETY_TESTS_OVER_TLS; else nullptr.
const Certificate* certificate_of_all();

}  // namespace ubiety::test

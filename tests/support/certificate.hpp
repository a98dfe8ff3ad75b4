// Makes self-signed certificates for 127.0.0.1 and localhost, as PEM files with their keys. Any thread.
#pragma once

#include <filesystem>
#include <string_view>

namespace ubiety::test {

struct Certificate {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

// Writes NAME.crt and NAME.key to `folder`. The certificate is valid for `days`.
Certificate make_certificate(const std::filesystem::path& folder, std::string_view name = "server", int days = 1);

// Returns the certificate that all services of this run use if UBIETY_TESTS_OVER_TLS is set; else nullptr.
const Certificate* certificate_of_all();

}  // namespace ubiety::test

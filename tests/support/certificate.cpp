#include "support/certificate.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {

Certificate make_certificate(const std::filesystem::path& folder, std::string_view name, int days) {
  const auto path = folder / name;
  const Certificate made{path.string() + ".crt", path.string() + ".key"};
  const auto openssl =
      run({{"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
            "-days", std::to_string(days), "-subj", "/CN=" + std::string(name), "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:localhost", "-out", made.certificate, "-keyout", made.key},
           basic_environment(),
           folder,
           {},
           {},
           {}});
  if (!openssl.status.is_success()) throw std::runtime_error("openssl req: " + openssl.error);
  return made;
}

const Certificate* certificate_of_all() {
  if (std::getenv("UBIETY_TESTS_OVER_TLS") == nullptr) return nullptr;
  static const TemporaryDirectory folder;
  static const Certificate certificate = make_certificate(folder.path());
  return &certificate;
}

}  // namespace ubiety::test

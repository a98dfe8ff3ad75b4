#include "http/http1/tls.hpp"

#include <gtest/gtest.h>

#include "domain/clock.hpp"
#include "support/certificate.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::http::transport {
namespace {

using test::make_certificate;
using test::read_file;
using test::write_file;

class TlsContextTest : public ::testing::Test {
 protected:
  std::string problem(const std::filesystem::path& certificate, const std::filesystem::path& key) {
    const auto loaded = TlsContext::load({.certificate = certificate, .key = key});
    return loaded ? "" : loaded.error();
  }

  test::TemporaryDirectory folder_;
  test::Certificate good_ = make_certificate(folder_.path(), "good");
};

TEST_F(TlsContextTest, knows_when_the_certificate_expires) {
  const auto loaded = TlsContext::load({.certificate = good_.certificate, .key = good_.key});
  ASSERT_TRUE(loaded);
  const auto left = (*loaded)->expires() - SystemClock().now();
  EXPECT_LE(left, std::chrono::hours(24));
  EXPECT_GT(left, std::chrono::hours(23));
}

TEST_F(TlsContextTest, says_which_file_is_to_blame) {
  const auto other = make_certificate(folder_.path(), "other");
  const auto nonsense = folder_.path() / "nonsense", absent = folder_.path() / "absent";
  write_file(nonsense, "nonsense\n");
  EXPECT_EQ(problem(good_.certificate, good_.key), "");
  EXPECT_EQ(problem(absent, good_.key), "TLS_CERT: " + absent.string() + ": No such file or directory");
  EXPECT_EQ(problem(good_.certificate, absent), "TLS_KEY: " + absent.string() + ": No such file or directory");
  EXPECT_EQ(problem(nonsense, good_.key), "TLS_CERT: " + nonsense.string() + ": no start line");
  EXPECT_TRUE(problem(good_.certificate, nonsense).starts_with("TLS_KEY: " + nonsense.string()));
  EXPECT_EQ(problem(good_.certificate, other.key), "TLS_KEY: " + other.key.string() + ": key values mismatch");
}

TEST_F(TlsContextTest, the_chains_first_expiry_counts) {
  const auto loaded = TlsContext::load({.certificate = good_.certificate, .key = good_.key});
  ASSERT_TRUE(loaded);
  const auto chain = folder_.path() / "chain";
  const auto later = make_certificate(folder_.path(), "later", 3);
  write_file(chain, read_file(later.certificate) + read_file(good_.certificate));
  const auto with_chain = TlsContext::load({.certificate = chain, .key = later.key});
  ASSERT_TRUE(with_chain);
  EXPECT_EQ((*with_chain)->expires(), (*loaded)->expires());
}

TEST_F(TlsContextTest, keeps_what_it_has_when_a_reload_fails) {
  const auto loaded = TlsContext::load({.certificate = good_.certificate, .key = good_.key});
  ASSERT_TRUE(loaded);
  const auto before = (*loaded)->expires();
  const auto longer = make_certificate(folder_.path(), "longer", 3);
  write_file(good_.certificate, read_file(longer.certificate));
  EXPECT_NE((*loaded)->reload(), std::nullopt) << "the key is still the other's";
  EXPECT_EQ((*loaded)->expires(), before);
  write_file(good_.key, read_file(longer.key));
  EXPECT_EQ((*loaded)->reload(), std::nullopt);
  EXPECT_GT((*loaded)->expires(), before);
}

}  // namespace
}  // namespace ubiety::http::transport

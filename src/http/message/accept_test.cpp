#include "http/message/accept.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

TEST(Accept, takes_a_page) {
  for (const auto* field :
       {"text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*",
        "application/json, text/*;q=0.1", "TEXT/HTML;level=1", "text/*;q=0, text/html", ",text/html,"})
    EXPECT_TRUE(accepts_html(field)) << field;
}

TEST(Accept, takes_no_page) {
  for (const auto* field : {"", "application/json", "text/plain", "text/html;q=0", "*/*, text/html;q=0.0", "text/htmls",
                            "*", "text/*;q=0, */*"})
    EXPECT_FALSE(accepts_html(field)) << field;
}

}  // namespace
}  // namespace ubiety::http

#include "http/message/negotiation.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ubiety::http {
namespace {

constexpr std::array<std::string_view, 3> offers{"application/json", "text/csv", "application/x-ndjson"};

std::string_view preferred(std::string_view accept) { return offers[preferred_media_type(accept, offers)]; }

TEST(PreferredMediaType, is_the_first_offer_unless_the_client_prefers_another) {
  for (const auto* accept :
       {"", "*/*", "application/json", "text/html", "image/png, text/html;q=0.5", "text/csv;q=0, */*",
        "application/json, text/csv", "text/csv, application/json",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/*", "text/csv;q=0", "text/csvx",
        "text", "*/*;q=0", ";q=1", "text/csv;q=0.9, application/json"})
    EXPECT_EQ(preferred(accept), "application/json") << accept;
}

TEST(PreferredMediaType, is_what_the_client_names) {
  for (const auto* accept : {"text/csv", "TEXT/CSV", "text/csv; charset=utf-8", "text/csv;header=present;q=0.5",
                             "text/csv, */*;q=0.1", "text/csv, */*", "*/*, text/csv", "text/*", "text/html, text/csv",
                             "application/json;q=0.899, text/csv;q=0.9", "application/json;q=0, text/csv;q=0.001",
                             ",, text/csv ,", "application/*;q=0.2, text/csv;q=0.3, application/x-ndjson;q=0.1"})
    EXPECT_EQ(preferred(accept), "text/csv") << accept;
  EXPECT_EQ(preferred("application/x-ndjson"), "application/x-ndjson");
  EXPECT_EQ(preferred("application/json;q=0.5, application/*;q=0.7"), "application/x-ndjson")
      << "by the narrowest range";
}

}  // namespace
}  // namespace ubiety::http

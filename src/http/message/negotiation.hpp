// Accept (RFC 9110, 12.5.1): which of the offered media types the client prefers. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace ubiety::http {

// Returns the place of the offer with the greatest weight in Accept; of equal ones that which Accept names most
// narrowly; of these the first. The narrowest range that holds an offer decides its weight. Returns 0 if Accept is
// empty, or holds none of the offers: then the service may answer as it likes.
std::size_t preferred_media_type(std::string_view accept, std::span<const std::string_view> offers);

}  // namespace ubiety::http

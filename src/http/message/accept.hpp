// Accept (RFC 9110, 12.5.1). Pure, any thread.
#pragma once

#include <string_view>

namespace ubiety::http {

// Whether a page is accepted: by its type or by a range that holds it, of which the narrowest counts. A client that
// accepts nothing in particular is no browser.
bool accepts_html(std::string_view accept);

}  // namespace ubiety::http

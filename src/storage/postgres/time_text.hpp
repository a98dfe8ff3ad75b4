// Instants as PostgreSQL reads them in a parameter. Any thread.
#pragma once

#include <string>

#include "domain/timestamp.hpp"

namespace ubiety::postgres {

// RFC 3339, but that the year 0000 is 1 BC in PostgreSQL.
inline std::string time_text(Timestamp instant) {
  auto text = format_timestamp(instant);
  if (text.starts_with("0000-")) {
    text.replace(0, 4, "0001");
    text += " BC";
  }
  return text;
}

}  // namespace ubiety::postgres

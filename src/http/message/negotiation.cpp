#include "http/message/negotiation.hpp"

#include <algorithm>
#include <utility>

#include "domain/text.hpp"
#include "http/message/header_fields.hpp"

namespace ubiety::http {
namespace {

struct Preference {
  int weight = 0;      // thousandths
  int narrowness = 0;  // 1 for */*, 2 for text/*, 3 for the type itself
};

// How narrowly the range holds the type; 0 if it does not.
int narrowness_of(std::string_view range, std::string_view type) {
  if (ascii::equal_ignoring_case(range, type)) return 3;
  if (range == "*/*") return 1;
  const auto slash = type.find('/') + 1;
  const bool is_kind = range.size() == slash + 1 && range.back() == '*' &&
                       ascii::equal_ignoring_case(range.substr(0, slash), type.substr(0, slash));
  return is_kind ? 2 : 0;
}

// RFC 9110, 12.4.2: at most three digits behind the point; 1 without a weight. A malformed digit ends the weight.
int weight_of(std::string_view choice) {
  int weight = 1000;
  for_each_part(choice, ';', [&weight](std::string_view part) {
    if (part.size() < 3 || !ascii::equal_ignoring_case(part.substr(0, 2), "q=")) return true;
    weight = part[2] == '1' ? 1000 : 0;
    int worth = 100;
    for (const char digit : part.substr(std::min<std::size_t>(part.size(), 4))) {
      if (digit < '0' || digit > '9') break;
      weight += worth * (digit - '0');
      worth /= 10;
    }
    weight = std::min(weight, 1000);
    return true;
  });
  return weight;
}

Preference preference_for(std::string_view accept, std::string_view type) {
  Preference found;
  for_each_element(accept, [&](std::string_view choice) {
    const auto narrowness = narrowness_of(trimmed(choice.substr(0, choice.find(';'))), type);
    if (narrowness > found.narrowness) found = {weight_of(choice), narrowness};
  });
  return found;
}

}  // namespace

std::size_t preferred_media_type(std::string_view accept, std::span<const std::string_view> offers) {
  std::size_t preferred = 0;
  auto best = std::make_pair(0, 0);
  for (std::size_t place = 0; place < offers.size(); ++place) {
    const auto [weight, narrowness] = preference_for(accept, offers[place]);
    if (weight == 0 || std::make_pair(weight, narrowness) <= best) continue;
    best = {weight, narrowness};
    preferred = place;
  }
  return preferred;
}

}  // namespace ubiety::http

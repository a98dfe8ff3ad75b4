// Faults that clang-tidy has to find in a header of ours; see tidy.cpp.
#pragma once

#include <string>

namespace ubiety::planted {

inline bool has_text(const std::string& text) { return text.size() != 0; }  // finds readability-container-size-empty

template <class Value>
int first_of(Value value) {
  int first;  // finds cppcoreguidelines-init-variables
  first = value.front();
  return first;
}

}  // namespace ubiety::planted

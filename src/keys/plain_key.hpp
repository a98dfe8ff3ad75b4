// The text of a key that was just made: it is shown to one person and kept nowhere. One thread at a time.
#pragma once

#include <array>
#include <string_view>

#include "keys/key_text.hpp"

namespace ubiety::keys {

// Wiped from memory when it goes, and where it moves away from.
class PlainKey {
 public:
  // Throws std::runtime_error when the system has no randomness.
  static PlainKey random();

  PlainKey(PlainKey&& other) noexcept : text_(other.text_) { other.wipe(); }
  PlainKey& operator=(PlainKey&& other) noexcept;
  PlainKey(const PlainKey&) = delete;
  PlainKey& operator=(const PlainKey&) = delete;
  ~PlainKey() { wipe(); }

  std::string_view text() const { return {text_.data(), text_.size()}; }
  std::string_view shown() const { return text().substr(0, shown_length); }

 private:
  PlainKey() = default;
  void wipe() noexcept;

  std::array<char, key_length> text_{};
};

}  // namespace ubiety::keys

// Collects the replies of actors by their tickets. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "actors/requests.hpp"

namespace ubiety::test {

template <class Outcome>
class Answers {
 public:
  Answers() = default;
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  Reply<Outcome> reply_to(std::uint64_t ticket) {
    return {[](void* answers, std::uint64_t to, Outcome&& outcome) {
              static_cast<Answers*>(answers)->collected_.emplace(to, std::move(outcome));
            },
            this, ticket};
  }

  std::size_t size() const { return collected_.size(); }
  void clear() { collected_.clear(); }

  // Returns nullptr before the answer. Throws after more than one answer.
  const Outcome* find(std::uint64_t ticket) const {
    if (collected_.count(ticket) > 1) throw std::logic_error("answered more than once");
    const auto found = collected_.find(ticket);
    return found == collected_.end() ? nullptr : &found->second;
  }

  // Returns nullopt before the answer. Throws after more than one answer.
  std::optional<Outcome> of(std::uint64_t ticket) const {
    const auto* found = find(ticket);
    if (found == nullptr) return std::nullopt;
    return std::optional<Outcome>(std::in_place, *found);  // an Outcome may itself be an optional
  }

 private:
  std::multimap<std::uint64_t, Outcome> collected_;
};

}  // namespace ubiety::test

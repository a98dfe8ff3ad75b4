// What the keeper of the API keys is asked, and what it answers. See interfaces.hpp for the protocol.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/reply.hpp"
#include "domain/clock.hpp"
#include "keys/administration.hpp"

namespace ubiety {

struct ListKeys {};

struct CreateKey {
  keys::KeyRequest request;
};

struct RevokeKey {
  KeyId id;
};

struct RotateKey {
  KeyId id;
  std::chrono::seconds grace;
};

struct KeyOutcome {
  enum class Kind {
    done,
    unknown_key,
    not_live,     // it is revoked or has expired, and cannot be rotated
    replaced,     // it was rotated before, into the one in `keys`
    unavailable,  // the store did not answer: of a change nobody knows whether it happened
  };
  Kind kind;
  std::vector<ApiKey> keys{};             // all of them, or the one that was asked for
  std::optional<keys::PlainKey> plain{};  // of a key that was made
};

struct ManageKeys {
  std::variant<ListKeys, CreateKey, RevokeKey, RotateKey> command;
  KeyId by;                // the key of who asks, for the log
  std::string request_id;  // likewise
  SteadyTime deadline;
  Reply<KeyOutcome> reply;
};

}  // namespace ubiety

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ManageKeys)

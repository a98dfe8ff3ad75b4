// The methods that some resource of ours takes; whatever else comes is `other`, and answered 405.
#pragma once

namespace ubiety::http {

enum class Method { get, head, post, options, other };

}  // namespace ubiety::http

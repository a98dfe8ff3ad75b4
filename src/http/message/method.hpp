// The methods that some route takes; any other is `other`, and answered 405.
#pragma once

#include <string_view>

namespace ubiety::http {

enum class Method { get, head, post, delete_, options, other };

constexpr std::string_view name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::head: return "HEAD";
    case Method::delete_: return "DELETE";
    case Method::options: return "OPTIONS";
    case Method::other: break;
  }
  return "other";
}

}  // namespace ubiety::http

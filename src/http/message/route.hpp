// A route: a row of the table in http/routes.cpp, the only place with facts about it. Metrics, traces and the log name
// a request by its route's template, so that a path that a client invents adds no name. Constants, any thread.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "domain/api_key.hpp"

namespace ubiety::http {

// The methods that some route takes; any other is `other`, and answered 405.
enum class Method { get, head, post, put, delete_, options, other };

constexpr std::string_view name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::head: return "HEAD";
    case Method::put: return "PUT";
    case Method::delete_: return "DELETE";
    case Method::options: return "OPTIONS";
    case Method::other: break;
  }
  return "other";
}

class Exchange;
struct Resources;

// Answers a request. `parameter` is what the path has for the template's parameter, still percent-encoded.
using Handler = void (*)(Resources& resources, Exchange&& exchange, std::string_view parameter);

struct Operation {
  Method method = Method::other;
  std::optional<Scope> scope{};  // what an API key must be for; nullopt: no key is needed
  Handler handler = nullptr;
};

struct RouteRules {
  bool is_limited = true;          // counts against its client's rate limit
  bool is_administration = false;  // exists only where API keys are required
};

class Route {
 public:
  // The template has at most one parameter: "/status/{device_id}/history". A parameter matches one segment of a path
  // that is not empty, but {file}, at the end, matches all that is left.
  constexpr Route(std::string_view path_template, std::initializer_list<Operation> operations, RouteRules rules = {})
      : template_(path_template), rules_(rules) {
    for (std::size_t i = 0; i < operations.size(); ++i) operations_.at(i) = operations.begin()[i];
    const auto brace = path_template.find('{');
    if (brace == std::string_view::npos) return;
    prefix_ = path_template.substr(0, brace);
    suffix_ = path_template.substr(path_template.find('}') + 1);
    takes_rest_ = path_template.ends_with("{file}");
  }

  constexpr std::string_view path_template() const { return template_; }
  constexpr bool is_limited() const { return rules_.is_limited; }
  constexpr bool is_administration() const { return rules_.is_administration; }

  // The parameter of a path that this route is for, "" without one; nullopt for any other path.
  std::optional<std::string_view> match(std::string_view path) const {
    if (prefix_.empty()) return path == template_ ? std::optional(std::string_view()) : std::nullopt;
    if (path.size() < prefix_.size() + suffix_.size() || !path.starts_with(prefix_) || !path.ends_with(suffix_))
      return std::nullopt;
    const auto parameter = path.substr(prefix_.size(), path.size() - prefix_.size() - suffix_.size());
    const bool is_segment = !parameter.empty() && parameter.find('/') == std::string_view::npos;
    return is_segment || takes_rest_ ? std::optional(parameter) : std::nullopt;
  }

  // Returns nullptr for a method that the route does not take. HEAD is GET without the body (RFC 9110, 9.3.2).
  constexpr const Operation* operation(Method method) const {
    const auto wanted = method == Method::head ? Method::get : method;
    for (const auto& operation : operations_)
      if (operation.handler != nullptr && operation.method == wanted) return &operation;
    return nullptr;
  }
  constexpr bool takes(Method method) const { return operation(method) != nullptr; }

 private:
  std::string_view template_;
  std::string_view prefix_{}, suffix_{};  // around the parameter; empty without one
  std::array<Operation, 3> operations_{};
  RouteRules rules_;
  bool takes_rest_ = false;
};

// For a path of no route: "other".
constexpr std::string_view template_of(const Route* route) {
  return route == nullptr ? std::string_view("other") : route->path_template();
}

// An Allow field (RFC 9110, 10.2.1) of the methods for which `takes(method)` is true; OPTIONS is always among them.
template <class Takes>
std::string allow_field(Takes takes) {
  std::string field;
  for (const auto method : {Method::get, Method::head, Method::post, Method::put, Method::delete_})
    if (takes(method)) field.append(name_of(method)).append(", ");
  return field.append(name_of(Method::options));
}

// For a path of no route, what most routes take.
inline std::string allow_field_of(const Route* route) {
  return allow_field([route](Method method) {
    return route == nullptr ? method == Method::get || method == Method::head : route->takes(method);
  });
}

}  // namespace ubiety::http

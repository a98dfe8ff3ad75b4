// GET /health, /health/live, /health/ready: for load balancers and operators. The loop's thread.
#pragma once

#include "http/http1/exchange.hpp"
#include "http/service.hpp"
#include "json/writer.hpp"

namespace ubiety::http {

class HealthResource {
 public:
  explicit HealthResource(Service& service) : service_(service) {}

  // Everything; 503 unless requests are served as usual.
  void get(Exchange&& exchange) const;
  // 200 while the process answers.
  void get_live(Exchange&& exchange) const;
  // 200 while requests are served as usual, else 503.
  void get_ready(Exchange&& exchange) const;

 private:
  std::string_view status() const;
  std::string_view database() const;
  // The owner of the store that this process waits for, or why the store was lost.
  void write_cause(json::Object& object) const;
  void write_problems(json::Object& object) const;
  // 200 while requests are served as usual, else 503.
  Answer answer_of(std::string body) const;

  Service& service_;
};

}  // namespace ubiety::http

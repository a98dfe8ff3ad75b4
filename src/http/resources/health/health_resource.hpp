// GET /health, /health/live, /health/ready: what a load balancer and an operator ask. The loop's thread.
#pragma once

#include "http/http1/exchange.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class HealthResource {
 public:
  explicit HealthResource(Service& service) : service_(service) {}

  // The whole picture; 503 unless everything is well.
  void get(Exchange&& exchange) const;
  // 200 while the process serves.
  void get_live(Exchange&& exchange) const;
  // Whether requests should be sent here.
  void get_ready(Exchange&& exchange) const;

 private:
  std::string_view status() const;
  std::string_view database() const;
  // Who has the store for which this process waits, or why it was lost.
  void append_cause(std::string& body) const;
  void append_problems(std::string& body) const;
  // 200 or 503
  Answer answer_of(std::string body) const;

  Service& service_;
};

}  // namespace ubiety::http

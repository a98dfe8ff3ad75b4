// What an answer of 400 or 422 must say: its `detail`, entry by entry.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/http_message.hpp"

namespace ubiety::test {

struct Fault {
  std::string loc;  // as JSON
  std::string msg;  // empty: any text, for a person
  std::string type;
  std::string ctx;  // as JSON; empty: none
};

inline Fault body_fault(std::string_view field, std::string_view msg, std::string_view type,
                        std::string_view ctx = {}) {
  return {"[\"body\",\"" + std::string(field) + "\"]", std::string(msg), std::string(type), std::string(ctx)};
}

inline Fault query_fault(std::string_view parameter, std::string_view msg, std::string_view type,
                         std::string_view ctx = {}) {
  return {"[\"query\",\"" + std::string(parameter) + "\"]", std::string(msg), std::string(type), std::string(ctx)};
}

// Expects exactly these, in this order, and the bytes as the contract has them.
void expect_faults(const HttpResponse& response, int status, const std::vector<Fault>& faults);

// Expects a 400 whose one entry is of that type.
void expect_not_json(const HttpResponse& response);

}  // namespace ubiety::test

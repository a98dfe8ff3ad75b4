#include "http/message/media_type.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace ubiety::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Type and subtype, without parameters, in lower case.
std::string essence_of(std::string_view content_type) {
  auto text = content_type.substr(0, content_type.find(';'));
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  std::string essence(text);
  std::transform(essence.begin(), essence.end(), essence.begin(), lower);
  return essence;
}

Answer unsupported_answer(std::string_view detail, std::string_view accepted) {
  auto answer = detail_answer(415, detail);
  answer.fields.push_back({"Accept", std::string(accepted)});
  return answer;
}

}  // namespace

bool is_json(std::optional<std::string_view> content_type) {
  if (!content_type) return true;
  const auto type = essence_of(*content_type);
  constexpr std::string_view tree = "application/";
  if (!type.starts_with(tree)) return false;
  const auto subtype = std::string_view(type).substr(tree.size());
  return subtype == "json" || (subtype.size() > 5 && subtype.ends_with("+json"));
}

bool is_ndjson(std::optional<std::string_view> content_type) {
  if (!content_type) return false;
  constexpr std::string_view names[] = {"application/x-ndjson", "application/ndjson", "application/jsonl",
                                        "application/x-jsonlines", "application/json-lines"};
  return std::find(std::begin(names), std::end(names), essence_of(*content_type)) != std::end(names);
}

Answer not_json_answer() {
  return unsupported_answer("the Content-Type has to be application/json", "application/json, application/*+json");
}

Answer neither_json_nor_ndjson_answer() {
  return unsupported_answer("the Content-Type has to be application/x-ndjson or application/json",
                            "application/x-ndjson, application/json, application/*+json");
}

}  // namespace ubiety::http

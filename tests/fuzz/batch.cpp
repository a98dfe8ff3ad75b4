// A batch, in either form, whole or compressed: each of its reports has a verdict, and the answer is JSON. The first
// line says the form; the rest is the body.
#include <memory>
#include <optional>
#include <string>

#include "domain/report.hpp"
#include "fuzzing.hpp"
#include "http/message/request_body.hpp"
#include "http/message/validation_answer.hpp"
#include "http/resources/batch/batch_outcome.hpp"
#include "json/reader.hpp"

using namespace ubiety;

namespace {

constexpr std::size_t max_bytes = 64 * 1024;
constexpr Timestamp now{1'764'000'000'000'000};

std::optional<std::string> inflated(std::string_view body) {
  http::Gunzip gunzip(body, max_bytes);
  auto progress = http::Gunzip::Progress::more;
  while (progress == http::Gunzip::Progress::more) progress = gunzip.advance();
  auto text = gunzip.take();
  fuzz::require(text.size() <= max_bytes + 1, "no more is inflated than may be");
  if (progress != http::Gunzip::Progress::done) return std::nullopt;
  return text;
}

void read_batch(std::string_view text, json::BatchForm form) {
  static json::BatchReader reader;
  if (const auto error = reader.begin(text, form)) {
    fuzz::require(error->kind != json::ReadError::Kind::not_an_object, "what is wrong with all is not about one");
    return;
  }
  http::BatchOutcome outcome(1);
  auto parcel = std::make_unique<Parcel>(0);
  std::size_t stored = 0;
  std::size_t reports = 0;
  while (const auto report = reader.next()) {
    fuzz::require(++reports <= text.size(), "a report takes a byte at least");
    if (!*report) {
      outcome.reject(report->error());
      continue;
    }
    const auto update = validate(**report, now, now, std::chrono::hours(24));
    if (!update) {
      outcome.reject(update.error());
      continue;
    }
    outcome.pass_to(0);
    parcel->add(*update);
    ++stored;
  }
  fuzz::require(outcome.size() == reports, "each report has a verdict");
  if (reader.error()) {
    fuzz::require_json(http::read_error_answer(*reader.error()).body);
    return;
  }
  const bool none_stored = stored == 0;
  if (!none_stored) {
    outcome.wait_for_parcels(1);
    outcome.take_back(std::move(parcel));
  }
  const auto answer = outcome.answer(true);
  fuzz::require((answer.status == 200 || answer.status == 207) == (!none_stored || reports == 0), "the status fits");
  fuzz::require_json(answer.body);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [form_word, body] = fuzz::first_line_of(fuzz::text_of(data, size));
  const auto form = form_word.starts_with("array") ? json::BatchForm::array : json::BatchForm::lines;
  if (!form_word.ends_with("gzip")) {
    read_batch(body, form);
  } else if (const auto text = inflated(body)) {
    read_batch(*text, form);
  }
  return 0;
}

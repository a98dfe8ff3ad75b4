// A history as lines of CSV or NDJSON: which form a client asks for, and how far its answer is. Without a limit the
// answer has all records that match, and is sent page by page. The next page is read when the client has taken the one
// before: a client costs the memory of a page, and a slow one holds no snapshot of the store. The loop's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/resources/device/history_query.hpp"
#include "http/service.hpp"
#include "json/record_writer.hpp"

namespace ubiety::http {

// What lines a client prefers by its Accept.
struct LineForm {
  json::RecordWriter writer;
  std::string_view content_type;
};

// Returns nullopt for JSON, as for an Accept that names nothing on offer.
std::optional<LineForm> line_form_of(std::string_view accept);

class HistoryLines final : public PendingState {
 public:
  static constexpr std::size_t records_at_a_time = 1000;

  // `service` outlives it.
  HistoryLines(Service& service, const HistoryRequest& request, const LineForm& form);
  ~HistoryLines() override;

  // What to ask the engine for next.
  const HistoryQuery& query() const { return query_; }

  // Returns the lines of a page, behind the header if the page is the first. The query goes on behind the page.
  std::string lines_of(const HistoryPage& page);

  // Whether the answer ends with this page.
  bool ends_with(const HistoryPage& page) const { return has_limit_ || !page.has_more; }

  std::string_view content_type() const { return form_.content_type; }

  // More pages follow the first. Returns false if clients have too many bytes of answers to read already.
  bool begin_sending(std::size_t bytes_of_page);
  bool is_sending() const { return held_ != nullptr; }

 private:
  Service& service_;
  HistoryQuery query_;
  const bool has_limit_;
  const LineForm form_;
  bool has_header_ = false;
  std::unique_ptr<ByteBudget::Share> held_;  // nullptr until it sends
};

}  // namespace ubiety::http

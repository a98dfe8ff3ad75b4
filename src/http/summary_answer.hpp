// The shards' parts of a summary become one body. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/summary.hpp"
#include "http/answer.hpp"
#include "http/summary_request.hpp"

namespace ubiety::http {

// One device in the summary, after a comma: SummaryEncoder::render.
void render_summary_device(std::string& out, std::string_view device_id, const Status& status);

// Every device. `parts` in the order of the shards.
Answer whole_summary_answer(std::vector<SummaryPart>& parts, bool gzip);

// The devices of a page. `pages` in the order of the shards.
Answer summary_page_answer(std::vector<SummaryPage>& pages, const SummaryQuery& query);

}  // namespace ubiety::http

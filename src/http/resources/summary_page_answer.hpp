// The shards' parts of a page of the summary become one answer. A pure function, any thread.
#pragma once

#include <vector>

#include "actors/summary.hpp"
#include "http/answer.hpp"
#include "http/resources/summary_request.hpp"

namespace ubiety::http {

// `pages` in the order of the shards.
Answer summary_page_answer(std::vector<SummaryPage>& pages, const SummaryQuery& query);

}  // namespace ubiety::http

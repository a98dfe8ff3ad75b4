// Records the spans of a traced parcel: its way through the shard, and the commit within. Any thread.
#pragma once

#include "actors/messages.hpp"

namespace ubiety {

// Call it before the parcel is answered. `batch` is nullptr when the parcel was not committed.
void record_spans(const UpdateTrace& trace, std::uint32_t shard, const Batch* batch, bool failed);

}  // namespace ubiety

// The order of updates in a commit: by the history's key. Neighbouring rows make a large batch cheaper to write, and
// two writers that meet wait for each other instead of deadlocking. Pure functions, any thread.
#pragma once

#include "storage/store.hpp"

namespace ubiety {

// Sorts and drops exact repetitions, of which the one that was received last stays.
void sort_and_dedup(UpdateList& updates);

}  // namespace ubiety

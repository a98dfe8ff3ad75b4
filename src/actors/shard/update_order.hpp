// The order in which updates are written: that of the history's key. It makes a large batch cheaper to write, and two
// writers that meet wait for each other instead of dying in a deadlock. Pure functions, any thread.
#pragma once

#include "storage/store.hpp"

namespace ubiety {

// Sorts by the key and leaves out exact repetitions; of those the one that was received last stays.
void sort_without_repetitions(UpdateList& updates);

}  // namespace ubiety

// For a process that has keys in its memory. At the start, before there are threads.
#pragma once

namespace ubiety::keys {

// No core is written when the process crashes, and no other process of the same user may look into its memory. Keys
// stand in the buffers of requests and answers, which nobody wipes; so that memory is kept in.
void keep_memory_private();

}  // namespace ubiety::keys

// How jemalloc is set up (jemalloc(3), "TUNING"): this program's memory must not grow with what it did once. Freed
// pages go back to Linux within seconds, by a thread of jemalloc's own: without one an arena gives back only while
// somebody allocates from it, and the megabytes of a start stay. MALLOC_CONF in the environment has the last word.

// jemalloc looks for this name; sanitizers' allocators do not.
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf = "background_thread:true,dirty_decay_ms:2000,muzzy_decay_ms:0";
}

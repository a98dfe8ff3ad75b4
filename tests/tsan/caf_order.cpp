// Tells ThreadSanitizer in which order CAF's mailboxes put things. CAF comes uninstrumented from the distribution, so
// that each message would look like a race: between the thread that made it and the one that takes it. These functions
// stand before CAF's of the same name, which they call. What happened before an enqueue happened before the message is
// consumed, and an actor's messages are consumed one after the other, on whatever thread.
//   A suppression of caf:: would do too, and hide every race of ours: a handler's stack has CAF in it.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <caf/all.hpp>
#include <cstdlib>
#include <utility>

namespace {

template <class Function>
Function next(const char* mangled_name) {
  void* const found = ::dlsym(RTLD_NEXT, mangled_name);
  if (found == nullptr) std::abort();  // another version of CAF
  return reinterpret_cast<Function>(found);
}

void release(caf::abstract_actor* actor) { __tsan_release(actor->ctrl()); }
void acquire(caf::abstract_actor* actor) { __tsan_acquire(actor->ctrl()); }

}  // namespace

namespace caf {

void scheduled_actor::enqueue(mailbox_element_ptr element, execution_unit* runner) {
  static const auto original = next<void (*)(scheduled_actor*, mailbox_element_ptr, execution_unit*)>(
      "_ZN3caf15scheduled_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposerEEPNS_14execution_"
      "unitE");
  release(this);
  original(this, std::move(element), runner);
}

invoke_message_result scheduled_actor::consume(mailbox_element& element) {
  static const auto original = next<invoke_message_result (*)(scheduled_actor*, mailbox_element&)>(
      "_ZN3caf15scheduled_actor7consumeERNS_15mailbox_elementE");
  acquire(this);
  const auto result = original(this, element);
  release(this);
  return result;
}

void blocking_actor::enqueue(mailbox_element_ptr element, execution_unit* runner) {
  static const auto original = next<void (*)(blocking_actor*, mailbox_element_ptr, execution_unit*)>(
      "_ZN3caf14blocking_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposerEEPNS_14execution_unitE");
  release(this);
  original(this, std::move(element), runner);
}

intrusive::task_result blocking_actor::mailbox_visitor::operator()(mailbox_element& element) {
  static const auto original = next<intrusive::task_result (*)(mailbox_visitor*, mailbox_element&)>(
      "_ZN3caf14blocking_actor15mailbox_visitorclERNS_15mailbox_elementE");
  acquire(self);
  return original(this, element);
}

// The last one to let go of an actor destroys it, after all that the others did.
void intrusive_ptr_release(actor_control_block* actor) {
  static const auto original =
      next<void (*)(actor_control_block*)>("_ZN3caf21intrusive_ptr_releaseEPNS_19actor_control_blockE");
  __tsan_release(actor);
  __tsan_acquire(actor);
  original(actor);
}

}  // namespace caf

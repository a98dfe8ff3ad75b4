// Locks that the compiler checks: a mutex, its lock, a condition variable, and the annotations of Clang's Thread Safety
// Analysis (https://clang.llvm.org/docs/ThreadSafetyAnalysis.html). Clang with -Wthread-safety rejects code that reads
// or writes a member marked GUARDED_BY(mutex_) without the mutex; other compilers ignore the annotations. libstdc++'s
// std::mutex has none, so every mutex of ours is one of these.
//
// Constructors and destructors are not checked: no other thread may use the object then. Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>

#ifdef __clang__
#define UBIETY_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#define UBIETY_THREAD_SAFETY(attribute)
#endif

// A type that is a lock, and one that holds a lock for as long as it lives.
#define CAPABILITY(kind) UBIETY_THREAD_SAFETY(capability(kind))
#define SCOPED_CAPABILITY UBIETY_THREAD_SAFETY(scoped_lockable)
// A member, or what it points to, that is used only under the mutex.
#define GUARDED_BY(mutex) UBIETY_THREAD_SAFETY(guarded_by(mutex))
#define PT_GUARDED_BY(mutex) UBIETY_THREAD_SAFETY(pt_guarded_by(mutex))
// A function that needs the mutex locked, or needs it not locked by its caller.
#define REQUIRES(...) UBIETY_THREAD_SAFETY(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) UBIETY_THREAD_SAFETY(locks_excluded(__VA_ARGS__))
// A function that locks the mutex, locks it if it returns the value named, or unlocks it.
#define ACQUIRE(...) UBIETY_THREAD_SAFETY(acquire_capability(__VA_ARGS__))
#define TRY_ACQUIRE(...) UBIETY_THREAD_SAFETY(try_acquire_capability(__VA_ARGS__))
#define RELEASE(...) UBIETY_THREAD_SAFETY(release_capability(__VA_ARGS__))

namespace ubiety {

class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  bool try_lock() TRY_ACQUIRE(true) { return mutex_.try_lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

// Holds a mutex from its construction to its destruction.
class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  // Takes over a mutex that try_lock() has locked.
  MutexLock(Mutex& mutex, std::adopt_lock_t) REQUIRES(mutex) : mutex_(mutex) {}
  ~MutexLock() RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Each wait unlocks the mutex while it blocks, and calls `condition` with the mutex locked: a lambda that reads guarded
// members says so, as in `[this]() REQUIRES(mutex_) { return !waiting_.empty(); }`. The time is that of a steady clock.
class ConditionVariable {
 public:
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

  // Returns when `condition` is true.
  template <class Condition>
  void wait(Mutex& mutex, Condition condition) REQUIRES(mutex) {
    condition_.wait(mutex, std::move(condition));
  }

  // The following return when `condition` is true, when a stop is requested, or when the time has passed. They return
  // what `condition` was last.
  template <class Condition>
  bool wait(Mutex& mutex, const std::stop_token& stopping, Condition condition) REQUIRES(mutex) {
    return condition_.wait(mutex, stopping, std::move(condition));
  }
  template <class Condition>
  bool wait_for(Mutex& mutex, const std::stop_token& stopping, std::chrono::milliseconds limit, Condition condition)
      REQUIRES(mutex) {
    return condition_.wait_for(mutex, stopping, limit, std::move(condition));
  }
  template <class Condition>
  bool wait_until(Mutex& mutex, std::chrono::steady_clock::time_point deadline, Condition condition) REQUIRES(mutex) {
    return condition_.wait_until(mutex, deadline, std::move(condition));
  }

 private:
  std::condition_variable_any condition_;
};

}  // namespace ubiety

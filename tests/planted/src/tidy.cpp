// One fault of each kind, so that scripts/tidy can see that they are found where the comments say, and nothing else is.
// They are about the library's types where they can be: what is left out must not be missed.
#include "tidy.hpp"

#include <memory>
#include <string>
#include <vector>

#include "../../../src/domain/thread_safety.hpp"

namespace ubiety::planted {

using std::unique_ptr;  // finds misc-unused-using-decls
typedef int Number;     // finds modernize-use-using

struct Base {
  Base() = default;
  virtual ~Base() = default;
  virtual int number() { return 0; }
};
struct Derived : Base {
  virtual int number() { return 1; }  // finds modernize-use-override
};

std::size_t used_after_move(std::string text) {
  const std::string moved = std::move(text);
  return moved.size() + text.size();  // finds bugprone-use-after-move clang-analyzer-cplusplus.Move
}

void forever(int number) {
  while (number > 0) has_text("");  // finds bugprone-infinite-loop
}

int copied(std::vector<std::string> texts) {  // finds performance-unnecessary-value-param
  return static_cast<int>(texts.size());
}

int copied_in_loop(const std::vector<std::string>& texts) {
  int number = 0;
  for (const auto text : texts) number += static_cast<int>(text.size());  // finds performance-for-range-copy
  return number;
}

int null_pointer(const int* number) {
  if (number == nullptr) return *number;  // finds clang-analyzer-core.NullDereference
  return *number;
}

int leak(bool early) {
  auto* number = new int{1};
  if (early) return 0;  // finds clang-analyzer-cplusplus.NewDeleteLeaks
  const int result = *number;
  delete number;
  return result;
}

class Guarded {
 public:
  int unlocked() const { return number_; }  // finds clang-diagnostic-thread-safety-analysis

 private:
  mutable Mutex mutex_;
  int number_ GUARDED_BY(mutex_) = 0;
};

Number instantiated() { return first_of(std::vector<int>{1}) + Derived().number(); }

}  // namespace ubiety::planted

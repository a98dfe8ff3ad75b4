// planted_fault NAME: has one of the faults that sanitizers are there to find, so that a test can see that it is found,
// with the options that ubietyd is built and run with.
#include <limits>
#include <string_view>
#include <thread>

namespace {

// Volatile, so that the compiler neither sees the fault nor leaves it out.
int use_after_free() {
  int* volatile number = new int{1};
  delete number;
  return *number;
}

int leak() {
  int* volatile number = nullptr;
  for (int i = 0; i < 100; ++i) number = new int{i};
  return *number;
}

int overflow() {
  const volatile int largest = std::numeric_limits<int>::max();
  return largest + 1;
}

int race() {
  int number = 0;
  std::thread one([&] { ++number; }), other([&] { ++number; });
  one.join();
  other.join();
  return number;
}

}  // namespace

int main(int, char** argv) {
  const std::string_view name = argv[1];
  int result = 0;
  if (name == "use_after_free") result = use_after_free();
  if (name == "leak") result = leak();
  if (name == "overflow") result = overflow();
  if (name == "race") result = race();
  return result == 0 ? 1 : 0;  // any use of it
}

// What docs/examples/devices/report/report.ino uses of the Arduino core for ESP32, so that a test can run the sketch on
// Linux. The sketch's clock runs faster than the machine's. One thread.
#pragma once

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <thread>

using std::max;

constexpr unsigned long hurry = 20;  // milliseconds of the sketch in one of the machine's

class String {
 public:
  String(const char* text = "") : text_(text) {}
  bool isEmpty() const { return text_.empty(); }
  long toInt() const { return std::atol(text_.c_str()); }
  const char* c_str() const { return text_.c_str(); }

 private:
  std::string text_;
};

inline unsigned long millis() {
  static const auto start = std::chrono::steady_clock::now();
  const auto elapsed = std::chrono::steady_clock::now() - start;
  return hurry * static_cast<unsigned long>(std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count());
}

inline void delay(unsigned long milliseconds) {
  std::this_thread::sleep_for(std::chrono::microseconds(milliseconds * 1000 / hurry));
}

inline unsigned esp_random() { return std::random_device()(); }
inline void randomSeed(unsigned long seed) { std::srand(static_cast<unsigned>(seed)); }
inline long random(long bound) { return std::rand() % bound; }
inline void configTime(long, int, const char*) {}

void setup();
void loop();

int main() {
  setup();
  for (;;) loop();
}

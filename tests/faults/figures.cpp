#include "faults/figures.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <iostream>
#include <sstream>

namespace ubiety::test {

Figures::~Figures() {
  const bool has_failed = ::testing::Test::HasFailure() || std::uncaught_exceptions() > 0;
  const char* verdict = has_failed ? "failed" : ::testing::Test::IsSkipped() ? "skipped" : "held";
  std::cout << "FIGURE row=" << row_ << " scenario=\"" << scenario_ << "\" verdict=" << verdict << " asked=\"" << asked_
            << "\" measured=\"" << measured_ << '"' << std::endl;
}

void Figures::note(const Verification& seen) {
  note("acknowledged", seen.stored);
  note("unsettled", seen.unsettled);
  exactly("lost", seen.lost, 0);
  exactly("unexpected", seen.unexpected, 0);
}

void Figures::note(const StoredSet& set) {
  note("rows in PostgreSQL", set.rows);
  exactly("false 200", set.false_200, 0);
  exactly("unexpected rows", set.unexpected, 0);
  exactly("duplicated rows", set.duplicated, 0);
}

std::string Figures::with_unit(std::chrono::microseconds time) {
  std::ostringstream text;
  if (time < std::chrono::milliseconds{10})
    text << static_cast<double>(time.count() / 100) / 10 << " ms";
  else if (time < std::chrono::seconds{1})
    text << time.count() / 1000 << " ms";
  else
    text << static_cast<double>(time.count() / 10'000) / 100 << " s";
  return text.str();
}

std::string Figures::with_unit(Kilobytes memory) { return std::to_string(memory.count / 1024) + " MB"; }

void Figures::append(std::string& list, const std::string& text) { list.append(list.empty() ? "" : ", ").append(text); }

void Figures::expect(bool holds, const std::string& measured, const std::string& asked) {
  EXPECT_TRUE(holds) << measured << ", not " << asked;
  append(measured_, measured);
  append(asked_, asked);
}

}  // namespace ubiety::test

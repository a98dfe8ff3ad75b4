// Submissions on their way to a shard, past its mailbox: while a batch of the shard's is on its way they can go nowhere
// yet, and the shard need not wake up for them. It finds them when it gets the batch back.
#pragma once

#include <cstddef>
#include <iterator>
#include <limits>
#include <mutex>
#include <utility>
#include <vector>

#include "actors/messages.hpp"

namespace ubiety {

// Any thread puts; the shard's thread does the rest.
class SubmissionIntake {
 public:
  struct Taken {
    std::vector<Submission> submissions;
    bool more_expected = false;  // of the last put: clients are connected that wait for no answer
  };

  // True when the shard has to be told, by a TakeSubmissions: it will not look by itself.
  bool put(std::vector<Submission>&& submissions, bool more_expected) {
    const std::lock_guard lock(mutex_);
    if (waiting_.submissions.empty())
      waiting_.submissions = std::move(submissions);
    else
      std::move(submissions.begin(), submissions.end(), std::back_inserter(waiting_.submissions));
    waiting_.more_expected = more_expected;
    return is_to_be_told() && !std::exchange(is_told_, true);
  }

  // All that waits, in the order in which it was put.
  Taken take() {
    const std::lock_guard lock(mutex_);
    is_told_ = false;
    return {std::exchange(waiting_.submissions, {}), waiting_.more_expected};
  }

  // The shard is to be told from so many on. True when they are here already and nobody told it: it has to take them.
  bool tell_from(std::size_t count) {
    const std::lock_guard lock(mutex_);
    told_from_ = count;
    return is_to_be_told() && !is_told_;
  }

  static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

 private:
  bool is_to_be_told() const { return waiting_.submissions.size() >= told_from_; }

  std::mutex mutex_;
  Taken waiting_;
  std::size_t told_from_ = 1;
  bool is_told_ = false;
};

}  // namespace ubiety

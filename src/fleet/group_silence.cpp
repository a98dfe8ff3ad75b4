#include "fleet/group_silence.hpp"

#include <algorithm>
#include <utility>

namespace ubiety {
namespace {

using std::chrono::milliseconds;

// Whether at most half of those that a report was expected of were heard, also among those that are surely due.
bool is_out(const GroupCensus& census) {
  if (census.expected < GroupSilence::fewest_expected) return false;
  return census.heard <= census.expected / 2 && census.peers_heard * 2 <= census.peers;
}

// Whether half of those that were missing are heard again, or so many were removed that none can be told missing.
bool is_back(const Outage& outage, const GroupCensus& census) {
  if (census.members < GroupSilence::fewest_expected) return true;
  return census.heard >= outage.heard + (census.expected - outage.heard) / 2;
}

}  // namespace

GroupSilence::GroupSilence(std::span<const Outage> outages) {
  for (const auto& outage : outages) outages_.emplace(outage.group, outage);
}

bool GroupSilence::is_running(GroupNumber group) const {
  const auto outage = outages_.find(group);
  return outage != outages_.end() && !outage->second.ended;
}

// Whether the suspect was not heard since the end of an outage of the group: it is no sign of another one.
bool GroupSilence::stayed_away(const Suspect& suspect, GroupNumber group) const {
  const auto outage = outages_.find(group);
  return outage != outages_.end() && outage->second.ended && suspect.heard <= *outage->second.ended;
}

std::vector<GroupQuestion> GroupSilence::questions(ListeningTime now) {
  std::vector<GroupQuestion> questions;
  if (now >= next_look_) {
    for (const auto& [group, outage] : outages_)
      if (!outage.ended) questions.push_back({group, outage.usual_gap});
    next_look_ = now + between_looks;
  }
  for (const auto& suspect : suspects_) {
    for (const auto group : {whole_fleet, suspect.group})
      if (!is_running(whole_fleet) && !is_running(group) && !stayed_away(suspect, group))
        questions.push_back({group, suspect.usual_gap});
  }
  std::sort(questions.begin(), questions.end());
  // Of the usual gaps of a group's suspects, the shortest and the longest will do.
  questions_.clear();
  for (const auto& question : questions) {
    const auto size = questions_.size();
    if (size >= 2 && questions_[size - 2].group == question.group)
      questions_.back() = question;
    else if (size == 0 || questions_.back() != question)
      questions_.push_back(question);
  }
  asked_ = suspects_.size();
  return questions_;
}

GroupDecisions GroupSilence::decide(std::span<const GroupCensus> answers, ListeningTime now) {
  GroupDecisions decisions;
  begin_outages(answers, now, decisions);
  const auto end_of_asked = suspects_.begin() + static_cast<std::ptrdiff_t>(asked_);
  for (auto suspect = suspects_.begin(); suspect != end_of_asked; ++suspect)
    if (!is_running(whole_fleet) && !is_running(suspect->group)) decisions.problems.push_back(suspect->device);
  suspects_.erase(suspects_.begin(), end_of_asked);
  asked_ = 0;
  end_outages(answers, now, decisions);
  questions_.clear();
  return decisions;
}

void GroupSilence::begin_outages(std::span<const GroupCensus> answers, ListeningTime now, GroupDecisions& decisions) {
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    const auto& [group, usual_gap] = questions_[i];
    if (is_running(whole_fleet) || is_running(group) || !is_out(answers[i])) continue;
    const Outage outage{group, now - usual_gap, now, std::nullopt, usual_gap, answers[i].heard};
    if (group == whole_fleet) end_all(now, decisions);
    outages_.insert_or_assign(group, outage);
    decisions.began.push_back(outage);
  }
}

void GroupSilence::end_outages(std::span<const GroupCensus> answers, ListeningTime now, GroupDecisions& decisions) {
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    const auto outage = outages_.find(questions_[i].group);
    if (outage == outages_.end() || outage->second.ended || outage->second.found == now) continue;
    if (is_back(outage->second, answers[i])) end(outage->second, now, decisions);
  }
}

// Before an outage of the fleet. A group that stays away after that outage is a new outage, so this one is forgotten.
void GroupSilence::end_all(ListeningTime now, GroupDecisions& decisions) {
  for (auto& [group, outage] : outages_)
    if (!outage.ended) end(outage, now, decisions);
  std::erase_if(outages_, [&](const auto& entry) { return entry.second.ended == now; });
}

void GroupSilence::end(Outage& outage, ListeningTime now, GroupDecisions& decisions) {
  outage.ended = now;
  decisions.ended.push_back(outage);
}

const Outage* GroupSilence::outage_of(GroupNumber group) const {
  for (const auto wanted : {whole_fleet, group})
    if (is_running(wanted)) return &outages_.at(wanted);
  return nullptr;
}

std::vector<Outage> GroupSilence::all_outages() const {
  std::vector<Outage> all;
  for (const auto& [group, outage] : outages_) all.push_back(outage);
  return all;
}

}  // namespace ubiety

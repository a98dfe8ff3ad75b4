// The sorted devices of all shards, from which the pages of one query are taken, and those that are kept for the next
// pages. An order never changes, any thread; what is kept: the loop's thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "actors/summary.hpp"
#include "domain/clock.hpp"
#include "http/resources/summary/page_search.hpp"

namespace ubiety::http {

class SummaryOrder {
 public:
  // The shards' answers to a query of a sort, in the order of the shards.
  SummaryOrder(const SummaryQuery& query, std::vector<SummaryPart> parts);

  // Whether it has the page of this query.
  bool is_for(const SummaryQuery& query) const;
  bool is_whole() const { return reach_ == all; }

  // What the shards have to render for a page, and how many of that come before it.
  struct Page {
    std::shared_ptr<const std::vector<SortedSpan>> spans;
    std::size_t skipped = 0;
  };
  Page page(std::size_t offset, std::size_t limit) const;

  // Adds the counts to the shards' answers about a page. An answer of another version than the order has no version.
  void complete(std::vector<SummaryPart>& parts) const;

 private:
  static constexpr auto all = static_cast<std::size_t>(-1);

  const DeviceFilter filter_;
  const SummarySort sort_;
  std::size_t reach_ = all;  // so many of the first devices are known
  std::vector<SampledShard> shards_;
  std::vector<SummaryPart> parts_;
};

// A page that is not the first comes from the order of a page shortly before, if there is one: so it is found quickly,
// and no device is missed or doubled between two such pages.
class KeptOrders {
 public:
  static constexpr std::size_t most = 4;
  static constexpr std::chrono::seconds kept_for{5};

  // Returns nullptr if none has the page.
  std::shared_ptr<const SummaryOrder> find(const SummaryQuery& query, SteadyTime now) const;
  // Keeps it instead of an earlier one for the same pages.
  void keep(std::shared_ptr<const SummaryOrder> order, const SummaryQuery& query, SteadyTime now);
  void forget(const std::shared_ptr<const SummaryOrder>& order);
  void forget_old(SteadyTime now);

 private:
  struct Kept {
    std::shared_ptr<const SummaryOrder> order;
    SteadyTime since;
  };
  std::vector<Kept> kept_;  // the oldest first
};

}  // namespace ubiety::http

// GET /status/summary: every device with its latest status, or those of a page. The number of scans is bounded, and a
// scan ends when no client waits for it. The bytes that clients have not read are bounded too. The loop's thread.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/resources/summary/summary_body.hpp"
#include "http/resources/summary/summary_scans.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class SummaryResource {
 public:
  explicit SummaryResource(Service& service);

  void get(Exchange&& exchange);

 private:
  // Which summary it is.
  struct Edition {
    std::string tag;       // a strong ETag
    std::string position;  // in the feed: what changed up to there is in the summary
  };

  // A scan that has all its parts. Its body is put together, then its clients are answered.
  struct Finished {
    std::uint64_t number;
    Edition edition;
    std::optional<SummaryBody> body;  // until it is complete
    SummaryBody::Pieces pieces;
    bool is_held = false;  // whether the pieces count in the scan's share
  };

  void begin_scans();
  void ask_shards(std::uint64_t number, PendingScan& scan);
  void finish(std::uint64_t number, PendingScan& scan);
  void sort(PendingScan& scan);
  void add_part(std::uint64_t number, SummaryPart&& part);
  void refuse(std::uint64_t number, PendingScan& scan);
  void work();
  bool advance(Finished& finished);
  void answer_one(const Finished& finished, PendingScan& scan);
  void drop_gone_clients();
  bool is_gone(const Exchange& exchange) const;
  static void add_fields(Answer& answer, const SummaryRequest& request, const Edition& edition);
  static std::optional<Answer> precondition_answer(const Exchange& exchange, const SummaryRequest& request,
                                                   const Edition& edition);
  std::optional<Edition> current_edition(const SummaryRequest& request);
  Edition edition_of(const PendingScan& scan);
  std::string tag_of(const SummaryRequest& request, const std::vector<std::uint64_t>& versions) const;

  Service& service_;
  const std::string process_;  // unique to this process, because versions begin again with each
  SummaryScans scans_;
  KeptOrders orders_;
  std::deque<Finished> finished_;
  std::uint64_t torn_scans_ = 0;
  struct {
    std::string tag;
    SummaryBody::Pieces pieces;
  } gzipped_;  // the last version, for all requests before anything changes
  Outbox<SummaryPart> parts_;
};

}  // namespace ubiety::http

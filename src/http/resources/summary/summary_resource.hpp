// GET /status/summary: every device with its latest status, or those of a page. The shards' scans are bounded in number
// and end when nobody waits for them; their answers are bounded in bytes until they are read. The loop's thread.
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
  // A scan whose parts are there: first its body is put together, then its clients are answered.
  struct Finished {
    std::uint64_t number;
    std::string tag;
    std::optional<SummaryBody> body;  // as long as it is not complete
    SummaryBody::Pieces pieces;
    bool is_held = false;  // the pieces count in the scan's share
  };

  void begin_scans();
  void take_in(std::uint64_t number, SummaryPart&& part);
  void refuse(std::uint64_t number, PendingScan& scan);
  void work();
  bool advance(Finished& finished);
  void answer_one(const Finished& finished, PendingScan& scan);
  void look_for_clients();
  bool is_gone(const Exchange& exchange) const;
  std::optional<std::string> current_tag(const SummaryRequest& request);
  std::string tag_of(const PendingScan& scan);
  std::string tag_of(const SummaryRequest& request, const std::vector<std::uint64_t>& versions) const;

  Service& service_;
  const std::string process_;  // no two processes have the same: versions begin anew with each
  SummaryScans scans_;
  std::deque<Finished> finished_;
  std::uint64_t torn_scans_ = 0;
  struct {
    std::string tag;
    SummaryBody::Pieces pieces;
  } gzipped_;  // of the last version, for all who ask before anything changes
  Outbox<SummaryPart> parts_;
};

}  // namespace ubiety::http

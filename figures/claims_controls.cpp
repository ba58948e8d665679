// SPDX-License-Identifier: MIT
// Claims about controls: the trained matrix with its entries shuffled, and with noise of the same norm in
// place of what was learned. Their labels come without the classifier's abstention.
#include <algorithm>
#include <functional>
#include <string>

#include <fmt/format.h>

#include "figures/claims.hpp"
#include "theory/phase.hpp"

namespace rmtlab::figures {
namespace {

bool has_tail(const std::string& phase) { return theory::is_extensive(theory::phase_named(phase)); }

using Statement = std::function<bool(std::size_t row)>;

Rows rows_with(const Rows& rows, const Statement& statement) {
  Rows with;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(with), statement);
  return with;
}

// Last rows with a decided phase that have this control.
Rows controlled_rows(Claims& claims, const std::string& control) {
  const core::Table& records = claims.records();
  return rows_with(final_rows(claims.run(), claimed_layer), [&](std::size_t row) {
    return !abstained(records, row) && !records.text(row, control).empty();
  });
}

// The trainings for the record, which are not independent; the replicates for the verdict.
void claim_share(Claims& claims, const std::string& claim, const std::string& of,
                 const std::string& what, const Rows& rows, const Statement& statement) {
  if (rows.empty())
    return claims.add(claim, of + " that " + what, unknown, "no such training", "inconclusive");
  claims.add(claim, of + " that " + what,
             share_interval(rows_with(rows, statement).size(), rows.size()),
             "for the record, as if independent", "measured");
  const auto groups = by_replicate(claims.records(), rows);
  const auto hits = std::count_if(groups.begin(), groups.end(), [&](const auto& group) {
    return 2 * rows_with(group.second, statement).size() > group.second.size();
  });
  claims.add_majority(claim, fmt::format("replicates in which most {} do", of),
                      static_cast<std::size_t>(hits), groups.size());
}

void shuffled_entries(Claims& claims) {
  const core::Table& records = claims.records();
  const auto phase = [&](std::size_t row) { return records.text(row, "phase"); };
  const auto shuffled = [&](std::size_t row) { return records.text(row, "shuffled_label"); };
  const Rows tails = rows_with(controlled_rows(claims, "shuffled_label"),
                               [&](std::size_t row) { return has_tail(phase(row)); });
  const std::string trainings = "trainings of bulk-decay or beyond";
  claim_share(claims, "shuffling the entries changes the phase of a tail", trainings,
              "get another label", tails,
              [&](std::size_t row) { return shuffled(row) != phase(row); });
  claim_share(claims, "shuffling the entries leaves no tail", trainings,
              "are not of bulk-decay or beyond when shuffled", tails,
              [&](std::size_t row) { return !has_tail(shuffled(row)); });
  const Rows heavy =
      rows_with(tails, [&](std::size_t row) { return phase(row) == "heavy-tailed"; });
  if (heavy.empty()) return;
  const std::size_t kept =
      rows_with(heavy, [&](std::size_t row) { return shuffled(row) == "heavy-tailed"; }).size();
  claims.add("the entries alone are heavy-tailed",
             "heavy-tailed trainings that stay heavy-tailed when shuffled",
             share_interval(kept, heavy.size()),
             fmt::format("{} of {} trainings, as if independent", kept, heavy.size()),
             kept == 0 ? "in none" : "in some");
}

void noise_for_learning(Claims& claims) {
  const core::Table& records = claims.records();
  const Rows learned = rows_with(controlled_rows(claims, "noise_label"), [&](std::size_t row) {
    return records.text(row, "phase") != "random-like";
  });
  claim_share(claims, "noise of the norm of what was learned leaves no spike and no tail",
              "trainings of bleeding-out or beyond", "are random-like with noise instead", learned,
              [&](std::size_t row) { return records.text(row, "noise_label") == "random-like"; });
}

}  // namespace

void controls(Claims& claims) {
  if (!claims.records().has_column("shuffled_label"))
    return claims.add("the tail is in the order of the entries, and learned", "", unknown,
                      "the run has no record.controls", "not run");
  shuffled_entries(claims);
  noise_for_learning(claims);
}

}  // namespace rmtlab::figures

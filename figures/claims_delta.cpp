// SPDX-License-Identifier: MIT
// Claims about W - a W_0: what it predicts, and whether the classifier agrees.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "figures/claims.hpp"
#include "theory/phase.hpp"

namespace rmtlab::figures {

// Observed over predicted, batches from 32 up: each replicate's worst.
void predicted_outliers(Claims& claims) {
  const core::Table& records = claims.records();
  const std::string claim = "the largest eigenvalue follows from W - a W_0 without a fit";
  struct Prediction {
    const char *column, *text;
  };
  for (const auto& [column, text] :
       {Prediction{"delta_lambda_ratio", "W_0 taken as independent"},
        Prediction{"delta_aligned_lambda_ratio", "with what W_0 has along the spikes"}}) {
    if (!records.has_column(column)) continue;
    std::vector<double> worst;
    std::size_t within = 0, all = 0;
    for (const auto& [replicate, rows] :
         by_replicate(records, final_rows(claims.run(), claimed_layer))) {
      double most = 0;
      for (const std::size_t row : rows) {
        if (records.text(row, column).empty() ||
            claims.run().parameter(row, "training.batch_size") < 32)
          continue;
        const double miss = std::abs(records.number(row, column) - 1);
        most = std::max(most, miss);
        within += miss <= 0.05;
        ++all;
      }
      worst.push_back(most);
    }
    if (all == 0) continue;
    const auto interval = mean_interval(worst, 0.9);
    claims.add(
        claim, fmt::format("worst miss of a replicate, batch >= 32, {}", text), interval,
        fmt::format("<= 0.05 (90 % t); {} of {} trainings within", within, all),
        text_of(exceeds({interval.count, -interval.value, -interval.high, -interval.low}, -0.05)));
  }
}

// The classifier against the phase that Delta calls for; trainings are not independent along a path.
void agreement(Claims& claims) {
  const core::Table& records = claims.records();
  if (!records.has_column("delta_label")) return;
  std::size_t hits = 0, all = 0, decided_hits = 0, decided = 0;
  for (const std::size_t row : final_rows(claims.run(), claimed_layer)) {
    const std::string &phase = records.text(row, "phase"),
                      &label = records.text(row, "delta_label");
    if (label.empty()) continue;
    const bool hit = phase == label ||
                     (label == "extensive" && theory::is_extensive(theory::phase_named(phase)));
    ++all;
    hits += hit;
    if (abstained(records, row)) continue;
    ++decided;
    decided_hits += hit;
  }
  const std::string claim = "the classifier says what W - a W_0 calls for",
                    criterion = "for the record, as if independent";
  if (all > 0)
    claims.add(claim, "share of trainings, abstained too", share_interval(hits, all), criterion,
               "measured");
  if (decided > 0)
    claims.add(claim, "share of trainings, not abstained", share_interval(decided_hits, decided),
               criterion, "measured");
}

}  // namespace rmtlab::figures

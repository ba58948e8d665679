// SPDX-License-Identifier: MIT
/// \file
/// \brief Claims about trained networks: the table they go to, and what each of them asks of its run.
#pragma once

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "figures/training_path.hpp"
#include "figures/verdicts.hpp"

namespace rmtlab::figures {

/// The layer that all claims are about.
inline const char* const claimed_layer = "fc1";

/// Of something that could not be measured.
inline constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
inline constexpr Interval unknown{0, nothing, nothing, nothing};

/// Value and verdict of a row that stands in the table.
struct Judged {
  double value;
  std::string verdict;
};

/// One run and the table its claims go to.
class Claims {
public:
  Claims(core::Table& table, const core::Run& run, std::string name)
      : table_(table), run_(run), name_(std::move(name)) {}

  [[nodiscard]] const core::Run& run() const { return run_; }
  [[nodiscard]] const core::Table& records() const { return run_.records(); }

  /// The criterion without "n = ", which every row gets.
  void add(const std::string& claim, const std::string& statistic, const Interval& interval,
           const std::string& criterion, const std::string& verdict) {
    const auto number = [](double x) {
      return std::isfinite(x) ? fmt::format("{:.4g}", x) : std::string();
    };
    table_.add({claim, name_, statistic, number(interval.value), number(interval.low),
                number(interval.high), fmt::format("{}; n = {}", criterion, interval.count),
                verdict});
  }

  void add_majority(const std::string& claim, const std::string& statistic, std::size_t hits,
                    std::size_t trials) {
    if (trials == 0) return add(claim, statistic, unknown, "no complete replicate", "inconclusive");
    add(claim, statistic, share_interval(hits, trials),
        "share of replicates > 1/2, each end at 95 %", text_of(majority(hits, trials)));
  }

  [[nodiscard]] bool is(std::size_t row, const std::string& phase) const {
    return records().text(row, "phase") == phase && !abstained(records(), row);
  }

  /// Rows of the table so far with this claim about the run called `run`, by statistic.
  [[nodiscard]] std::map<std::string, Judged> judged(const std::string& claim,
                                                     const std::string& run) const {
    std::map<std::string, Judged> found;
    for (std::size_t i = 0; i < table_.size(); ++i)
      if (table_.text(i, "claim") == claim && table_.text(i, "run") == run &&
          !table_.text(i, "value").empty())
        found[table_.text(i, "statistic")] = {table_.number(i, "value"), table_.text(i, "verdict")};
    return found;
  }

private:
  core::Table& table_;
  const core::Run& run_;
  std::string name_;
};

/// The rows of each replicate.
std::map<std::string, Rows> by_replicate(const core::Table& records, const Rows& rows);

/// \name Paths and maps: claims_paths.cpp
/// \{
void batch_path(Claims& claims);
/// Batch sizes whose trainings end at the same value of the column `matched` of the records, "sgd_time",
/// "steps" or "train_loss"; `where` opens the claims: "at equal SGD time".
void matched_path(Claims& claims, const std::string& where, const std::string& matched);
void time_path(Claims& claims);
void decay_path(Claims& claims);
void six_phases(Claims& claims);
void map_boundaries(Claims& claims);
/// \}

/// \name Equal SGD time: claims_equal_time.cpp
/// \{
void equal_time(Claims& claims);
void gradient_noise(Claims& claims);
void batch_and_rate(Claims& claims);
void noise_factorial(Claims& claims);
/// The same with labels that mean nothing; compares its verdicts with those of noise_factorial, which
/// must stand in the table before.
void noise_of_random_labels(Claims& claims);
/// \}

/// \name What W - a W_0 says: claims_delta.cpp
/// \{
void predicted_outliers(Claims& claims);
void agreement(Claims& claims);
/// \}

/// \name Shuffled entries, and noise in place of what was learned: claims_controls.cpp
/// \{
void controls(Claims& claims);
/// \}

/// \name What a heavy tail needs, what bounds the rank: claims_tail.cpp
/// \{
void covariance(Claims& claims);
void dropout(Claims& claims);
void difficulty(Claims& claims);
void large_steps(Claims& claims);
void rank_slope(Claims& claims);
/// \}

}  // namespace rmtlab::figures

// SPDX-License-Identifier: MIT
// Claims about what a heavy tail needs, and what bounds the rank.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "figures/claims.hpp"

namespace rmtlab::figures {
namespace {

using Setting = std::vector<std::pair<std::string, double>>;

Rows at_setting(const core::Run& run, const Setting& setting) {
  Rows rows;
  for (const std::size_t row : final_rows(run, claimed_layer))
    if (std::all_of(setting.begin(), setting.end(), [&](const auto& item) {
          return run.parameter(row, item.first) == item.second;
        }))
      rows.push_back(row);
  if (rows.empty())
    throw std::runtime_error(fmt::format("{} has no training with {} = {:g}", run.folder().string(),
                                         setting.front().first, setting.front().second));
  return rows;
}

Verdict claim_heavy(Claims& claims, const std::string& claim, const std::string& where,
                    const Setting& setting) {
  const Rows rows = at_setting(claims.run(), setting);
  const auto hits = std::count_if(rows.begin(), rows.end(),
                                  [&](std::size_t row) { return claims.is(row, "heavy-tailed"); });
  const auto count = static_cast<std::size_t>(hits);
  claims.add_majority(claim, "replicates heavy-tailed, " + where, count, rows.size());
  return majority(count, rows.size());
}

// The two shares, and what they say together.
void claim_needed(Claims& claims, const std::string& claim, const std::string& with_text,
                  const Setting& with, const std::string& without_text, const Setting& without) {
  const Verdict a = claim_heavy(claims, claim + ": with", with_text, with);
  const Verdict b = claim_heavy(claims, claim + ": without", without_text, without);
  Interval both = unknown;
  both.count = at_setting(claims.run(), with).size();
  claims.add(claim, "the two together", both, "most with it, most not without it",
             text_of(needed(a, b)));
}

// Paired change of a statistic between two settings, replicates without it left out.
void claim_change(Claims& claims, const std::string& claim, const std::string& statistic,
                  const std::string& what, const Setting& from, const Setting& to, double sign) {
  const core::Table& records = claims.records();
  auto before = by_replicate(records, at_setting(claims.run(), from));
  std::vector<double> changes;
  for (const auto& [replicate, rows] : by_replicate(records, at_setting(claims.run(), to))) {
    if (!before.contains(replicate)) continue;
    const auto new_value = column(records, rows, statistic);
    const auto old_value = column(records, before[replicate], statistic);
    if (!new_value.empty() && !old_value.empty())
      changes.push_back(new_value.front() - old_value.front());
  }
  if (changes.empty()) return;
  const auto interval = mean_interval(changes, 0.95);
  const Interval signed_interval =
      sign > 0 ? interval
               : Interval{interval.count, -interval.value, -interval.high, -interval.low};
  claims.add(claim, fmt::format("change of {} {}", statistic, what), interval,
             fmt::format("{} 0 (95 % t, paired)", sign > 0 ? ">" : "<"),
             text_of(exceeds(signed_interval, 0)));
}

}  // namespace

void covariance(Claims& claims) {
  const std::string exponent = "data.covariance_exponent", noise = "data.label_noise";
  claim_needed(claims, "the heavy tail needs a power-law input covariance", "exponent 1",
               {{exponent, 1}, {noise, 0}}, "white inputs", {{exponent, 0}, {noise, 0}});
  claim_needed(claims, "the heavy tail needs labels that mean something", "true labels",
               {{exponent, 1}, {noise, 0}}, "random labels", {{exponent, 1}, {noise, 1}});
}

void dropout(Claims& claims) {
  const std::string path = "training.dropout", claim = "dropout makes the tail heavier";
  const auto values =
      distinct_numbers(claims.records(), final_rows(claims.run(), claimed_layer), path);
  const Setting without{{path, values.front()}}, with{{path, values.back()}};
  const std::string what = fmt::format("from dropout {:g} to {:g}", values.front(), values.back());
  claim_change(claims, claim, "ks_all", what, without, with, 1);
  claim_change(claims, claim, "outlier_trace_fraction", what, without, with, 1);
  claim_change(claims, claim, "alpha", what, without, with, -1);
  const core::Table& records = claims.records();
  auto before = by_replicate(records, at_setting(claims.run(), without));
  std::size_t hits = 0, trials = 0;
  for (const auto& [replicate, rows] : by_replicate(records, at_setting(claims.run(), with))) {
    const std::size_t row = rows.front();
    if (!before.contains(replicate)) continue;
    const std::size_t old_row = before[replicate].front();
    ++trials;
    hits += !abstained(records, row) && !abstained(records, old_row) &&
            records.text(row, "phase") != records.text(old_row, "phase");
  }
  claims.add_majority("dropout changes the phase", "replicates of another phase, " + what, hits,
                      trials);
}

void difficulty(Claims& claims) {
  const core::Table& records = claims.records();
  const auto values =
      distinct_numbers(records, final_rows(claims.run(), claimed_layer), "data.snr");
  const Setting clean{{"data.snr", values.back()}, {"data.classes", 10}};
  const Setting noisy{{"data.snr", values.front()}, {"data.classes", 10}};
  const std::string what =
      fmt::format("from signal to noise {:g} to {:g}, 10 classes", values.back(), values.front());
  const std::string claim = "noise in the task makes the tail lighter";
  claim_change(claims, claim, "alpha", what, clean, noisy, 1);
  claim_change(claims, claim, "outlier_trace_fraction", what, clean, noisy, -1);
}

void large_steps(Claims& claims) {
  std::size_t hits = 0;
  const auto groups = by_replicate(claims.records(), final_rows(claims.run(), claimed_layer));
  for (const auto& [replicate, rows] : groups)
    hits += std::any_of(rows.begin(), rows.end(),
                        [&](std::size_t row) { return claims.is(row, "heavy-tailed"); });
  claims.add_majority("full-batch Adam with large steps gives a heavy tail",
                      "replicates heavy-tailed at one learning rate or more", hits, groups.size());
}

void rank_slope(Claims& claims) {
  const std::string claim = "effective rank is proportional to batch_size / (learning_rate decay)";
  const std::string statistic = "slope of ln effective rank over the settings of a replicate";
  std::vector<double> slopes;
  std::size_t active = 0, all = 0, below = 0, replicates = 0;
  for (const auto& [replicate, rows] :
       by_replicate(claims.records(), final_rows(claims.run(), claimed_layer))) {
    std::vector<std::pair<double, double>> points;
    for (const std::size_t row : rows) {
      const auto bound = rank_bound(claims.run(), row);
      if (bound.active) points.emplace_back(bound.scale, effective_rank(claims.records(), row));
    }
    active += points.size();
    all += rows.size();
    replicates += points.empty() ? 0 : 1;
    below += !points.empty() && std::all_of(points.begin(), points.end(), [](const auto& point) {
      return point.second <= point.first;
    });
    if (const auto slope = log_slope(points)) slopes.push_back(*slope);
  }
  const std::string where = fmt::format(
      "bound active in {} of {} trainings: scale < M/2, decay S >= 5, learnt", active, all);
  if (slopes.empty()) return claims.add(claim, statistic, unknown, where, "bound inactive");
  constexpr double margin = 0.25;
  const auto slope = mean_interval(slopes, 0.9);
  Interval excess = slope;
  for (double* end : {&excess.value, &excess.low, &excess.high}) *end -= 1;
  const auto e = equivalence(excess, margin);
  const Verdict verdict = e == Equivalence::equivalent  ? Verdict::reproduced
                          : e == Equivalence::different ? Verdict::not_reproduced
                                                        : Verdict::inconclusive;
  claims.add(claim, statistic, slope, fmt::format("1 +- {} (90 % t); {}", margin, where),
             text_of(verdict));
  claims.add_majority("effective rank is at most batch_size (1 - momentum) / (learning_rate decay)",
                      "replicates where it is so in every training with the bound active", below,
                      replicates);
}

}  // namespace rmtlab::figures

// SPDX-License-Identifier: MIT
// Claims about paths and maps: where a network goes as one or two settings change.
#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "figures/claims.hpp"

namespace rmtlab::figures {
namespace {

// Rows of each replicate along the path; replicates with a failed training are left out.
std::vector<Rows> paths_of(const core::Run& run, const std::string& variable, bool falling) {
  const core::Table& records = run.records();
  const Rows all =
      variable == "epoch" ? layer_rows(run, claimed_layer) : final_rows(run, claimed_layer);
  const std::size_t places = distinct_numbers(records, all, variable).size();
  std::vector<Rows> paths;
  for (auto& [replicate, rows] : by_replicate(records, all)) {
    if (rows.size() != places) continue;
    std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
      const double x = records.number(a, variable), y = records.number(b, variable);
      return falling ? x > y : x < y;
    });
    paths.push_back(rows);
  }
  return paths;
}

void claim_ends(Claims& claims, const std::string& claim, const std::vector<Rows>& paths,
                const std::string& first, const std::string& last) {
  std::size_t hits = 0;
  for (const Rows& path : paths)
    hits += (first.empty() || claims.is(path.front(), first)) && claims.is(path.back(), last);
  claims.add_majority(claim,
                      first.empty() ? fmt::format("replicates that end {}", last)
                                    : fmt::format("replicates from {} to {}", first, last),
                      hits, paths.size());
}

void claim_fall(Claims& claims, const std::string& variable, const std::vector<Rows>& paths) {
  const core::Table& records = claims.records();
  std::vector<std::vector<double>> values;
  for (const Rows& path : paths) {
    values.emplace_back();
    for (const std::size_t row : path)
      values.back().push_back(std::log(records.number(row, "stable_rank")));
  }
  if (values.empty()) return;
  const auto fall = falls(values);
  claims.add(
      "the stable rank falls at every step of the path",
      fmt::format("change of ln stable rank from {} {:g} to {:g}, the least fall",
                  parameter_label(variable), records.number(paths.front()[fall.step], variable),
                  records.number(paths.front()[fall.step + 1], variable)),
      fall.change, "paired change < 0 at every step, each at 5 % one-sided (90 % t)",
      text_of(fall.verdict));
}

// Median over replicates, from the lowest to the highest neighbouring grid value of any.
void claim_boundaries(Claims& claims, const std::string& variable, const std::vector<Rows>& paths) {
  const core::Table& records = claims.records();
  for (std::size_t order = 1; order <= phase_order("heavy-tailed"); ++order) {
    std::vector<double> places;
    Interval range = unknown;
    for (const Rows& path : paths) {
      std::vector<Step> steps;
      for (const std::size_t row : path)
        if (!abstained(records, row))
          steps.push_back({records.number(row, variable), phase_order(records.text(row, "phase"))});
      const auto b = boundary(steps, order);
      if (!b) continue;
      range.low = places.empty() ? b->low : std::min(range.low, b->low);
      range.high = places.empty() ? b->high : std::max(range.high, b->high);
      places.push_back(b->at);
    }
    range.count = places.size();
    if (!places.empty()) range.value = median(places);
    claims.add(fmt::format("boundary of {} or beyond", phase_names()[order]),
               fmt::format("{}, median; range of grid neighbours", parameter_label(variable)),
               range,
               fmt::format("crossed for good in {} of {} replicates", places.size(), paths.size()),
               places.empty() ? "no boundary" : "measured");
  }
}

}  // namespace

std::map<std::string, Rows> by_replicate(const core::Table& records, const Rows& rows) {
  std::map<std::string, Rows> groups;
  for (const std::size_t row : rows) groups[records.text(row, "replicate")].push_back(row);
  return groups;
}

void batch_path(Claims& claims) {
  const std::string variable = "training.batch_size";
  const auto paths = paths_of(claims.run(), variable, true);
  claim_ends(claims, "batch size alone takes FC1 from random-like to heavy-tailed", paths,
             "random-like", "heavy-tailed");
  claim_fall(claims, variable, paths);
  claim_boundaries(claims, variable, paths);
}

void matched_path(Claims& claims) {
  claim_ends(claims, "at equal SGD time batch size takes FC1 from random-like to heavy-tailed",
             paths_of(claims.run(), "training.batch_size", true), "random-like", "heavy-tailed");
}

void time_path(Claims& claims) {
  const auto paths = paths_of(claims.run(), "epoch", false);
  claim_ends(claims, "training time alone takes FC1 from random-like to heavy-tailed", paths,
             "random-like", "heavy-tailed");
  claim_fall(claims, "epoch", paths);
  claim_boundaries(claims, "epoch", paths);
}

void decay_path(Claims& claims) {
  claim_ends(claims, "weight decay takes FC1 to rank collapse",
             paths_of(claims.run(), "training.weight_decay", false), "", "rank-collapse");
}

void six_phases(Claims& claims) {
  const std::string claim = "all six phases occur on the map of batch size and weight decay";
  const core::Table& records = claims.records();
  std::size_t hits = 0;
  std::vector<double> counts;
  const auto groups = by_replicate(records, final_rows(claims.run(), claimed_layer));
  for (const auto& [replicate, rows] : groups) {
    std::set<std::string> seen;
    for (const std::size_t row : rows)
      if (!abstained(records, row)) seen.insert(records.text(row, "phase"));
    hits += seen.size() == phase_names().size();
    counts.push_back(static_cast<double>(seen.size()));
  }
  claims.add_majority(claim, "replicates whose map has all six", hits, groups.size());
  claims.add(claim, "phases on the map of a replicate", mean_interval(counts, 0.9),
             "90 % t, for the record", "measured");
}

}  // namespace rmtlab::figures

// SPDX-License-Identifier: MIT
// Claims about paths and maps: where a network goes as one or two settings change.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "figures/claims.hpp"

namespace rmtlab::figures {
namespace {

// `rows` of each replicate along the path; replicates with a failed training are left out.
std::vector<Rows> paths_along(const core::Table& records, const Rows& rows,
                              const std::string& variable, bool falling) {
  const std::size_t places = distinct_numbers(records, rows, variable).size();
  std::vector<Rows> paths;
  for (auto& [replicate, path] : by_replicate(records, rows)) {
    if (path.size() != places) continue;
    std::sort(path.begin(), path.end(), [&](std::size_t a, std::size_t b) {
      const double x = records.number(a, variable), y = records.number(b, variable);
      return falling ? x > y : x < y;
    });
    paths.push_back(path);
  }
  return paths;
}

std::vector<Rows> paths_of(const core::Run& run, const std::string& variable, bool falling) {
  return paths_along(
      run.records(),
      variable == "epoch" ? layer_rows(run, claimed_layer) : final_rows(run, claimed_layer),
      variable, falling);
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

// Place and order of the phase, where the classifier decided.
std::vector<Step> decided_steps(const core::Table& records, const std::string& variable,
                                const Rows& path) {
  std::vector<Step> steps;
  for (const std::size_t row : path)
    if (!abstained(records, row))
      steps.push_back({records.number(row, variable), phase_order(records.text(row, "phase"))});
  return steps;
}

// Median over the replicates that cross it, from the lowest to the highest neighbouring grid value of any.
void claim_boundary(Claims& claims, const std::string& variable, const std::vector<Rows>& paths,
                    std::size_t order, const std::string& where) {
  std::vector<std::vector<Step>> steps;
  for (const Rows& path : paths) steps.push_back(decided_steps(claims.records(), variable, path));
  const Crossings c = crossings(steps, order);
  std::string criterion =
      fmt::format("crossed for good in {} of {} replicates", c.at.count, c.paths);
  if (c.started > 0) criterion += fmt::format(", {} there from the start", c.started);
  claims.add(fmt::format("boundary of {} or beyond{}", phase_names()[order], where),
             fmt::format("{}, median; range of grid neighbours", parameter_label(variable)), c.at,
             criterion,
             c.at.count == 0 ? "no boundary"
             : c.in_most()   ? "measured"
                             : "inconclusive");
}

void claim_boundaries(Claims& claims, const std::string& variable, const std::vector<Rows>& paths) {
  for (std::size_t order = 1; order <= phase_order("heavy-tailed"); ++order)
    claim_boundary(claims, variable, paths, order, "");
}

// What the trainings should have in common at their end.
void claim_match(Claims& claims, const std::string& where, const std::string& matched,
                 const std::vector<Rows>& paths) {
  std::vector<double> values;
  for (const Rows& path : paths)
    for (const std::size_t row : path) values.push_back(claims.records().number(row, matched));
  if (values.empty()) return;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  claims.add("the trainings are compared " + where, matched + " at the end, median; range",
             {values.size(), median(values), *least, *most}, "for the record, of all trainings",
             "measured");
}

// From the first to the last place of the path.
void claim_further(Claims& claims, const std::string& where, const std::vector<Rows>& paths) {
  const core::Table& records = claims.records();
  std::size_t hits = 0;
  std::vector<double> changes;
  for (const Rows& path : paths) {
    const std::size_t first = path.front(), last = path.back();
    hits += !abstained(records, first) && !abstained(records, last) &&
            phase_order(records.text(last, "phase")) > phase_order(records.text(first, "phase"));
    changes.push_back(
        std::log(records.number(last, "stable_rank") / records.number(first, "stable_rank")));
  }
  if (paths.empty()) return;
  const std::string variable = "training.batch_size";
  const std::string ends =
      fmt::format("from batch size {:g} to {:g}", records.number(paths.front().front(), variable),
                  records.number(paths.front().back(), variable));
  claims.add_majority(where + " the smallest batch takes FC1 to a later phase than the largest",
                      "replicates with a later phase " + ends, hits, paths.size());
  const Interval change = mean_interval(changes, 0.95);
  claims.add(where + " the smallest batch has the lower stable rank",
             "change of ln stable rank " + ends, change, "< 0 (95 % t, paired)",
             text_of(exceeds({change.count, -change.value, -change.high, -change.low}, 0)));
}

Rows rows_at(const core::Table& records, const Rows& rows, const std::string& path, double value) {
  Rows at;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(at),
               [&](std::size_t row) { return records.number(row, path) == value; });
  return at;
}

// At every value of `fixed`, the boundaries of the phases `first` to `last` along `variable`.
void claim_slices(Claims& claims, const std::string& fixed, const std::string& variable,
                  bool falling, const char* first, const char* last) {
  const core::Table& records = claims.records();
  const Rows rows = final_rows(claims.run(), claimed_layer);
  for (const double value : distinct_numbers(records, rows, fixed))
    for (std::size_t order = phase_order(first); order <= phase_order(last); ++order)
      claim_boundary(claims, variable,
                     paths_along(records, rows_at(records, rows, fixed, value), variable, falling),
                     order, fmt::format(" at {} {:g}", parameter_label(fixed), value));
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

void matched_path(Claims& claims, const std::string& where, const std::string& matched) {
  const std::string variable = "training.batch_size";
  const auto paths = paths_of(claims.run(), variable, true);
  claim_ends(claims, where + " batch size takes FC1 from random-like to heavy-tailed", paths,
             "random-like", "heavy-tailed");
  claim_further(claims, where, paths);
  claim_match(claims, where, matched, paths);
  claim_boundaries(claims, variable, paths);
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

void map_boundaries(Claims& claims) {
  const std::string batch = "training.batch_size", decay = "training.weight_decay";
  claim_slices(claims, decay, batch, true, "bleeding-out", "bulk-decay");
  claim_slices(claims, batch, decay, false, "rank-collapse", "rank-collapse");
}

}  // namespace rmtlab::figures

// SPDX-License-Identifier: MIT
/// \file
/// \brief The claims about trained networks, each with its numbers, its criterion and its verdict.
///
/// One row per statistic: value, interval (t over replicates or Clopper and Pearson), the criterion
/// with the number n of replicates, and the verdict, which is "not run" where the run is missing.
/// Labels at which the classifier abstained count as no evidence for any phase.
///
/// Reads   RESULTS/<run>/records.csv of the runs named in the column `run`
/// Writes  OUTPUT
///
/// Usage   claims results paper/claims.csv
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/training_path.hpp"
#include "figures/verdicts.hpp"
#include "sim/core/atomic_file.hpp"
#include "theory/phase.hpp"

namespace {

using namespace rmtlab;
using figures::Interval;
using figures::Rows;
using figures::Verdict;

const char* const layer = "fc1";

// Of something that could not be measured.
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr Interval unknown{0, nothing, nothing, nothing};

// One run and the table its claims go to.
class Claims {
public:
  Claims(core::Table& table, const core::Run& run, std::string name)
      : table_(table), run_(run), name_(std::move(name)) {}

  [[nodiscard]] const core::Run& run() const { return run_; }
  [[nodiscard]] const core::Table& records() const { return run_.records(); }

  // The criterion without "n = ", which every row gets.
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
    add(claim, statistic, figures::share_interval(hits, trials),
        "share of replicates > 1/2, each end at 95 %",
        figures::text_of(figures::majority(hits, trials)));
  }

  [[nodiscard]] bool is(std::size_t row, const std::string& phase) const {
    return records().text(row, "phase") == phase && !figures::abstained(records(), row);
  }

private:
  core::Table& table_;
  const core::Run& run_;
  std::string name_;
};

std::map<std::string, Rows> by_replicate(const core::Table& records, const Rows& rows) {
  std::map<std::string, Rows> groups;
  for (const std::size_t row : rows) groups[records.text(row, "replicate")].push_back(row);
  return groups;
}

// ---------------------------------------------------------------- paths of one parameter

// Rows of each replicate along the path; replicates with a failed training are left out.
std::vector<Rows> paths_of(const core::Run& run, const std::string& variable, bool falling) {
  const core::Table& records = run.records();
  const Rows all =
      variable == "epoch" ? figures::layer_rows(run, layer) : figures::final_rows(run, layer);
  const std::size_t places = figures::distinct_numbers(records, all, variable).size();
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
  const auto fall = figures::falls(values);
  claims.add("the stable rank falls at every step of the path",
             fmt::format("change of ln stable rank from {} {:g} to {:g}, the least fall",
                         figures::parameter_label(variable),
                         records.number(paths.front()[fall.step], variable),
                         records.number(paths.front()[fall.step + 1], variable)),
             fall.change, "paired change < 0 at every step, each at 5 % one-sided (90 % t)",
             figures::text_of(fall.verdict));
}

// Median over replicates, from the lowest to the highest neighbouring grid value of any.
void claim_boundaries(Claims& claims, const std::string& variable, const std::vector<Rows>& paths) {
  const core::Table& records = claims.records();
  for (std::size_t order = 1; order <= figures::phase_order("heavy-tailed"); ++order) {
    std::vector<double> places;
    Interval range = unknown;
    for (const Rows& path : paths) {
      std::vector<figures::Step> steps;
      for (const std::size_t row : path)
        if (!figures::abstained(records, row))
          steps.push_back(
              {records.number(row, variable), figures::phase_order(records.text(row, "phase"))});
      const auto b = figures::boundary(steps, order);
      if (!b) continue;
      range.low = places.empty() ? b->low : std::min(range.low, b->low);
      range.high = places.empty() ? b->high : std::max(range.high, b->high);
      places.push_back(b->at);
    }
    range.count = places.size();
    if (!places.empty()) range.value = figures::median(places);
    claims.add(
        fmt::format("boundary of {} or beyond", figures::phase_names()[order]),
        fmt::format("{}, median; range of grid neighbours", figures::parameter_label(variable)),
        range, fmt::format("crossed for good in {} of {} replicates", places.size(), paths.size()),
        places.empty() ? "no boundary" : "measured");
  }
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

// ---------------------------------------------------------------- maps

void six_phases(Claims& claims) {
  const std::string claim = "all six phases occur on the map of batch size and weight decay";
  const core::Table& records = claims.records();
  std::size_t hits = 0;
  std::vector<double> counts;
  const auto groups = by_replicate(records, figures::final_rows(claims.run(), layer));
  for (const auto& [replicate, rows] : groups) {
    std::set<std::string> seen;
    for (const std::size_t row : rows)
      if (!figures::abstained(records, row)) seen.insert(records.text(row, "phase"));
    hits += seen.size() == figures::phase_names().size();
    counts.push_back(static_cast<double>(seen.size()));
  }
  claims.add_majority(claim, "replicates whose map has all six", hits, groups.size());
  claims.add(claim, "phases on the map of a replicate", figures::mean_interval(counts, 0.9),
             "90 % t, for the record", "measured");
}

// ---------------------------------------------------------------- equal SGD time

// A way to reach SGD times: the row of each replicate at each of them.
struct Course {
  std::string name;
  std::map<double, std::map<std::string, std::size_t>> rows;
};

// SGD times that differ by rounding alone get one key.
double time_key(double time) { return std::round(time * 1e6) / 1e6; }

void enter(Course& course, const core::Table& records, std::size_t row) {
  course.rows[time_key(records.number(row, "sgd_time"))][records.text(row, "replicate")] = row;
}

// Mean change of a statistic when SGD time doubles, along a course from `time` to its neighbour.
std::optional<double> doubling_change(const core::Table& records, const Course& course, double time,
                                      const std::string& statistic) {
  const auto here = course.rows.find(time);
  if (here == course.rows.end() || course.rows.size() < 2) return std::nullopt;
  const auto next = std::next(here) != course.rows.end() ? std::next(here) : std::prev(here);
  std::vector<double> changes;
  for (const auto& [replicate, row] : here->second) {
    const auto other = next->second.find(replicate);
    if (other != next->second.end())
      changes.push_back(
          (records.number(other->second, statistic) - records.number(row, statistic)) *
          std::log(2) / std::log(next->first / time));
  }
  if (changes.empty()) return std::nullopt;
  const double mean = figures::mean_interval(changes, 0.9).value;
  return mean == 0 ? std::nullopt : std::optional<double>(std::abs(mean));
}

double noise_of(const core::Run& run, std::size_t row) {
  return run.parameter(row, "training.learning_rate") / run.parameter(row, "training.batch_size");
}

void compare_at(Claims& claims, const std::string& claim, const Course& a, const Course& b,
                double time, const std::string& statistic) {
  const core::Table& records = claims.records();
  const auto unit = doubling_change(records, b, time, statistic);
  if (!unit) return;
  std::vector<double> differences;
  bool same_noise = true;
  for (const auto& [replicate, row] : a.rows.at(time)) {
    const auto other = b.rows.at(time).find(replicate);
    if (other == b.rows.at(time).end() || other->second == row) continue;  // their common start
    differences.push_back(
        (records.number(row, statistic) - records.number(other->second, statistic)) / *unit);
    same_noise =
        same_noise &&
        std::abs(noise_of(claims.run(), row) / noise_of(claims.run(), other->second) - 1) < 1e-9;
  }
  if (differences.empty()) return;
  constexpr double margin = 0.25;
  const auto interval = figures::mean_interval(differences, 0.9);
  std::string verdict = "inconclusive";
  if (const auto e = figures::equivalence(interval, margin); e == figures::Equivalence::equivalent)
    verdict = "equivalent";
  else if (e == figures::Equivalence::different)
    verdict = same_noise ? "ways differ at equal noise" : "noise matters";
  claims.add(claim,
             fmt::format("{}: {} minus {} at SGD time {:g}, in changes by doubling it", statistic,
                         a.name, b.name, time),
             interval, fmt::format("inside +-{} (90 % t, paired)", margin), verdict);
}

void compare(Claims& claims, const std::string& claim, const Course& a, const Course& b) {
  for (const char* statistic : {"ks_all", "outlier_trace_fraction"})
    for (const auto& [time, rows] : a.rows)
      if (b.rows.contains(time)) compare_at(claims, claim, a, b, time, statistic);
}

void equal_time(Claims& claims) {
  using figures::Way;
  const Rows rows = figures::layer_rows(claims.run(), layer);
  const auto start = figures::start_of(claims.run(), rows);
  std::map<Way, Course> courses;
  for (const Way way : {Way::batch, Way::rate, Way::epochs}) {
    courses[way].name = figures::name_of(way);
    for (const std::size_t row : rows) {
      const Way its = figures::way_of(claims.run(), row, start);
      if (its == way || its == Way::none) enter(courses[way], claims.records(), row);
    }
  }
  const std::string claim = "equal SGD time gives equal spectra";
  compare(claims, claim, courses[Way::batch], courses[Way::epochs]);
  compare(claims, claim, courses[Way::rate], courses[Way::epochs]);
  compare(claims, claim, courses[Way::batch], courses[Way::rate]);
}

// Courses by the values of one parameter, in the order given.
std::vector<Course> courses_by(Claims& claims, const std::string& path, const Rows& rows,
                               bool falling) {
  const core::Table& records = claims.records();
  auto values = figures::distinct_numbers(records, rows, path);
  if (falling) std::reverse(values.begin(), values.end());
  std::vector<Course> list;
  for (const double value : values) {
    Course course{fmt::format("{} {:g}", figures::parameter_label(path), value), {}};
    for (const std::size_t row : rows)
      if (records.number(row, path) == value) enter(course, records, row);
    list.push_back(std::move(course));
  }
  return list;
}

// At each SGD time with the first of the list that reached it.
void compare_with_first(Claims& claims, const std::string& claim, const std::vector<Course>& list) {
  for (std::size_t i = 1; i < list.size(); ++i)
    for (const char* statistic : {"ks_all", "outlier_trace_fraction"})
      for (const auto& [time, rows] : list[i].rows) {
        const double here = time;
        const auto first = std::find_if(list.begin(), list.end(), [&](const Course& course) {
          return course.rows.contains(here);
        });
        if (first != list.begin() + static_cast<std::ptrdiff_t>(i))
          compare_at(claims, claim, list[i], *first, time, statistic);
      }
}

void gradient_noise(Claims& claims) {
  compare_with_first(claims, "the noise of the gradient does not matter at equal SGD time",
                     courses_by(claims, "training.learning_rate",
                                figures::layer_rows(claims.run(), layer), false));
}

void batch_and_rate(Claims& claims) {
  compare_with_first(
      claims, "equal learning_rate / batch_size gives equal spectra",
      courses_by(claims, "training.batch_size", figures::final_rows(claims.run(), layer), true));
}

// Rate, batch and epochs together reach the same SGD times with other noise; the full batch, which has none,
// comes first.
void noise_factorial(Claims& claims) {
  const Rows rows = figures::layer_rows(claims.run(), layer);
  const core::Table& records = claims.records();
  auto batches = figures::distinct_numbers(records, rows, "training.batch_size");
  std::reverse(batches.begin(), batches.end());
  std::vector<Course> list;
  for (const double batch : batches)
    for (const double rate : figures::distinct_numbers(records, rows, "training.learning_rate")) {
      Course course{fmt::format("batch {:g}, rate {:g}", batch, rate), {}};
      for (const std::size_t row : rows)
        if (records.number(row, "training.batch_size") == batch &&
            records.number(row, "training.learning_rate") == rate &&
            records.number(row, "sgd_time") > 0)
          enter(course, records, row);
      if (!course.rows.empty()) list.push_back(std::move(course));
    }
  compare_with_first(claims, "the noise of the gradient does not matter, full batch included",
                     list);
}

// ---------------------------------------------------------------- what W - a W_0 says

// Observed over predicted, batches from 32 up: each replicate's worst.
void predicted_outliers(Claims& claims) {
  const core::Table& records = claims.records();
  const std::string claim = "the largest eigenvalue follows from W - a W_0 without a fit";
  struct Prediction {
    const char *column, *text;
  };
  for (const auto& [column, text] :
       {Prediction{"delta_lambda_ratio", "W_0 taken as independent"},
        Prediction{"delta_aligned_lambda_ratio", "with what W_0 has along it"}}) {
    if (!records.has_column(column)) continue;
    std::vector<double> worst;
    std::size_t within = 0, all = 0;
    for (const auto& [replicate, rows] :
         by_replicate(records, figures::final_rows(claims.run(), layer))) {
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
    const auto interval = figures::mean_interval(worst, 0.9);
    claims.add(claim, fmt::format("worst miss of a replicate, batch >= 32, {}", text), interval,
               fmt::format("<= 0.05 (90 % t); {} of {} trainings within", within, all),
               figures::text_of(figures::exceeds(
                   {interval.count, -interval.value, -interval.high, -interval.low}, -0.05)));
  }
}

// The classifier against the phase that Delta calls for; trainings are not independent along a path.
void agreement(Claims& claims) {
  const core::Table& records = claims.records();
  if (!records.has_column("delta_label")) return;
  std::size_t hits = 0, all = 0;
  for (const std::size_t row : figures::final_rows(claims.run(), layer)) {
    const std::string &phase = records.text(row, "phase"),
                      &label = records.text(row, "delta_label");
    if (label.empty()) continue;
    ++all;
    hits += phase == label ||
            (label == "extensive" && theory::is_extensive(theory::phase_named(phase)));
  }
  if (all == 0) return;
  claims.add("the classifier says what W - a W_0 calls for", "share of trainings, abstained too",
             figures::share_interval(hits, all), "for the record, as if independent", "measured");
}

// ---------------------------------------------------------------- what the tail needs

using Setting = std::vector<std::pair<std::string, double>>;

Rows at_setting(const core::Run& run, const Setting& setting) {
  Rows rows;
  for (const std::size_t row : figures::final_rows(run, layer))
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
  return figures::majority(count, rows.size());
}

// The two shares, and what they say together.
void claim_needed(Claims& claims, const std::string& claim, const std::string& with_text,
                  const Setting& with, const std::string& without_text, const Setting& without) {
  const Verdict a = claim_heavy(claims, claim + ": with", with_text, with);
  const Verdict b = claim_heavy(claims, claim + ": without", without_text, without);
  Interval both = unknown;
  both.count = at_setting(claims.run(), with).size();
  claims.add(claim, "the two together", both, "most with it, most not without it",
             figures::text_of(figures::needed(a, b)));
}

void covariance(Claims& claims) {
  const std::string exponent = "data.covariance_exponent", noise = "data.label_noise";
  claim_needed(claims, "the heavy tail needs a power-law input covariance", "exponent 1",
               {{exponent, 1}, {noise, 0}}, "white inputs", {{exponent, 0}, {noise, 0}});
  claim_needed(claims, "the heavy tail needs labels that mean something", "true labels",
               {{exponent, 1}, {noise, 0}}, "random labels", {{exponent, 1}, {noise, 1}});
}

// Paired change of a statistic between two settings, replicates without it left out.
void claim_change(Claims& claims, const std::string& claim, const std::string& statistic,
                  const std::string& what, const Setting& from, const Setting& to, double sign) {
  const core::Table& records = claims.records();
  auto before = by_replicate(records, at_setting(claims.run(), from));
  std::vector<double> changes;
  for (const auto& [replicate, rows] : by_replicate(records, at_setting(claims.run(), to))) {
    if (!before.contains(replicate)) continue;
    const auto new_value = figures::column(records, rows, statistic);
    const auto old_value = figures::column(records, before[replicate], statistic);
    if (!new_value.empty() && !old_value.empty())
      changes.push_back(new_value.front() - old_value.front());
  }
  if (changes.empty()) return;
  const auto interval = figures::mean_interval(changes, 0.95);
  const Interval signed_interval =
      sign > 0 ? interval
               : Interval{interval.count, -interval.value, -interval.high, -interval.low};
  claims.add(claim, fmt::format("change of {} {}", statistic, what), interval,
             fmt::format("{} 0 (95 % t, paired)", sign > 0 ? ">" : "<"),
             figures::text_of(figures::exceeds(signed_interval, 0)));
}

void dropout(Claims& claims) {
  const std::string path = "training.dropout", claim = "dropout makes the tail heavier";
  const auto values =
      figures::distinct_numbers(claims.records(), figures::final_rows(claims.run(), layer), path);
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
    hits += !figures::abstained(records, row) && !figures::abstained(records, old_row) &&
            records.text(row, "phase") != records.text(old_row, "phase");
  }
  claims.add_majority("dropout changes the phase", "replicates of another phase, " + what, hits,
                      trials);
}

void difficulty(Claims& claims) {
  const core::Table& records = claims.records();
  const auto values =
      figures::distinct_numbers(records, figures::final_rows(claims.run(), layer), "data.snr");
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
  const auto groups = by_replicate(claims.records(), figures::final_rows(claims.run(), layer));
  for (const auto& [replicate, rows] : groups)
    hits += std::any_of(rows.begin(), rows.end(),
                        [&](std::size_t row) { return claims.is(row, "heavy-tailed"); });
  claims.add_majority("full-batch Adam with large steps gives a heavy tail",
                      "replicates heavy-tailed at one learning rate or more", hits, groups.size());
}

// ---------------------------------------------------------------- effective rank

void rank_slope(Claims& claims) {
  const std::string claim = "effective rank is proportional to batch_size / (learning_rate decay)";
  const std::string statistic = "slope of ln effective rank over the settings of a replicate";
  std::vector<double> slopes;
  std::size_t active = 0, all = 0, below = 0, replicates = 0;
  for (const auto& [replicate, rows] :
       by_replicate(claims.records(), figures::final_rows(claims.run(), layer))) {
    std::vector<std::pair<double, double>> points;
    for (const std::size_t row : rows) {
      const auto bound = figures::rank_bound(claims.run(), row);
      if (bound.active)
        points.emplace_back(bound.scale, figures::effective_rank(claims.records(), row));
    }
    active += points.size();
    all += rows.size();
    replicates += points.empty() ? 0 : 1;
    below += !points.empty() && std::all_of(points.begin(), points.end(), [](const auto& point) {
      return point.second <= point.first;
    });
    if (const auto slope = figures::log_slope(points)) slopes.push_back(*slope);
  }
  const std::string where = fmt::format(
      "bound active in {} of {} trainings: scale < M/2, decay S >= 5, learnt", active, all);
  if (slopes.empty()) return claims.add(claim, statistic, unknown, where, "bound inactive");
  constexpr double margin = 0.25;
  const auto slope = figures::mean_interval(slopes, 0.9);
  Interval excess = slope;
  for (double* end : {&excess.value, &excess.low, &excess.high}) *end -= 1;
  const auto e = figures::equivalence(excess, margin);
  const Verdict verdict = e == figures::Equivalence::equivalent  ? Verdict::reproduced
                          : e == figures::Equivalence::different ? Verdict::not_reproduced
                                                                 : Verdict::inconclusive;
  claims.add(claim, statistic, slope, fmt::format("1 +- {} (90 % t); {}", margin, where),
             figures::text_of(verdict));
  claims.add_majority("effective rank is at most batch_size (1 - momentum) / (learning_rate decay)",
                      "replicates where it is so in every training with the bound active", below,
                      replicates);
}

// ----------------------------------------------------------------

struct Entry {
  const char *run, *question;  // the question stands in the row of a run that is missing
  std::function<void(Claims&)> work;
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> list{
      {"batch_size", "batch size alone takes FC1 through the phases", batch_path},
      {"batch_size_mnist", "batch size alone takes FC1 through the phases, on digits", batch_path},
      {"batch_size_matched", "batch size takes FC1 through the phases at equal SGD time",
       matched_path},
      {"training_time", "training time alone takes FC1 through the phases", time_path},
      {"weight_decay", "weight decay takes FC1 to rank collapse", decay_path},
      {"batch_decay_map", "all six phases occur on the map of batch size and weight decay",
       six_phases},
      {"batch_rate_map", "equal learning_rate / batch_size gives equal spectra", batch_and_rate},
      {"sgd_time", "equal SGD time gives equal spectra", equal_time},
      {"gradient_noise", "the noise of the gradient does not matter at equal SGD time",
       gradient_noise},
      {"noise_factorial", "the noise of the gradient does not matter, full batch included",
       noise_factorial},
      {"batch_size", "the largest eigenvalue follows from W - a W_0 without a fit",
       predicted_outliers},
      {"batch_size", "the classifier says what W - a W_0 calls for", agreement},
      {"batch_size_mnist", "the classifier says what W - a W_0 calls for", agreement},
      {"batch_decay_map", "the classifier says what W - a W_0 calls for", agreement},
      {"covariance_exponent", "the heavy tail needs a power-law covariance and true labels",
       covariance},
      {"task_difficulty", "noise in the task makes the tail lighter", difficulty},
      {"dropout", "dropout makes the tail heavier", dropout},
      {"full_batch_adam", "full-batch Adam with large steps gives a heavy tail", large_steps},
      {"effective_rank", "effective rank is proportional to batch_size / (learning_rate decay)",
       rank_slope}};
  return list;
}

void write_claims(const std::filesystem::path& results, const std::filesystem::path& output) {
  core::Table table(
      {"claim", "run", "statistic", "value", "lower", "upper", "criterion", "verdict"});
  for (const Entry& entry : entries()) {
    const auto folder = results / entry.run;
    if (!std::filesystem::exists(folder / "records.csv")) {
      table.add({entry.question, entry.run, "", "", "", "", "", "not run"});
      continue;
    }
    const auto run = figures::open_training(folder);
    Claims claims(table, run, entry.run);
    entry.work(claims);
  }
  if (output.has_parent_path()) std::filesystem::create_directories(output.parent_path());
  core::write_atomically(output, table.csv());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string program = rmtlab::figures::program_name(argv);
  if (argc != 3) {
    std::fprintf(stderr,
                 "usage: %s RESULTS OUTPUT\n  RESULTS  folder of the runs\n"
                 "  OUTPUT   the table, a .csv file\n",
                 program.c_str());
    return 2;
  }
  try {
    write_claims(argv[1], argv[2]);
    std::printf("%s\n", argv[2]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program.c_str(), error.what());
    return 1;
  }
}

// SPDX-License-Identifier: MIT
// Claims about equal SGD time: does it matter how it was reached, and does the noise?
#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "figures/claims.hpp"

namespace rmtlab::figures {
namespace {

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

std::string at_time(double time) { return fmt::format("at SGD time {:g}", time); }

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
  const double mean = mean_interval(changes, 0.9).value;
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
  const auto interval = mean_interval(differences, 0.9);
  std::string verdict = "inconclusive";
  if (const auto e = equivalence(interval, margin); e == Equivalence::equivalent)
    verdict = "equivalent";
  else if (e == Equivalence::different)
    verdict = same_noise ? "ways differ at equal noise" : "noise matters";
  claims.add(claim,
             fmt::format("{}: {} minus {} {}, in changes by doubling it", statistic, a.name, b.name,
                         at_time(time)),
             interval, fmt::format("inside +-{} (90 % t, paired)", margin), verdict);
}

void compare(Claims& claims, const std::string& claim, const Course& a, const Course& b) {
  for (const char* statistic : {"ks_all", "outlier_trace_fraction"})
    for (const auto& [time, rows] : a.rows)
      if (b.rows.contains(time)) compare_at(claims, claim, a, b, time, statistic);
}

// Courses by the values of one parameter, in the order given.
std::vector<Course> courses_by(Claims& claims, const std::string& path, const Rows& rows,
                               bool falling) {
  const core::Table& records = claims.records();
  auto values = distinct_numbers(records, rows, path);
  if (falling) std::reverse(values.begin(), values.end());
  std::vector<Course> list;
  for (const double value : values) {
    Course course{fmt::format("{} {:g}", parameter_label(path), value), {}};
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

const char* const noise_claim = "the noise of the gradient does not matter, full batch included";

// Rate, batch and epochs together reach the same SGD times with other noise; the full batch, which has none,
// comes first.
void compare_with_full_batch(Claims& claims, const std::string& claim) {
  const Rows rows = layer_rows(claims.run(), claimed_layer);
  const core::Table& records = claims.records();
  auto batches = distinct_numbers(records, rows, "training.batch_size");
  std::reverse(batches.begin(), batches.end());
  std::vector<Course> list;
  for (const double batch : batches)
    for (const double rate : distinct_numbers(records, rows, "training.learning_rate")) {
      Course course{fmt::format("batch {:g}, rate {:g}", batch, rate), {}};
      for (const std::size_t row : rows)
        if (records.number(row, "training.batch_size") == batch &&
            records.number(row, "training.learning_rate") == rate &&
            records.number(row, "sgd_time") > 0)
          enter(course, records, row);
      if (!course.rows.empty()) list.push_back(std::move(course));
    }
  compare_with_first(claims, claim, list);
}
bool is_decided(const Judged& row) { return row.verdict != "inconclusive"; }

// Two that differ from zero must do so in the same direction.
bool agree(const Judged& a, const Judged& b) {
  return a.verdict == b.verdict && (a.verdict == "equivalent" || (a.value > 0) == (b.value > 0));
}

// Comparisons decided with random labels and with true ones.
void claim_same_verdicts(Claims& claims, double time, const std::map<std::string, Judged>& random,
                         const std::map<std::string, Judged>& truth) {
  std::size_t same = 0, both = 0, all = 0;
  for (const auto& [statistic, row] : random) {
    if (statistic.find(at_time(time) + ',') == std::string::npos) continue;
    ++all;
    const auto other = truth.find(statistic);
    if (other == truth.end() || !is_decided(row) || !is_decided(other->second)) continue;
    ++both;
    same += agree(row, other->second);
  }
  Interval share = unknown;
  share.count = both;
  if (both > 0) share.value = static_cast<double>(same) / static_cast<double>(both);
  const Verdict verdict = both == 0      ? Verdict::inconclusive
                          : same == both ? Verdict::reproduced
                                         : Verdict::not_reproduced;
  claims.add("noise matters to random labels where it does to true ones",
             "comparisons with the same verdict " + at_time(time), share,
             fmt::format("all that are decided with both, direction too; {} of {} are", both, all),
             text_of(verdict));
}

}  // namespace

void equal_time(Claims& claims) {
  const Rows rows = layer_rows(claims.run(), claimed_layer);
  const auto start = start_of(claims.run(), rows);
  std::map<Way, Course> courses;
  for (const Way way : {Way::batch, Way::rate, Way::epochs}) {
    courses[way].name = name_of(way);
    for (const std::size_t row : rows) {
      const Way its = way_of(claims.run(), row, start);
      if (its == way || its == Way::none) enter(courses[way], claims.records(), row);
    }
  }
  const std::string claim = "equal SGD time gives equal spectra";
  compare(claims, claim, courses[Way::batch], courses[Way::epochs]);
  compare(claims, claim, courses[Way::rate], courses[Way::epochs]);
  compare(claims, claim, courses[Way::batch], courses[Way::rate]);
}

void gradient_noise(Claims& claims) {
  compare_with_first(
      claims, "the noise of the gradient does not matter at equal SGD time",
      courses_by(claims, "training.learning_rate", layer_rows(claims.run(), claimed_layer), false));
}

void batch_and_rate(Claims& claims) {
  compare_with_first(
      claims, "equal learning_rate / batch_size gives equal spectra",
      courses_by(claims, "training.batch_size", final_rows(claims.run(), claimed_layer), true));
}

void noise_factorial(Claims& claims) { compare_with_full_batch(claims, noise_claim); }

void noise_of_random_labels(Claims& claims) {
  const std::string claim = "the noise of the gradient does not matter, random labels";
  compare_with_full_batch(claims, claim);
  const auto random = claims.judged(claim, "noise_factorial_random_labels");
  const auto truth = claims.judged(noise_claim, "noise_factorial");
  std::set<double> times;
  for (const std::size_t row : layer_rows(claims.run(), claimed_layer))
    times.insert(time_key(claims.records().number(row, "sgd_time")));
  for (const double time : times) claim_same_verdicts(claims, time, random, truth);
}

}  // namespace rmtlab::figures

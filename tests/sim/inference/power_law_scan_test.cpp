// SPDX-License-Identifier: MIT
// The fast search for xmin against the loop over all pairs: not close, but equal in every bit.
#include "sim/inference/power_law_scan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "sim/core/random.hpp"
#include "sim/inference/power_law_values.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using core::Stream;
using Values = std::vector<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

// Families of samples: random ones, and those on which bounds are tight or useless.
constexpr std::string_view families[] = {"pareto",     "lognormal",  "exponential",  "uniform",
                                         "quantiles",  "arithmetic", "geometric",    "kronecker",
                                         "two values", "tiny range", "tiny scale",   "huge range",
                                         "integers",   "convex",     "bulk and tail"};

double value_of(std::string_view family, std::size_t i, std::size_t n, double shape, Stream& s) {
  const auto index = static_cast<double>(i);
  const double grid = (index + 0.5) / static_cast<double>(n);
  if (family == "pareto") return std::pow(s.uniform(), -1 / shape);
  if (family == "lognormal") return std::exp(shape * s.normal());
  if (family == "exponential") return 1 - std::log(s.uniform());
  if (family == "uniform") return s.uniform();
  if (family == "quantiles") return std::pow(grid, -1 / shape);
  if (family == "arithmetic") return 1 + index;
  if (family == "geometric") return std::exp(0.05 * index);
  if (family == "kronecker") return 1 + std::fmod(0.6180339887498949 * index, 1.0);
  if (family == "two values") return s.below(2) == 0 ? 1 : 1 + shape;
  if (family == "tiny range") return 1 + 1e-9 * s.uniform();
  if (family == "tiny scale") return 1e-300 * std::pow(s.uniform(), -1 / shape);
  if (family == "huge range") return std::exp(600 * s.uniform() - 300);
  if (family == "integers") return std::floor(2 * std::pow(s.uniform(), -1 / shape));
  if (family == "convex") return std::exp(-3 * grid * grid);
  return grid < 0.8 ? 1 + 0.1 * s.normal() * s.uniform() : 1.5 * std::pow(s.uniform(), -1 / shape);
}

struct Case {
  CountedValues sample;
  SearchRules rules;
  double xmax = infinity;
};

// Half of the samples have one count a value, the others weights; some are rounded, some cut off.
Case draw(Stream stream, std::size_t longest) {
  const std::string_view family = families[stream.below(std::size(families))];
  const std::size_t n = 2 + stream.below(longest);
  const double shape = 0.3 + 4 * stream.uniform();
  Values values(n);
  for (std::size_t i = 0; i < n; ++i)
    values[i] = std::clamp(value_of(family, i, n, shape, stream), 1e-305, 1e305);
  if (stream.below(4) == 0)
    for (double& x : values) x = std::max(std::nearbyint(x * 8) / 8, x > 0.1 ? 0.125 : x);
  // Never constant.
  values.push_back(*std::max_element(values.begin(), values.end()) * (1.001 + stream.uniform()));
  std::vector<std::uint64_t> counts(values.size(), 1);
  if (stream.below(2) == 0)
    for (auto& count : counts) count = 1 + stream.below(20);
  Case drawn{count_values(values, counts), {}, infinity};
  drawn.rules.last_rank = static_cast<double>(stream.below(2));
  drawn.rules.min_tail = stream.below(2) == 0 ? 2 : 2 + stream.below(n);
  if (stream.below(5) == 0)
    drawn.xmax = drawn.sample.values.back() * (stream.below(2) == 0 ? 1 : 1 + stream.uniform());
  return drawn;
}

TEST_CASE("power_law_scan: 12,000 random and adversarial samples, bit for bit the loop over pairs",
          "[inference][accuracy]") {
  const Stream root = Stream(20240501).child("scan");
  std::size_t differences = 0;
  std::size_t compared = 0;
  std::size_t most_evaluations = 0;
  for (std::uint64_t number = 0; number < 12000; ++number) {
    const Case drawn = draw(root.child(number), 80);
    const TailTable table = make_tail_table({drawn.sample.values, drawn.sample.counts}, drawn.xmax);
    if (candidate_count(table, drawn.rules.min_tail) == 0) continue;
    const ScanResult all = scan_every_value(table, drawn.rules);
    XminSearch search(drawn.rules);
    const ScanResult fast = search.least_distance(table);
    most_evaluations = std::max(most_evaluations, search.completed_evaluations());
    // The decision: nothing is below the least distance, something below the next number.
    const bool below = search.any_below(table, all.distance);
    const bool at = search.any_below(table, std::nextafter(all.distance, 2.0));
    const bool same = fast.index == all.index && fast.distance == all.distance && !below && at;
    if (!same) UNSCOPED_INFO("sample " << number);
    differences += same ? 0 : 1;
    ++compared;
  }
  CHECK(differences == 0);
  CHECK(compared >= 10000);
  CHECK(most_evaluations <= 20);  // measured 12
}

TEST_CASE("power_law_scan: long samples, bit for bit the loop over pairs",
          "[inference][accuracy]") {
  // Long enough for evaluation in blocks, several tiles and the search in order.
  const Stream root = Stream(20240501).child("long scan");
  for (std::uint64_t number = 0; number < 24; ++number) {
    Case drawn = draw(root.child(number), 2500);
    drawn.xmax = infinity;
    CAPTURE(number, drawn.sample.values.size());
    const TailTable table = make_tail_table({drawn.sample.values, drawn.sample.counts});
    if (candidate_count(table, drawn.rules.min_tail) == 0) continue;
    const ScanResult all = scan_every_value(table, drawn.rules);
    const ScanResult fast = XminSearch(drawn.rules).least_distance(table);
    CHECK(fast.index == all.index);
    CHECK(fast.distance == all.distance);
  }
}

TEST_CASE("power_law_scan: the reference finds another candidate when told so",
          "[inference][property]") {
  // Negative control of the comparison: one observation more, and index or distance differ.
  const Stream root = Stream(7).child("control");
  for (std::uint64_t number = 0; number < 50; ++number) {
    const Case drawn = draw(root.child(number), 60);
    std::vector<std::uint64_t> counts = drawn.sample.counts;
    counts.back() += 1;
    const SearchRules rules{drawn.rules.last_rank, 2};
    const ScanResult one =
        scan_every_value(make_tail_table({drawn.sample.values, drawn.sample.counts}), rules);
    const ScanResult other =
        scan_every_value(make_tail_table({drawn.sample.values, counts}), rules);
    CHECK((one.index != other.index || one.distance != other.distance));
  }
}

TEST_CASE("power_law_scan: work grows with the sample, not with its square", "[inference]") {
  // Exact evaluations that were not given up, in searches of 10^3 to 10^5 values: measured 2 to 8.
  core::Stream stream = core::Stream(1).child("work");
  for (const std::size_t n : {1000U, 10000U, 100000U}) {
    Values values(n);
    for (double& x : values) x = std::pow(stream.uniform(), -1 / 1.5);
    const CountedValues sample = count_values(values);
    XminSearch search({1, 2});
    search.least_distance(make_tail_table({sample.values, sample.counts}));
    CHECK(search.completed_evaluations() >= 1);
    CHECK(search.completed_evaluations() <= 30);
  }
}

TEST_CASE("power_law_scan: distances of named candidates are those of the search",
          "[inference][property]") {
  core::Stream stream = core::Stream(2).child("distances");
  Values values(3000);
  for (double& x : values) x = std::exp(stream.normal());
  const CountedValues sample = count_values(values);
  const TailTable table = make_tail_table({sample.values, sample.counts});
  XminSearch search({0, 2});
  const ScanResult best = search.least_distance(table);
  const std::vector<std::size_t> named{0, best.index, 2998};
  const std::vector<double> distances = search.distances(table, named);
  CHECK(distances[1] == best.distance);
  CHECK(distances[0] == search.first_distance(table));
  CHECK(distances[0] > best.distance);
  CHECK(distances[2] > best.distance);
}

}  // namespace
}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
// Boundaries against the size of a layer: on curves whose crossing is known, and on runs written by hand.
#include "figures/finite_size.hpp"

#include <cmath>

#include <fmt/format.h>

#include "figures/training_path.hpp"
#include "sim/core/random.hpp"
#include "sim/core/table.hpp"
#include "tests/catch.hpp"
#include "tests/sim/commands/program.hpp"

using namespace rmtlab;
using namespace rmtlab::figures;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::size_t replicates = 3;

// The boundary of a replicate: 40 (M / 64)^exponent, some replicates higher than others.
double truth(double size, std::size_t replicate, double exponent) {
  return 40 * std::pow(size / 64, exponent) * std::pow(1.1, static_cast<double>(replicate));
}

// Layers whose ratio is 1.5 exactly at `truth` and linear in log batch size; p falls as a power through 0.01
// at half of it. M = 256 of the last replicate never gets there. Labels follow the ratio.
core::Run synthetic_run(const tests::TemporaryFolder& folder, double exponent) {
  std::string text =
      "training.batch_size,data.input_dimension,network.hidden_widths,replicate,epoch,layer,rows,"
      "cols,sgd_time,ks_all,edge_z,lambda_max_over_lambda_plus,outlier_trace_fraction,"
      "outlier_count,ks_bulk_p_value,phase,abstained\n";
  for (std::size_t r = 0; r < replicates; ++r)
    for (const double size : {64.0, 128.0, 256.0, 512.0})
      for (double b = 512; b >= 1; b /= 2) {
        const bool lost = size == 256 && r == 2;
        const double octaves = std::log2(truth(size, r, exponent) / b);
        const double ratio = lost ? 1 : 1.5 + 0.1 * octaves;
        const double p = std::min(1.0, 0.01 * std::exp(-2 * (octaves - 1)));
        text += fmt::format("{},{},[{}],{},40,fc1,{},{},{},0.1,{},{},{},3,{},{},{}\n", b, 2 * size,
                            size, r, 2 * size, size, 1600 / b, 10 * (ratio - 1.2), ratio,
                            0.2 * (ratio - 1), p, ratio < 1.5 ? "random-like" : "bulk+spikes",
                            b == 16 ? "true" : "false");
      }
  const auto run = folder.path() / "run";
  std::filesystem::create_directories(run);
  core::write_atomically(run / "records.csv", text);
  core::write_atomically(
      run / "manifest.json",
      R"({"experiment": "training", "status": "complete", "seed": 1, "config": {"file": "x.yaml",)"
      R"("resolved": {"parameters": {}, "sweep": {"training.batch_size": [1],)"
      R"("zip": {"data.input_dimension": [], "network.hidden_widths": []}}}}})");
  return open_training(run);
}

const Threshold ratio_threshold{"ratio", "lambda_max_over_lambda_plus", 1.5, false};
const Threshold p_threshold{"p", "ks_bulk_p_value", 0.01, true};

std::vector<SizedBoundary> boundaries_of(const std::vector<double>& sizes,
                                         const std::vector<std::vector<double>>& at) {
  std::vector<SizedBoundary> list;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    list.push_back({sizes[i], {}});
    for (const double value : at[i]) list.back().at.emplace_back(value);
  }
  return list;
}

}  // namespace

TEST_CASE("finite_size: where a curve crosses a level", "[figures]") {
  // y = log2(100 / x), level 1.5: at 100 / 2^1.5 wherever the grid lies.
  const auto curve = [](std::initializer_list<double> grid) {
    std::vector<Place> path;
    for (const double x : grid) path.push_back({x, std::log2(100 / x)});
    return path;
  };
  const double expected = 100 / std::pow(2, 1.5);
  CHECK(*crossing(curve({256, 64, 16, 4}), 1.5) == Approx(expected).epsilon(1e-12));
  CHECK(*crossing(curve({200, 36, 35, 4}), 1.5) == Approx(expected).epsilon(1e-12));
  // A place at the level has reached it.
  CHECK(*crossing({{8, 0}, {4, 1}, {2, 2}}, 1) == Approx(4));
  // For good: the first crossing, which does not last, does not count.
  CHECK(*crossing({{16, 0}, {8, 3}, {4, 1}, {2, 3}}, 2) == Approx(std::sqrt(8.0)));
  CHECK_FALSE(crossing(curve({256, 64, 16}), 10));      // never there
  CHECK_FALSE(crossing(curve({16, 4}), 1.5));           // always there
  CHECK_FALSE(crossing({{16, 0}, {8, 3}, {4, 1}}, 2));  // falls back
  CHECK_FALSE(crossing({}, 1));
  CHECK_THROWS_WITH(crossing({{0, 1}}, 1), "crossing: x = 0 (must be > 0)");
}

TEST_CASE("finite_size: boundaries of a run, by M and replicate", "[figures]") {
  const tests::TemporaryFolder folder;
  const auto run = synthetic_run(folder, -0.5);
  const auto by_ratio = threshold_boundaries(run, ratio_threshold);
  const auto by_p = threshold_boundaries(run, p_threshold);
  REQUIRE(by_ratio.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    const double size = by_ratio[i].size;
    CHECK(size == 64 * std::pow(2.0, static_cast<double>(i)));
    REQUIRE(by_ratio[i].at.size() == replicates);
    for (std::size_t r = 0; r < replicates; ++r) {
      const bool lost = size == 256 && r == 2;
      CHECK(by_ratio[i].at[r].has_value() != lost);
      if (!lost) CHECK(*by_ratio[i].at[r] == Approx(truth(size, r, -0.5)).epsilon(1e-9));
      CHECK(*by_p[i].at[r] == Approx(truth(size, r, -0.5) / 2).epsilon(1e-9));
    }
  }
  CHECK(by_ratio[2].values().size() == 2);
  CHECK_FALSE(by_ratio[2].complete());
  CHECK(by_p[2].complete());
}

TEST_CASE("finite_size: exponents of exact power laws", "[figures]") {
  for (const double e : {-0.5, 0.0, 0.3}) {
    const tests::TemporaryFolder folder;
    const auto run = synthetic_run(folder, e);
    const auto by_ratio = threshold_boundaries(run, ratio_threshold);
    const auto by_p = threshold_boundaries(run, p_threshold);
    const auto fit = exponent(by_ratio);
    REQUIRE(fit);
    CHECK(fit->sizes == std::vector<double>{64, 128, 512});  // 256 is not reached by all
    CHECK(fit->value.count == replicates);
    CHECK(fit->value.value == Approx(e).margin(1e-9));
    CHECK(exponent(by_p)->sizes.size() == 4);
    CHECK(exponent(by_p)->value.value == Approx(e).margin(1e-9));
    CHECK(ratio_exponent(by_ratio, by_p)->value.value == Approx(0).margin(1e-9));
    CHECK(ratio_exponent(by_ratio, by_p)->sizes.size() == 3);
    const auto local = local_exponents(by_p);
    REQUIRE(local.size() == 3);
    CHECK(local[2].sizes == std::vector<double>{256, 512});
    for (const Exponent& l : local) CHECK(l.value.value == Approx(e).margin(1e-9));
  }
  // Two of three replicates at one of three sizes: too few.
  auto few = boundaries_of({64, 128, 256}, {{8, 9}, {4, 5}, {2, 3}});
  CHECK(exponent(few));
  few[1].at[0].reset();
  CHECK_FALSE(exponent(few));
  CHECK_THROWS_AS(ratio_exponent(few, boundaries_of({64}, {{8, 9}})), std::invalid_argument);
}

TEST_CASE("finite_size: what does not follow a power law shows in the local exponents",
          "[figures]") {
  const auto bent = boundaries_of({64, 128, 256}, {{40, 44}, {40, 44}, {10, 11}});
  CHECK(exponent(bent)->value.value == Approx(-1).margin(1e-12));
  const auto local = local_exponents(bent);
  CHECK(local[0].value.value == Approx(0).margin(1e-12));
  CHECK(local[1].value.value == Approx(-2).epsilon(1e-12));
}

TEST_CASE("finite_size: intervals hold what they promise", "[figures]") {
  constexpr std::size_t trials = 4000;
  constexpr double slope = -0.5, noise = 0.1;
  const std::vector<double> sizes{64, 128, 256, 512, 1024};
  constexpr double naive = 1.959963984540054 / 4.302652729696142;  // normal for Student's quantile
  std::size_t covered = 0, naive_covered = 0, wrong_covered = 0, mean_covered = 0;
  const core::Stream stream(135);
  for (std::size_t i = 0; i < trials; ++i) {
    core::Stream generator = stream.child(i);
    std::vector<std::vector<double>> at(sizes.size());
    for (std::size_t k = 0; k < sizes.size(); ++k)
      for (std::size_t r = 0; r < replicates; ++r)
        at[k].push_back(std::exp(slope * std::log(sizes[k] / 64) + noise * generator.normal()));
    const Interval fit = exponent(boundaries_of(sizes, at))->value;
    const double reach = fit.high - fit.value, miss = std::abs(fit.value - slope);
    covered += miss < reach;
    naive_covered += miss < naive * reach;
    // Another slope, 6 standard deviations of that of one replicate away.
    const double away = slope + 6 * noise / (std::sqrt(10.0) * std::log(2));
    wrong_covered += std::abs(fit.value - away) < reach;
    const Interval first = geometric_interval(at.front());
    mean_covered += first.low < 1 && 1 < first.high;
  }
  // Normal in logarithms, so that both cover exactly 0.95; 4.5 sigma, false alarms 7e-6 each.
  const double expected = 0.95 * trials, room = 4.5 * std::sqrt(0.95 * 0.05 * trials);
  CHECK(std::abs(static_cast<double>(covered) - expected) < room);
  CHECK(std::abs(static_cast<double>(mean_covered) - expected) < room);
  // Negative controls: the normal quantile covers P(|t_2| < 1.96) = 0.81; the other slope is covered only if
  // s exceeds 2.4 sigma, with probability exp(-2.4^2) = 0.003.
  CHECK(static_cast<double>(naive_covered) < expected - room);
  CHECK(wrong_covered < trials / 50);
  CHECK(std::isinf(geometric_interval({2}).high));
  CHECK_THROWS_AS(geometric_interval({1, 0}), std::domain_error);
}

TEST_CASE("finite_size: labels move in steps of the grid", "[figures]") {
  const tests::TemporaryFolder folder;
  const auto run = synthetic_run(folder, 0);
  const auto two = label_boundaries(run, 2);  // at 40, 44 and 48.4: between 64 and 32
  REQUIRE(two.size() == 4);
  CHECK(two[0].size == 64);
  CHECK(two[0].at.count == replicates);
  CHECK(two[2].at.count == 2);
  CHECK(two[0].at.value == Approx(std::sqrt(64.0 * 32)).epsilon(1e-12));
  CHECK(two[0].at.low == 32);
  CHECK(two[0].at.high == 64);
  CHECK(label_boundaries(run, 1).size() == 4);  // a phase that is skipped
  CHECK(label_boundaries(run, 3).empty());
  // Abstentions are left out: with the boundary at 20 the neighbours are 32 and 8, not 16.
  const tests::TemporaryFolder other;
  const auto later = synthetic_run(other, -1);  // M = 128: 20, 22, 24.2
  CHECK(label_boundaries(later, 2)[1].at.low == 8);
  CHECK(label_boundaries(later, 2)[1].at.high == 32);
}

TEST_CASE("finite_size: the figure and its tables", "[figures]") {
  const tests::TemporaryFolder folder;
  synthetic_run(folder, -0.5);
  const auto outcome = tests::shell(
      fmt::format("{} {} {}", RMTLAB_FIG35, (folder.path() / "run").string(), folder.file("f")));
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.out, ContainsSubstring("lambda_max = 1.5 lambda_plus"));
  for (const char* file : {"f.pdf", "f.png"})
    CHECK(std::filesystem::file_size(folder.file(file)) > 1000);
  const auto places = core::Table::read_csv(folder.file("f_boundaries.csv"));
  const auto rows = places.where("boundary", "lambda_max = 1.5 lambda_plus");
  REQUIRE(rows.size() == 4);
  CHECK(places.text(rows[2], "replicates_with") == "2");
  CHECK(places.number(rows[1], "batch_size") ==
        Approx(truth(128, 1, -0.5)).epsilon(1e-9));  // the middle one is the geometric mean
  const auto exponents = core::Table::read_csv(folder.file("f_exponents.csv"));
  for (const std::size_t row : exponents.where("boundary", "bulk refused"))
    CHECK(exponents.number(row, "exponent") == Approx(-0.5).margin(1e-9));
  const auto absent =
      tests::shell(fmt::format("{} {} {}", RMTLAB_FIG35, folder.file("no"), folder.file("g")));
  CHECK(absent.code == 1);
  CHECK_THAT(absent.err, ContainsSubstring("is not a run"));
}

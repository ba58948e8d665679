// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of the experiments on matrices of known class: universality, alpha_mu,
/// edge_fluctuations, spikes.
#include <cmath>

#include "sim/experiments/group_summary.hpp"
#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using tests::array;
using tests::cell;
using tests::load_experiment;
using tests::number;
using tests::run_task;

TEST_CASE("universality: distance to the declared limit falls with the size, and only to it",
          "[experiments]") {
  const auto c = load_experiment("universality",
                                 "replicates: 5\nparameters:\n  ensemble: {name: rademacher}\n"
                                 "sweep: {shape.cols: [50, 200]}\n");
  double small = 0, large = 0;
  for (std::size_t r = 0; r < 5; ++r) {
    small += number(run_task(c, 0, r).rows.front(), "ks_limit") / 5;
    large += number(run_task(c, 1, r).rows.front(), "ks_limit") / 5;
  }
  // About 2.3/M: 0.045 and 0.011, with a standard deviation below a fifth of that.
  CHECK(large < 0.5 * small);
  CHECK(large < 0.02);
  // Negative control: signed Pareto entries have the same limit, but mu = 2.5 is far from it at this size

  const auto raw = load_experiment("universality",
                                   "parameters:\n  ensemble: {name: pareto, mu: 2.5}\n"
                                   "  shape: {cols: 200}\n");
  CHECK(number(run_task(raw, 0, 0).rows.front(), "ks_limit") > 0.04);
}

TEST_CASE("universality: eigenvalues are those of the entries kept", "[experiments]") {
  const auto c = load_experiment(
      "universality",
      "outputs: [eigenvalues, entries]\nparameters:\n  ensemble: {name: gaussian, sigma2: 4}\n"
      "  shape: {cols: 20, aspect_ratio: 3}\n");
  const auto result = run_task(c, 0, 0);
  const auto& values = std::get<std::vector<double>>(array(result, "entries").values);
  REQUIRE(values.size() == 60 * 20);
  double square = 0;
  for (const double w : values) square += w * w;
  CHECK_THAT(number(result.rows.front(), "mean_eigenvalue"), WithinRel(square / (60 * 20), 1e-12));
  CHECK(array(result, "eigenvalues").shape == std::vector<std::size_t>{20});
}

TEST_CASE("universality: records name the unit of the limit law", "[experiments]") {
  const auto unit = [](const std::string& ensemble) {
    const auto c = load_experiment("universality", "parameters:\n  ensemble: {" + ensemble +
                                                       "}\n  shape: {cols: 20, aspect_ratio: 2}\n");
    return cell(run_task(c, 0, 0).rows.front(), "limit_unit");
  };
  CHECK(std::get<double>(unit("name: gaussian, sigma2: 4")) ==
        1);  // the law has the variance itself
  // Unscaled signed Pareto entries: a_N = N^(1/mu), so a_N^2 / N = 40^(4/3 - 1) at mu = 1.5.
  CHECK_THAT(std::get<double>(unit("name: pareto, mu: 1.5, scaling: none")),
             WithinRel(std::cbrt(40.0), 1e-9));
  CHECK(std::holds_alternative<std::monostate>(unit("name: row-profile")));
}

TEST_CASE("universality: parameters of another ensemble are refused with the way out",
          "[experiments][errors]") {
  CHECK_THROWS_WITH(
      load_experiment("universality", "parameters:\n  ensemble: {name: gaussian, mu: 3}\n"),
      ContainsSubstring("'gaussian' has no such parameter") && ContainsSubstring("sigma2"));
  CHECK_THROWS_WITH(load_experiment("universality", "parameters:\n  ensemble: {name: gausian}\n"),
                    ContainsSubstring("did you mean 'gaussian'?"));
  CHECK_THROWS_WITH(
      load_experiment("universality", "parameters:\n  ensemble: {name: pareto, mu: -1}\n"),
      ContainsSubstring("pareto: mu = -1 (must be > 0)"));
}

TEST_CASE("alpha_mu: the mean of raw entries makes an outlier that the centred ones lack",
          "[experiments]") {
  const std::string shape = "  shape: {cols: 150, aspect_ratio: 2}\n";
  const auto of = [&](const std::string& centring) {
    return load_experiment("alpha_mu", "parameters:\n  ensemble: {name: lomax, mu: 3, centring: " +
                                           centring + "}\n" + shape);
  };
  const auto raw = run_task(of("raw"), 0, 0).rows.front();
  const auto centred = run_task(of("centred"), 0, 0).rows.front();
  CHECK(number(raw, "lambda_max_over_second") > 4);
  CHECK(number(centred, "lambda_max_over_second") < 3);
  CHECK(number(raw, "alpha") < number(centred, "alpha"));
}

TEST_CASE("edge_fluctuations: noise passes a 5 % test one time in twenty", "[experiments]") {
  const auto c = load_experiment("edge_fluctuations",
                                 "parameters:\n  ensemble: {name: gaussian}\n"
                                 "  shape: {cols: 100, aspect_ratio: 2}\n  edge: {draws: 4000}\n");
  const auto row = run_task(c, 0, 0).rows.front();
  // 4.5 binomial standard deviations of 0.0034, false alarm 7e-6, and 0.003 for the asymptotic law.
  CHECK_THAT(number(row, "rejected_at_5_percent"), WithinAbs(0.05, 0.0185));
  CHECK(number(row, "ks_law") < 0.05);
  // Negative control: t entries with 5 degrees of freedom do not, at this size.
  const auto t = load_experiment("edge_fluctuations",
                                 "parameters:\n  ensemble: {name: student-t, mu: 5}\n"
                                 "  shape: {cols: 60, aspect_ratio: 2}\n  edge: {draws: 200}\n");
  CHECK(number(run_task(t, 0, 0).rows.front(), "rejected_at_5_percent") > 0.15);
}

TEST_CASE("spikes: location, variance and overlaps of a strong spike", "[experiments]") {
  for (const std::string kind : {"additive", "covariance"}) {
    const auto c = load_experiment(
        "spikes", "parameters:\n  spike: {kind: " + kind +
                      ", strength: 2, draws: 2000}\n  shape: {cols: 400, aspect_ratio: 2}\n");
    const auto row = run_task(c, 0, 0).rows.front();
    CAPTURE(kind);
    // Standard error of the mean: sqrt(N var / N / draws) < 0.005; the finite-size shift is O(1/N).
    CHECK_THAT(number(row, "lambda"), WithinAbs(number(row, "lambda_limit"), 0.025));
    // Standard error of a variance over 2000 draws is 3.2 %; 5 of them and 5 % of finite size.
    CHECK_THAT(number(row, "n_variance"), WithinRel(number(row, "n_variance_limit"), 0.21));
    CHECK_THAT(number(row, "overlap_right"), WithinAbs(number(row, "overlap_right_limit"), 0.01));
    CHECK_THAT(number(row, "overlap_left"), WithinAbs(number(row, "overlap_left_limit"), 0.01));
  }
}

TEST_CASE("group summary: means and standard errors by sweep point", "[experiments]") {
  core::Table records({"shape.cols", "replicate", "x", "y"});
  records.add({"50", "0", "1", ""});
  records.add({"50", "1", "3", ""});
  records.add({"100", "0", "7", "2"});
  const auto text = experiments::group_summary(records, {{"x", "x", 3}, {"y", "why", 2}});
  CHECK_THAT(text, ContainsSubstring("2 +- 1"));
  CHECK_THAT(text, ContainsSubstring("7"));
  CHECK_THAT(text, ContainsSubstring("why"));
  CHECK(experiments::group_summary(core::Table({"replicate"}), {}) == "no records\n");
}

// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/experiments/critical_window.hpp.
#include "sim/experiments/critical_window.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"
#include "theory/spiked.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using tests::load_experiment;
using tests::number;
using tests::run_task;

namespace {

core::Row record(double window, std::size_t cols, std::size_t draws) {
  return run_task(load_experiment("critical_window",
                                  fmt::format("parameters:\n"
                                              "  spike: {{window: {}, draws: {}}}\n"
                                              "  shape: {{cols: {}, aspect_ratio: 2}}\n",
                                              window, draws, cols)),
                  0, 0)
      .rows.front();
}

// Whether `column` is below the Bayes error by no more than 3 standard errors of both; those of the same
// draws are positively correlated, which makes the true error of the difference smaller.
bool no_better_than_bayes(const core::Row& row, const std::string& column) {
  return number(row, "bayes_error") - number(row, column) <=
         3 * std::hypot(number(row, "bayes_error_se"), number(row, column + "_se"));
}

}  // namespace

TEST_CASE("critical_window: the excess at a window is the inverse of the window of an excess",
          "[experiments]") {
  using experiments::excess_at_window;
  for (const double q : {1.0, 2.0, 7.5})
    for (const double m : {30.0, 1000.0})
      for (const double w : {-1.5, 0.0, 2.5, 9.0})
        CHECK_THAT(
            theory::critical_window(theory::Spike::covariance(q, 1 + excess_at_window(q, m, w)), m),
            WithinAbs(w, 1e-12));
  CHECK(excess_at_window(2, 128, -3.5) > 0);
  CHECK(excess_at_window(2, 128, -3.6) == 0);
  CHECK_THROWS_WITH(excess_at_window(2, 128, std::nan("")),
                    ContainsSubstring("excess_at_window: window = nan (must be finite)"));
}

TEST_CASE("critical_window: where nothing is planted every decision is a guess", "[experiments]") {
  const core::Row row = record(-10, 40, 200);
  CHECK(number(row, "excess") == 0);
  CHECK_THAT(number(row, "critical_window"),
             WithinAbs(-std::cbrt(40 / std::pow(1 + std::sqrt(0.5), 2)), 1e-12));
  // The ratio is 1, so everything is called noise: no chance left in it.
  CHECK(number(row, "bayes_error") == 0.5);
  CHECK(number(row, "bayes_error_averaged") == 0.5);
  // 4.5 standard errors of an independent decision: a false alarm in 150 000 seeds.
  for (const std::string column : {"edge_error", "classifier_error"}) {
    CHECK(std::abs(number(row, column) - 0.5) <= 4.5 * number(row, column + "_se"));
    CHECK(number(row, column + "_se") < 0.05);
  }
  CHECK(row == record(-10, 40, 200));
  // A spike of next to nothing: now the ratio decides, and cannot do better either. It is nearly normal
  // with deviation h (Q/2)^(1/2) = 0.013 about 1, which makes the least error 0.5 - 0.013 / (8 pi)^(1/2).
  const core::Row little = record(-2.35, 40, 200);
  CHECK(number(little, "excess") > 0);
  CHECK(number(little, "bayes_error_se") > 0.01);
  for (const std::string column : {"bayes_error", "edge_error", "classifier_error"})
    CHECK(std::abs(number(little, column) - 0.5) <= 4.5 * number(little, column + "_se"));
  // A quarter of two means of 200 values that scatter by 0.008: 4.5 errors are 0.0009.
  CHECK_THAT(number(little, "bayes_error_averaged"), WithinAbs(0.5 - 0.0026, 0.001));
}

TEST_CASE("critical_window: nobody beats the likelihood, and beyond the window everybody is right",
          "[experiments][slow]") {
  double before = 0.5;
  for (const double window : {-1.0, 1.0, 3.0, 5.0, 9.0}) {
    const core::Row row = record(window, 48, 400);
    INFO("w = " << window);
    CHECK_THAT(number(row, "critical_window"), WithinAbs(window, 1e-9));
    // Ten comparisons at 3 standard errors of both: a false alarm in 74 seeds at the very most, were a
    // decision as good as the best.
    CHECK(no_better_than_bayes(row, "edge_error"));
    CHECK(no_better_than_bayes(row, "classifier_error"));
    // Two estimates of one number: a binomial share of 800 has at most this deviation about the other.
    const double averaged = number(row, "bayes_error_averaged");
    CHECK_THAT(number(row, "bayes_error"),
               WithinAbs(averaged, 4.5 * std::sqrt(averaged * (1 - averaged) / 800)));
    CHECK(averaged < before);
    before = averaged;
    // Negative control: inside the window the error is far from both 0 and 1/2.
    if (window == 1) {
      CHECK(before > 0.1);
      CHECK(before < 0.45);
    }
  }
  // h = 3.2: the outlier's mean lies about 2.8 of its deviations above where noise ends.
  CHECK(before < 0.01);
}

TEST_CASE("critical_window: too few columns are refused", "[experiments][errors]") {
  CHECK_THROWS_WITH(load_experiment("critical_window", "parameters:\n  shape: {cols: 10}\n"),
                    ContainsSubstring("is 10, and a fit needs at least 20 eigenvalues"));
}

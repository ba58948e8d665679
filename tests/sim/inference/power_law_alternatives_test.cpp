// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_alternatives.hpp"

#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "tests/sim/inference/power_law_published.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using Values = std::vector<double>;

double number(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

TEST_CASE("power_law_alternatives: exponential matches 40-digit values on published data sets",
          "[inference][accuracy]") {
  // Columns of lr_reference.csv.
  enum Column { dataset, xmin, n_tail, source, model, parameters, loglik, ratio, normalised, p };
  int compared = 0;
  for (const auto& row : tests::published_rows("lr_reference.csv")) {
    if (row[source] != "mine" || row[model] != "exponential") continue;
    CAPTURE(row[dataset]);
    const auto sample = tests::published_sample(row[dataset]);
    if (!sample) continue;
    const PowerLawFit fit = fit_power_law(*sample);
    const Alternative law = exponential_alternative(*sample, fit);
    CHECK(law.name == "exponential");
    // The table prints rates and log-likelihoods to 15 digits, ratios to 10, p to 8.
    const double rate = number(row[parameters].substr(row[parameters].find('=') + 1));
    CHECK_THAT(law.parameters.at("rate"), WithinRel(rate, 1e-13));
    CHECK_THAT(law.log_likelihood, WithinRel(number(row[loglik]), 1e-13));
    CHECK_THAT(law.ratio, WithinRel(number(row[ratio]), 1e-9));
    CHECK_THAT(law.ratio_normalised, WithinRel(number(row[normalised]), 1e-9));
    CHECK_THAT(law.p_value, WithinRel(number(row[p]), 1e-7));
    ++compared;
  }
  if (compared > 0) CHECK(compared == 6);
}

TEST_CASE("power_law_alternatives: the power law's own likelihood matches the published sets",
          "[inference][accuracy]") {
  enum Column { dataset, xmin, n_tail, source, model, parameters, loglik };
  for (const auto& row : tests::published_rows("lr_reference.csv")) {
    if (row[model] != "power_law") continue;
    CAPTURE(row[dataset]);
    const auto sample = tests::published_sample(row[dataset]);
    if (!sample) continue;
    const Alternative law = exponential_alternative(*sample, fit_power_law(*sample));
    CHECK_THAT(law.ratio + law.log_likelihood, WithinRel(number(row[loglik]), 1e-13));
  }
}

TEST_CASE("power_law_alternatives: exponential agrees with sums written out",
          "[inference][property]") {
  // Three tail values, xmin = 2 among them, one below it.
  const CountedValues sample = count_values(Values{1, 2, 3, 3, 7});
  const PowerLawFit fit = fit_power_law(sample, {.xmin = 2});
  const Alternative law = exponential_alternative(sample, fit);
  const double rate = 4 / (0.0 + 1 + 1 + 5);
  CHECK_THAT(law.parameters.at("rate"), WithinRel(rate, 1e-15));
  double log_likelihood = 0, sum = 0, squares = 0;
  for (const double x : {2.0, 3.0, 3.0, 7.0}) {
    const double exponential = std::log(rate) - rate * (x - 2);
    const double power = std::log((fit.alpha - 1) / 2) - fit.alpha * std::log(x / 2);
    log_likelihood += exponential;
    sum += power - exponential;
    squares += std::pow(power - exponential, 2);
  }
  const double deviation = std::sqrt(squares / 4 - std::pow(sum / 4, 2));
  // Rounding; the variance cancels one digit here.
  CHECK_THAT(law.log_likelihood, WithinRel(log_likelihood, 1e-14));
  CHECK_THAT(law.ratio, WithinRel(sum, 1e-12));
  CHECK_THAT(law.ratio_normalised, WithinRel(sum / (2 * deviation), 1e-12));
  CHECK_THAT(law.p_value,
             WithinRel(std::erfc(std::abs(law.ratio_normalised) / std::sqrt(2)), 1e-14));
}

TEST_CASE("power_law_alternatives: a change of scale changes the rate only",
          "[inference][property]") {
  core::Stream stream = core::Stream(1).child("alternatives");
  Values values(300);
  for (double& x : values) x = std::pow(stream.uniform(), -0.5);
  const auto exponential = [&](double factor) {
    Values scaled = values;
    for (double& x : scaled) x *= factor;
    const CountedValues sample = count_values(scaled);
    return exponential_alternative(sample, fit_power_law(sample));
  };
  const Alternative law = exponential(1);
  for (const double factor : {1e-300, 1e300}) {
    const Alternative other = exponential(factor);
    CHECK_THAT(other.ratio, WithinRel(law.ratio, 1e-11));  // a difference of sums 1000 times larger
    CHECK_THAT(other.p_value, WithinRel(law.p_value, 1e-10));
    CHECK_THAT(other.parameters.at("rate") * factor, WithinRel(law.parameters.at("rate"), 1e-13));
  }
}

TEST_CASE("power_law_alternatives: the better law is told apart", "[inference][statistical]") {
  // 1000 values, xmin = 1 known. Calibrated on seeds 1000-3999: Z is at least 1.67 for Pareto 2.5
  // and at most -3.72 for shifted exponential samples.
  core::Stream stream = core::Stream(20240501).child("told apart");
  Values pareto(1000), exponential(1000);
  for (double& x : pareto) x = std::pow(stream.uniform(), -1 / 1.5);
  for (double& x : exponential) x = 1 - std::log(stream.uniform());
  const auto z = [](const Values& values) {
    const CountedValues sample = count_values(values);
    return exponential_alternative(sample, fit_power_law(sample, {.xmin = 1})).ratio_normalised;
  };
  CHECK(z(pareto) > 0);
  CHECK(z(exponential) < 0);  // negative control
}

TEST_CASE("power_law_alternatives: a fit of other data is refused", "[inference][errors]") {
  const CountedValues sample = count_values(Values{1, 2, 3, 7});
  const PowerLawFit other = fit_power_law(Values{1, 2, 3, 4, 5, 6}, {.xmin = 1});
  CHECK_THROWS_WITH(exponential_alternative(sample, other),
                    ContainsSubstring("exponential_alternative: 4 values >= xmin = 1, but the fit "
                                      "has n_tail = 6 (must be a fit of this sample)"));
  CHECK_THROWS_AS(exponential_alternative(sample, other), std::invalid_argument);
  const CountedValues tiny = count_values(Values{1e-322, 2e-322});
  CHECK_THROWS_WITH(exponential_alternative(tiny, fit_power_law(tiny)),
                    ContainsSubstring("rescale the data"));
}

}  // namespace
}  // namespace rmtlab::inference

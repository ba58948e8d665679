// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of the inverse ensemble of sim/ensembles/laguerre_spectrum.hpp.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <stdexcept>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/laguerre_spectrum.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"
#include "theory/frechet.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

/// exp(-x) M(p, q, x), Kummer's function by its series; x > 0.
double scaled_kummer(double p, double q, double x) {
  double term = std::exp(-x), sum = term;
  for (int k = 0; k < x || std::abs(term) > 1e-17 * std::abs(sum); ++k) {
    term *= (p + k) / (q + k) * x / (k + 1);
    sum += term;
  }
  return sum;
}

/// Limiting density of l = s / lambda as the header states it, with U(c, 1 - a; x exp(i pi)) expressed
/// by M (DLMF 13.2.42) and M(p, q, -x) = exp(-x) M(q - p, q, x). For a that is not an integer, c > 0.
double limit_density(double a, double c, double x) {
  const double first = std::tgamma(a) / std::tgamma(a + c) * scaled_kummer(1 - a - c, 1 - a, x);
  const double second =
      std::tgamma(-a) / std::tgamma(c) * std::pow(x, a) * scaled_kummer(1 - c, 1 + a, x);
  const double re = first + std::cos(std::numbers::pi * a) * second;
  const double im = std::sin(std::numbers::pi * a) * second;
  return std::pow(x, a - 1) * std::exp(-x) /
         (std::tgamma(1 + c) * std::tgamma(a + c) * (re * re + im * im));
}

/// Distribution function of lambda (s = 1), tabulated in log(l) by the trapezoidal rule.
class LimitLaw {
public:
  LimitLaw(double a, double c) : upper_(std::log(60 + 10 * c)), cdf_(steps + 1) {
    double last = 0, last_moment = 0;
    for (arma::uword i = 0; i <= steps; ++i) {
      const double x = std::exp(lower + (upper_ - lower) * double(i) / steps);
      const double value = x * limit_density(a, c, x) * (upper_ - lower) / steps;
      cdf_[i] = (i > 0 ? cdf_[i - 1] : 0.0) + (value + last) / 2;
      mean_ += (value * x + last_moment) / 2;
      last = value;
      last_moment = value * x;
    }
  }
  [[nodiscard]] double norm() const { return cdf_[steps]; }
  [[nodiscard]] double mean() const { return mean_; }  ///< of l
  [[nodiscard]] double cdf(double lambda) const {
    const double at = std::clamp((-std::log(lambda) - lower) / (upper_ - lower), 0.0, 1.0) * steps;
    const auto i = std::min<arma::uword>(static_cast<arma::uword>(at), steps - 1);
    return 1 - (cdf_[i] + (at - double(i)) * (cdf_[i + 1] - cdf_[i]));
  }

private:
  static constexpr arma::uword steps = 2000;
  static constexpr double lower = -25;
  double upper_, mean_ = 0;
  arma::vec cdf_;
};

arma::mat spectra(const InverseLaguerre& ensemble, int draws, Stream& stream) {
  arma::mat table(ensemble.cols, static_cast<arma::uword>(draws));
  table.each_col([&](arma::vec& column) { column = inverse_laguerre_spectrum(ensemble, stream); });
  return table;
}

}  // namespace

// |z| < 4: false alarm 6e-5 per comparison.

TEST_CASE("inverse_laguerre: the mean eigenvalue is exact at any repulsion",
          "[ensembles][statistical]") {
  // s / (a - 1); a = 6.5 so that variances exist.
  const double repulsion = GENERATE(0.0, 1.0, 20.0);
  CAPTURE(repulsion);
  const InverseLaguerre ensemble{.cols = 40, .shape = 6.5, .repulsion = repulsion, .scale = 2};
  Stream stream = Stream(20240610).child(static_cast<std::uint64_t>(repulsion));
  const arma::vec means =
      arma::mean(spectra(ensemble, 1000, stream), 0).t();  // one number per matrix
  CHECK(std::abs(z_against(means, 2 / 5.5)) < 4);
  CHECK(std::abs(z_against(means, 2 / 5.25)) > 4);  // negative control: a off by 1/4
}

TEST_CASE("inverse_laguerre: the stated limit is a law with the stated tail",
          "[ensembles][property]") {
  struct Case {
    double shape, repulsion;
  };
  const auto [a, c] = GENERATE(Case{0.6, 0.5}, Case{1.5, 1}, Case{2.5, 5});
  CAPTURE(a, c);
  const LimitLaw law(a, c);
  CHECK_THAT(law.norm(), WithinAbs(1, 2e-6));      // trapezoidal rule; cut at l = exp(-25)
  CHECK_THAT(law.mean(), WithinRel(a + c, 1e-5));  // lim of E tr B^T B / 2M = a + c (M - 1) / M
  const double x = 1e-6,
               tail = std::tgamma(a + c) / std::pow(std::tgamma(a), 2) / std::tgamma(1 + c);
  // The next term is of the relative order x^min(a, 1).
  CHECK_THAT(limit_density(a, c, x) / std::pow(x, a - 1),
             WithinRel(tail, 20 * (1 + c) * std::pow(x, std::min(a, 1.0))));
}

TEST_CASE("inverse_laguerre: spectra approach the limit as 1 / M",
          "[ensembles][statistical][slow]") {
  const double a = 1.5, c = 1;
  const LimitLaw law(a, c), independent(a, 1e-9), lighter(a + 0.1, c);
  Stream stream = Stream(20240611).child("limit");
  const int total = 40000;  // eigenvalues at each size
  // Pooled eigenvalues; those of one matrix repel, so independent draws' 2.3 / sqrt(40000) = 0.0115 is
  // an upper bound of the random part at the level 5e-5. Bias measured: 0.2 / M.
  for (const std::size_t cols : {20U, 80U, 320U}) {
    const arma::vec values = arma::vectorise(
        spectra({.cols = cols, .shape = a, .repulsion = c}, total / int(cols), stream));
    const auto distance = [&](const LimitLaw& other) {
      return ks_distance(values, [&](double x) { return other.cdf(x); });
    };
    CAPTURE(cols);
    CHECK(distance(law) < 0.0115 + 0.2 / double(cols));
    // Negative controls: the inverse gamma law of no repulsion, and a tail lighter by 0.1.
    CHECK(distance(independent) > 0.1);
    CHECK(distance(lighter) > 0.0115 + 0.2 / double(cols));
    // The far tail by itself: P(lambda > 50), where rho is lambda^-2.5 within some per cent. Binomial
    // standard deviation 4 % (about 600 such eigenvalues), four of them, and the bias.
    const double far = 1 - law.cdf(50),
                 seen = arma::mean(arma::conv_to<arma::vec>::from(values > 50));
    CHECK_THAT(seen, WithinRel(far, 4 / std::sqrt(far * total) + 1.0 / double(cols)));
  }
}

TEST_CASE("inverse_laguerre: spacing ratios reach the Poisson value as M grows",
          "[ensembles][statistical][slow]") {
  // min(r, 1/r) has mean 2 log 2 - 1 without repulsion. At c = 1 the index is 2 / M, which leaves a
  // difference below 0.6 / M (measured 0.4 / M).
  const double poisson = 2 * std::numbers::ln2 - 1;
  Stream stream = Stream(20240612).child("ratio");
  for (const std::size_t cols : {40U, 120U, 360U}) {
    const InverseLaguerre ensemble{.cols = cols, .shape = 1.5, .repulsion = 1};
    const arma::vec means = sample(20000 / int(cols), [&] {
      return mean_gap_ratio(inverse_laguerre_spectrum(ensemble, stream));
    });
    CAPTURE(cols);
    CHECK(std::abs(arma::mean(means) - poisson) < 4 * standard_error(means) + 0.6 / double(cols));
    CHECK(arma::mean(means) < 0.5);
  }
  // The other end, and negative control: Dyson index 1 is c = M / 2, an inverse Wishart matrix.
  const InverseLaguerre strong{.cols = 200, .shape = 1.5, .repulsion = 100};
  const arma::vec means =
      sample(60, [&] { return mean_gap_ratio(inverse_laguerre_spectrum(strong, stream)); });
  CHECK(std::abs(z_against(means, 0.5307)) < 4);  // Atas et al. 2013, large real matrices
}

TEST_CASE("inverse_laguerre: Dyson index 1 is an inverse Wishart matrix",
          "[ensembles][statistical]") {
  // l = N lambda / 2 of laguerre_spectrum has the weight l^(a - 1) for a = (N - M + 1) / 2.
  const std::size_t cols = 10;
  const double rows = 14, a = 2.5;
  Stream one = Stream(20240613).child("inverse"), two = Stream(20240613).child("direct");
  const int draws = 3000;
  const auto smallest = [&](double shape) {
    return sample(draws, [&] {
      return inverse_laguerre_spectrum({.cols = cols, .shape = shape, .repulsion = cols / 2.0}, one)
          .back();
    });
  };
  const arma::vec direct = sample(draws, [&] {
    return 2 / (rows * laguerre_spectrum({.rows = rows, .cols = cols}, two).front());
  });
  CHECK(ks_between(smallest(a), direct) < 2.3);  // 5e-5
  CHECK(ks_between(smallest(a + 0.5), direct) > 2.3);
}

TEST_CASE("inverse_laguerre: the largest eigenvalue approaches Frechet's law",
          "[ensembles][statistical][slow]") {
  const auto largest = [](const InverseLaguerre& ensemble, int draws) {
    Stream stream = Stream(20240614)
                        .child(ensemble.cols)
                        .child(static_cast<std::uint64_t>(100 * ensemble.repulsion))
                        .child(static_cast<std::uint64_t>(100 * ensemble.shape));
    return sample(draws, [&] { return inverse_laguerre_spectrum(ensemble, stream).back(); });
  };
  const auto distance = [](const arma::vec& x, double shape, double scale) {
    const rmtlab::theory::Frechet law(shape, scale);
    return ks_distance(x, [&](double y) { return cdf(law, y); });
  };
  SECTION("a = 1: exactly, at every size and repulsion") {
    // Above 2.3 with probability 5e-5.
    for (const std::size_t cols : {2U, 9U, 30U})
      for (const double repulsion : {0.0, 1.0, 4.0}) {
        CAPTURE(cols, repulsion);
        const InverseLaguerre ensemble{
            .cols = cols, .shape = 1, .repulsion = repulsion, .scale = 3};
        CHECK_THAT(inverse_laguerre_largest_scale(ensemble), WithinRel(3.0 * double(cols), 1e-13));
        const arma::vec x = largest(ensemble, 2000);
        CHECK(std::sqrt(2000) * distance(x, 1, 3.0 * double(cols)) < 2.3);
        // Negative control: the scale 20 % larger.
        CHECK(std::sqrt(2000) * distance(x, 1, 3.6 * double(cols)) > 2.3);
      }
  }
  SECTION("one eigenvalue: 1 / Gamma(a), whose density at 0 is known") {
    const InverseLaguerre one{.cols = 1, .shape = 2.5, .repulsion = 7};
    CHECK_THAT(inverse_laguerre_largest_scale(one),
               WithinRel(std::pow(std::tgamma(3.5), -1 / 2.5), 1e-13));
  }
  SECTION("a = 1.5: the distance falls with M") {
    // Kolmogorov distances seen with other numbers: 0.092, 0.055, 0.038 = 0.29 / M^(1/2) at these sizes,
    // an exponent of -0.40 +- 0.05; -2/3 in the end. Standard deviation of a distance below
    // 0.5 / sqrt(4000) = 0.008, four of which are allowed (3e-5); of the exponent 0.10: above -0.1 with
    // probability 1e-3.
    constexpr int draws = 4000;
    const auto allowed = [](double cols) { return 0.29 / std::sqrt(cols) + 4 * 0.008; };
    std::array<double, 3> seen{};
    std::size_t s = 0;
    for (const std::size_t cols : {10U, 30U, 90U}) {
      const InverseLaguerre ensemble{.cols = cols, .shape = 1.5, .repulsion = 1},
          independent{.cols = cols, .shape = 1.5};
      const double scale = inverse_laguerre_largest_scale(ensemble);
      const arma::vec x = largest(ensemble, draws);
      seen[s] = distance(x, 1.5, scale);
      CAPTURE(cols, seen[s]);
      CHECK(seen[s++] < allowed(double(cols)));
      // Negative controls: another exponent, and the constant without repulsion.
      if (cols < 90) continue;
      CHECK(distance(x, 2.5, scale) > allowed(90));
      CHECK(distance(x, 1.5, inverse_laguerre_largest_scale(independent)) > allowed(90));
    }
    CAPTURE(seen[0], seen[1], seen[2]);
    CHECK(std::log(seen[2] / seen[0]) / std::log(9) < -0.1);
  }
}

TEST_CASE("inverse_laguerre: refuses impossible parameters", "[ensembles][errors]") {
  Stream stream(1);
  CHECK_THROWS_WITH(
      inverse_laguerre_largest_scale({}),
      ContainsSubstring("inverse_laguerre_largest_scale: cols = 0 (must be from 1 to"));
  CHECK_THROWS_WITH(inverse_laguerre_spectrum({}, stream),
                    ContainsSubstring("inverse_laguerre_spectrum: cols = 0 (must be from 1 to"));
  CHECK_THROWS_WITH(inverse_laguerre_spectrum({.cols = 5, .shape = 0.05}, stream),
                    ContainsSubstring("shape = 0.05 (must be finite and >= 0.1)"));
  CHECK_THROWS_WITH(inverse_laguerre_spectrum({.cols = 5, .repulsion = -1}, stream),
                    ContainsSubstring("repulsion = -1 (must be finite and >= 0)"));
  CHECK_THROWS_WITH(inverse_laguerre_spectrum({.cols = 5, .scale = 0}, stream),
                    ContainsSubstring("scale = 0 (must be finite and > 0)"));
  const arma::vec values =
      inverse_laguerre_spectrum({.cols = 300, .shape = 0.1, .repulsion = 0}, stream);
  CHECK(values.is_sorted());
  CHECK(values.is_finite());
  CHECK(values.front() > 0);
}

// SPDX-License-Identifier: MIT
/// \file
/// \brief Ensembles of the catalogue whose laws are reached slowly or not by a mean: heavy tails, the
/// vectors of the mean's outlier, tail exponents of populations.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>

#include <armadillo>
#include <fmt/format.h>

#include "sim/core/random.hpp"
#include "sim/ensembles/ensemble_catalogue.hpp"
#include "sim/ensembles/laguerre_spectrum.hpp"
#include "sim/ensembles/mean_outlier.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"
#include "theory/frechet.hpp"
#include "theory/law_catalogue.hpp"
#include "theory/spike_mapped.hpp"

namespace {

using Catch::Matchers::WithinAbs;
using rmtlab::core::Stream;
using namespace rmtlab;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

/// A declared limit on 150 points, uniform in log lambda over all but a hundredth of the mass.
struct Grid {
  arma::vec lambda, sf;
  explicit Grid(const LimitLaw& limit) : lambda(150), sf(150) {
    const theory::Law law = theory::make_law(limit.name, limit.parameters);
    const double low = std::log(law.quantile(0.005)), high = std::log(law.quantile_sf(0.005));
    for (arma::uword i = 0; i < lambda.n_elem; ++i) {
      const double x = std::exp(low + (high - low) * (double(i) + 0.5) / 150);
      lambda[i] = limit.unit * x;
      sf[i] = law.sf(x);
    }
  }
  [[nodiscard]] double distance(arma::vec values) const {
    values = arma::sort(values);
    double largest = 0;
    for (arma::uword i = 0; i < lambda.n_elem; ++i) {
      const auto beyond = values.end() - std::upper_bound(values.begin(), values.end(), lambda[i]);
      largest = std::max(largest, std::abs(double(beyond) / double(values.n_elem) - sf[i]));
    }
    return largest;
  }
};

struct HeavyDistances {
  double pooled, single, wrong;  ///< of all eigenvalues; mean of one matrix; pooled, another mu
};

/// Of 6400 eigenvalues from 6400 / M matrices with N = 2M.
HeavyDistances heavy_distances(const std::string& name, double mu, std::size_t cols) {
  const auto make = [&](double index) {
    return make_ensemble(name, {{"mu", fmt::format("{}", index)}});
  };
  const Ensemble ensemble = make(mu);
  const Grid grid(ensemble.truth(2 * cols, cols).limit.value());
  LimitLaw other = ensemble.truth(2 * cols, cols).limit.value();
  other.parameters = make(mu - 0.2).truth(2 * cols, cols).limit.value().parameters;
  Stream stream = Stream(20240910).child(name).child(cols).child(fmt::format("{}", mu));
  const std::size_t matrices = 6400 / cols;
  arma::vec pooled(matrices * cols);
  double single = 0;
  for (std::size_t r = 0; r < matrices; ++r) {
    const arma::vec lambda = spectrum(ensemble.matrix(2 * cols, cols, stream));
    pooled.subvec(r * cols, arma::size(lambda)) = lambda;
    single += grid.distance(lambda) / double(matrices);
  }
  return {grid.distance(pooled), single, Grid(other).distance(pooled)};
}

double rate(double first, double last, double size_ratio) {
  return std::log(last / first) / std::log(size_ratio);
}

}  // namespace

TEST_CASE("catalogue: stable entries have the declared heavy-tailed limit",
          "[ensembles][limit][slow]") {
  // Three things keep a spectrum from its limit here. The fluctuation of one matrix, M^(-1/2). A bias of
  // order 1/M, which root-stable entries have too, although their squares are exactly stable: of 60,000
  // pooled eigenvalues 0.12/M at mu = 1.2, and 0.7/M (root-stable 0.3/M) at mu = 1.5. And what
  // only other entries have, a bias N^(1 - 2/mu) = N^(-1/3) from the next term of the sum of N squares: it
  // is absent because exp(-|t|^mu) has no term t^2. The biases grow steeply towards mu = 2 (1.8: 0.14 at
  // M = 32).
  // 6400 independent values are 0.0204 away with probability 1 %, eigenvalues much more rarely (in
  // 8192 of root-stable entries 0.011 at most: entry_limits_test); the bias is allowed beside it. The
  // standard deviation of a pooled distance is about 0.002, of its exponent 0.15 at most.
  const double mu = GENERATE(1.2, 1.5);
  const double bias = mu < 1.5 ? 0.15 : 0.75;
  CAPTURE(mu);
  std::array<HeavyDistances, 3> d{};
  for (std::size_t s = 0; s < d.size(); ++s) d[s] = heavy_distances("stable", mu, 20U << s);
  CAPTURE(d[0].pooled, d[1].pooled, d[2].pooled, d[0].single, d[1].single, d[2].single, d[0].wrong,
          d[1].wrong, d[2].wrong);
  for (std::size_t s = 0; s < d.size(); ++s) {
    CHECK(d[s].pooled < 0.0204 + bias / double(20U << s));
    CHECK(d[s].wrong > 0.04);  // negative control: mu too small by 0.2
  }
  CHECK(d[2].wrong > 3 * d[2].pooled);
  // Mean of 80 matrices or more: exponent -0.5, and up to -0.65 while the bias falls beside it.
  CHECK(d[1].single < d[0].single);
  CHECK(d[2].single < d[1].single);
  CHECK_THAT(rate(d[0].single, d[2].single, 4), WithinAbs(-0.57, 0.15));
  if (mu != 1.5) return;
  const auto pooled = [](const std::string& name, double index) {
    return std::array{heavy_distances(name, index, 20).pooled,
                      heavy_distances(name, index, 80).pooled};
  };
  const auto exact = pooled("root-stable", mu), pareto = pooled("pareto", mu);
  CAPTURE(exact, pareto);
  CHECK(exact[0] < 0.0204 + bias / 20);
  CHECK(exact[1] < 0.0204 + bias / 80);
  CHECK(rate(d[0].pooled, d[2].pooled, 4) < -0.55);
  CHECK(rate(exact[0], exact[1], 4) < -0.4);
  // Negative control: entries with the slow term, exponent -1/3.
  CHECK(rate(pareto[0], pareto[1], 4) > -0.5);
  CHECK(pareto[1] > 2 * std::max(d[2].pooled, exact[1]));
}

TEST_CASE("catalogue: the largest eigenvalue of Pareto entries approaches spike-mapped",
          "[ensembles][limit][slow]") {
  // mu = 3. The declared law has its atom at the edge and no width; the matrices without an outlier, and
  // those whose outlier falls below the edge at this size, are what is in the way. Their share falls with
  // the atom exp(-n), n ~ M^(1/2), and with N^(-1/2): no pure power. Distances with other numbers: 0.60,
  // 0.42 at M = 20, 40, an exponent of -0.5. Standard deviation of each distance at most 0.5 / sqrt(draws) =
  // 0.02: four of a difference are 0.11, of the exponent 0.3 by chance once in 1e4.
  const Ensemble ensemble = make_ensemble("pareto", {{"mu", "3"}});
  std::array<double, 3> mapped{}, beyond{}, frechet{}, edge{};
  for (std::size_t s = 0; s < mapped.size(); ++s) {
    const std::size_t cols = 20U << s, rows = 2 * cols;
    const GroundTruth truth = ensemble.truth(rows, cols);
    REQUIRE(truth.largest.value().name == "spike-mapped");
    const theory::Law law = theory::make_law("spike-mapped", truth.largest->parameters);
    const theory::SpikeMapped numbers(3, double(rows), double(cols));
    Stream stream = Stream(20240911).child(cols);
    const arma::vec x = sample(600, [&] { return sample_largest(ensemble, rows, cols, stream); }) /
                        truth.largest->unit;
    mapped[s] = ks_distance(x, law.cdf);
    // What is left of it beyond the edge.
    for (const double level : arma::regspace(1.1, 0.1, 4)) {
      const double at = level * numbers.upper_edge();
      beyond[s] = std::max(
          beyond[s], std::abs(arma::mean(arma::conv_to<arma::vec>::from(x > at)) - law.sf(at)));
    }
    // Negative controls: the largest entry without the bulk's help, and noise.
    const theory::Frechet bare(1.5, numbers.excess_scale());
    frechet[s] = ks_distance(x, [&](double y) { return cdf(bare, y); });
    edge[s] = ks_distance(x, theory::make_law("wishart-edge", {{"N", fmt::format("{}", rows)},
                                                               {"M", fmt::format("{}", cols)}})
                                 .cdf);
  }
  CAPTURE(mapped, beyond, frechet, edge);
  CHECK(mapped[0] - mapped[1] > 0.08);
  CHECK(mapped[1] - mapped[2] > 0.08);
  CHECK(rate(mapped[0], mapped[2], 4) < -0.3);
  CHECK(beyond[2] < 0.1);
  CHECK(beyond[2] < beyond[0] + 0.02);
  CHECK(frechet[2] > 0.6);
  CHECK(edge[2] > edge[0] + 0.1);
}

TEST_CASE("catalogue: singular vectors of the mean's outlier are the constant ones",
          "[ensembles][statistical][slow]") {
  // Squared cosines of the top singular vectors with the constant vectors, for a mean of h = m^2 M at every
  // size: the dense matrix against the exact law of an additive spike (`laguerre_outlier`), |z| < 5 (6e-7),
  // and that against theory's limit: the bias of h = 2 was below 0.05 / M, the limit is allowed
  // 5 standard errors (0.0025) and 0.2 / M. Below the threshold M^(-2/3) is left in the end, seen
  // 0.108, 0.064, 0.037.
  constexpr int draws = 100, exact_draws = 5000;
  std::array<double, 3> below{};
  std::size_t s = 0;
  for (const std::size_t cols : {20U, 40U, 80U}) {
    const std::size_t rows = 2 * cols;
    const auto n = double(rows), m = double(cols);
    for (const double excess : {2.0, 0.35}) {
      CAPTURE(cols, excess);
      const double mean = std::sqrt(excess / m);
      const Ensemble ensemble = make_ensemble("mean-outlier", {{"mean", fmt::format("{}", mean)}});
      const theory::Spike spike = mean_outlier(rows, cols, mean, 1);
      Stream stream = Stream(20240912).child(cols).child(excess > 1 ? "strong" : "weak");
      arma::vec right(draws), left(draws), exact_right(exact_draws), exact_left(exact_draws);
      for (arma::uword d = 0; d < draws; ++d) {
        const arma::mat W = ensemble.matrix(rows, cols, stream);
        arma::vec values;
        arma::mat vectors;
        REQUIRE(arma::eig_sym(values, vectors, arma::mat(W.t() * W)));
        const arma::vec v = vectors.tail_cols(1);
        const arma::vec u = W * v / std::sqrt(values.back());
        right[d] = std::pow(arma::accu(v), 2) / m;
        left[d] = std::pow(arma::accu(u), 2) / n;
      }
      for (arma::uword d = 0; d < exact_draws; ++d) {
        const LaguerreOutlier outlier = laguerre_outlier(
            {.rows = n, .cols = cols, .spike = theory::SpikeKind::additive, .excess = excess},
            stream);
        exact_right[d] = outlier.overlap_right;
        exact_left[d] = outlier.overlap_left;
      }
      CAPTURE(arma::mean(right), arma::mean(left), arma::mean(exact_right), arma::mean(exact_left));
      CHECK(std::abs(z_between(right, exact_right)) < 5);
      CHECK(std::abs(z_between(left, exact_left)) < 5);
      if (excess < 1) {
        CHECK(theory::overlap_right(spike) == 0);
        below[s] = arma::mean(exact_right);
        continue;
      }
      const auto near = [&](const arma::vec& x, double limit) {
        return std::abs(arma::mean(x) - limit) < 5 * standard_error(x) + 0.2 / m;
      };
      CHECK(near(exact_right, theory::overlap_right(spike)));
      CHECK(near(exact_left, theory::overlap_left(spike)));
      // Negative controls: a mean 10 % larger; the left vector's overlap for the right one's.
      const theory::Spike larger = mean_outlier(rows, cols, 1.1 * mean, 1);
      CHECK_FALSE(near(exact_right, theory::overlap_right(larger)));
      CHECK_FALSE(near(exact_left, theory::overlap_left(larger)));
      CHECK(std::abs(z_against(right, theory::overlap_left(spike))) > 5);
    }
    ++s;
  }
  CHECK(rate(below[0], below[2], 4) < -0.5);
}

TEST_CASE("catalogue: the spectrum inherits the exponent of a power-law population",
          "[ensembles][limit][slow]") {
  // alpha of the k largest of M = 24, 72, 216 eigenvalues, k = 1.2 M^(1/2), at N = 8M: from the slope of
  // log rank (i - 1/2) against log lambda for the quantiles (exact on the population itself), by Hill's
  // estimator (k - 1) / sum log(lambda_i / lambda_(k+1)) for random levels. The noise moves a level by a share of
  // mean level / (Q level) ~ (k/M)^(1/a) of itself: that is the bias, of which 0.17 at most was seen, so 0.3
  // (k/M)^(2/3) = 0.12, 0.08, 0.06 beside 4 standard errors of the mean (6e-5): 0.01 and a/sqrt(k draws) <= 0.04.
  struct Sizes {
    std::array<double, 3> alpha{}, error{}, bias{};
  };
  const auto measure = [](const std::string& name, bool random) {
    Sizes result;
    const Ensemble ensemble = make_ensemble(name, {{"levels", random ? "random" : "quantiles"}});
    const std::array<int, 3> draws = random ? std::array{400, 200, 80} : std::array{60, 30, 10};
    std::size_t cols = 24;
    for (std::size_t s = 0; s < 3; ++s, cols *= 3) {
      const auto k = static_cast<arma::uword>(std::lround(1.2 * std::sqrt(double(cols))));
      Stream stream =
          Stream(20240913).child(name).child(random ? "random" : "quantiles").child(cols);
      const arma::vec ranks = arma::log(arma::regspace(0.5, double(k)));
      const arma::vec alpha = sample(draws[s], [&] {
        const arma::vec x =
            arma::log(arma::reverse(sample_spectrum(ensemble, 8 * cols, cols, stream)));
        if (random) return 1 + double(k - 1) / arma::accu(x.head(k) - x[k]);
        const arma::vec dx = x.head(k) - arma::mean(x.head(k));
        return 1 - arma::dot(dx, ranks) / arma::dot(dx, dx);
      });
      result.alpha[s] = arma::mean(alpha);
      result.error[s] = standard_error(alpha);
      result.bias[s] = 0.3 * std::pow(double(k) / double(cols), 2.0 / 3);
    }
    return result;
  };
  const bool random = GENERATE(false, true);
  const Sizes power = measure("power-law-covariance", random),
              lognormal = measure("lognormal-covariance", random);
  CAPTURE(random, power.alpha, power.error, lognormal.alpha, lognormal.error);
  for (std::size_t s = 0; s < 3; ++s)
    CHECK_THAT(power.alpha[s], WithinAbs(2.5, power.bias[s] + 4 * power.error[s]));
  // Negative controls: an exponent 0.3 away, and the tail that has none: its slope keeps growing.
  for (const double wrong : {2.2, 2.8})
    CHECK(std::abs(power.alpha[2] - wrong) > power.bias[2] + 2 * power.error[2]);
  CHECK(lognormal.alpha[1] - lognormal.alpha[0] >
        4 * std::hypot(lognormal.error[0], lognormal.error[1]));
  CHECK(lognormal.alpha[2] - lognormal.alpha[0] > 0.4);
}

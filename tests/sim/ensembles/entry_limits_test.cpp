// SPDX-License-Identifier: MIT
/// \file
/// \brief Which spectrum each law of the entries leads to, how fast, and what does not lead there.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <armadillo>

#include "sim/ensembles/entry_matrix.hpp"
#include "tests/catch.hpp"
#include "theory/heavy_tailed_mp.hpp"
#include "theory/marchenko_pastur.hpp"

namespace {

using namespace rmtlab;
using namespace rmtlab::ensembles;
using Catch::Matchers::WithinAbs;
using core::Stream;

arma::vec eigenvalues(const arma::mat& W) {
  return arma::eig_sym(arma::mat(W.t() * W)) / static_cast<double>(W.n_rows);
}

double ks_distance(const arma::vec& lambda, const theory::MarchenkoPastur& law) {
  const auto n = static_cast<double>(lambda.n_elem);
  double largest = 0;
  for (arma::uword i = 0; i < lambda.n_elem; ++i) {
    const double p = cdf(law, lambda[i]), k = static_cast<double>(i);
    largest = std::max({largest, std::abs(p - k / n), std::abs(p - (k + 1) / n)});
  }
  return largest;
}

constexpr int draws = 20;
constexpr std::array<std::size_t, 3> columns{60, 120, 240};

struct Mean {
  double value, error;
};
Mean mean_of(const arma::vec& x) {
  return {arma::mean(x), arma::stddev(x) / std::sqrt(static_cast<double>(x.n_elem))};
}

/// Mean distance to Marchenko-Pastur (true variance 1, Q = 2) of the three sizes.
std::array<Mean, 3> distances(const EntryLaw& law, double variance, const std::string& label) {
  std::array<Mean, 3> result{};
  for (std::size_t s = 0; s < columns.size(); ++s) {
    const std::size_t cols = columns[s];
    Stream stream = Stream(20240801).child(label).child(cols);
    arma::vec distance(draws);
    for (double& d : distance)
      d = ks_distance(eigenvalues(entry_matrix(2 * cols, cols, law, Scaling::variance, stream)),
                      theory::MarchenkoPastur(2, variance));
    result[s] = mean_of(distance);
  }
  return result;
}

double slope(const std::array<Mean, 3>& d) {
  return std::log(d[2].value / d[0].value) / std::log(4);
}

/// A limit law on a grid of 150 points, uniform in log lambda over all but a hundredth of the mass.
struct Limit {
  arma::vec lambda, sf;
  Limit(double mu, double aspect_ratio) : lambda(150), sf(150) {
    const theory::HeavyTailedMp law(mu, aspect_ratio);
    const double low = std::log(quantile(law, 0.005)), high = std::log(quantile_sf(law, 0.005));
    for (arma::uword i = 0; i < lambda.n_elem; ++i) {
      lambda[i] = std::exp(low + (high - low) * (static_cast<double>(i) + 0.5) / 150);
      sf[i] = theory::sf(law, lambda[i]);
    }
  }
  [[nodiscard]] double distance(arma::vec values) const {
    values = arma::sort(values);
    double largest = 0;
    for (arma::uword i = 0; i < lambda.n_elem; ++i) {
      const auto beyond = values.end() - std::upper_bound(values.begin(), values.end(), lambda[i]);
      largest = std::max(
          largest,
          std::abs(static_cast<double>(beyond) / static_cast<double>(values.n_elem) - sf[i]));
    }
    return largest;
  }
};

struct HeavyDistances {
  double pooled, single, wrong;
};

/// Of 8192 eigenvalues from 8192 / M matrices.
HeavyDistances heavy_distances(EntryKind kind, double mu, double aspect_ratio, std::size_t cols,
                               const Limit& limit, const Limit& wrong) {
  const EntryLaw law{.kind = kind, .tail_index = mu, .centring = Centring::symmetrised};
  const auto rows = static_cast<std::size_t>(aspect_ratio * static_cast<double>(cols));
  Stream stream = Stream(20240802).child(name(kind)).child(cols).child(std::to_string(mu));
  const std::size_t matrices = 8192 / cols;
  arma::vec pooled(matrices * cols);
  double single = 0;
  for (std::size_t r = 0; r < matrices; ++r) {
    const arma::vec lambda = eigenvalues(entry_matrix(rows, cols, law, Scaling::tail, stream));
    pooled.subvec(r * cols, arma::size(lambda)) = lambda;
    single += limit.distance(lambda) / static_cast<double>(matrices);
  }
  return {limit.distance(pooled), single, wrong.distance(pooled)};
}

}  // namespace

TEST_CASE("entry_limits: every law of finite variance leads to Marchenko-Pastur",
          "[ensembles][limit][slow]") {
  // Expected: log M / M for entries with a fourth moment (-0.79 from M = 60 to 240), as the levels
  // are rigid; M^(1 - mu/2) for 2 < mu < 4, the share of eigenvalues that leave the bulk and the part
  // of the variance that entries beyond sqrt(N) carry. Measured: -0.80 to -0.92 for light entries, -0.42
  // to -0.66 at mu = 3, -0.30 at mu = 2.5, with standard errors of 0.02 to 0.05.
  using enum EntryKind;
  using enum Centring;
  struct Row {
    std::string label;
    EntryLaw law;
    double slope, tolerance;
  };
  constexpr double light = -0.79;
  const auto row = GENERATE(
      Row{"gaussian", {}, light, 0.15},
      Row{"truncated", {.kind = truncated_gaussian, .limit = 2}, light, 0.15},
      Row{"uniform", {.kind = uniform}, light, 0.15},
      Row{"rademacher", {.kind = rademacher}, light, 0.15},
      Row{"sparse", {.kind = sparse, .density = 0.1}, light, 0.2},
      Row{"t5", {.kind = student_t, .tail_index = 5}, light, 0.2},
      Row{"t3", {.kind = student_t, .tail_index = 3}, -0.5, 0.15},
      Row{"pareto 3 centred", {.kind = pareto, .tail_index = 3, .centring = centred}, -0.5, 0.15},
      Row{"pareto 3 signed", {.kind = pareto, .tail_index = 3, .centring = symmetrised}, -0.5, 0.2},
      Row{"pareto 2.5 centred",
          {.kind = pareto, .tail_index = 2.5, .centring = centred},
          -0.25,
          0.1},
      Row{"pareto 2.5 signed",
          {.kind = pareto, .tail_index = 2.5, .centring = symmetrised},
          -0.25,
          0.1});
  CAPTURE(row.label);
  const auto d = distances(row.law, 1, row.label);
  CAPTURE(d[0].value, d[1].value, d[2].value, d[0].error, d[1].error, d[2].error);
  // It falls at each step, by at least three standard errors of the difference (1e-3 if it did not fall).
  CHECK(d[0].value - d[1].value > 3 * std::hypot(d[0].error, d[1].error));
  CHECK(d[1].value - d[2].value > 3 * std::hypot(d[1].error, d[2].error));
  CHECK_THAT(slope(d), WithinAbs(row.slope, row.tolerance));
}

TEST_CASE("entry_limits: what does not lead to Marchenko-Pastur", "[ensembles][limit][slow]") {
  using enum EntryKind;
  SECTION("a variance wrong by a fifth") {
    const auto d = distances({}, 1.2, "gaussian");
    // The two laws are 0.085 apart.
    CHECK(d[2].value > 0.08);
    CHECK(slope(d) > -0.3);
  }
  SECTION("entries of infinite variance, scaled by their own standard deviation") {
    std::array<double, 3> mean{};
    for (std::size_t s = 0; s < columns.size(); ++s) {
      Stream stream = Stream(20240803).child(columns[s]);
      for (int r = 0; r < draws; ++r) {
        arma::mat W = entry_matrix(2 * columns[s], columns[s],
                                   {.kind = student_t, .tail_index = 1.5}, Scaling::none, stream);
        W /= arma::norm(W, "fro") / std::sqrt(static_cast<double>(W.n_elem));
        mean[s] += ks_distance(eigenvalues(W), theory::MarchenkoPastur(2)) / draws;
      }
    }
    CAPTURE(mean[0], mean[1], mean[2]);
    CHECK(*std::ranges::min_element(mean) > 0.3);
    CHECK(mean[2] > 0.95 * mean[0]);
  }
  SECTION("entries that are not centred") {
    // Their mean is a matrix of rank one: it moves the distribution function by 1/M at most, so the
    // distance cannot see it; the largest eigenvalue does, at about M E(w)^2 / Var w = 1.25 M. And
    // whoever takes E w^2 for the variance, 2.25 times too large, is far off at every size.
    const EntryLaw raw{.kind = pareto, .tail_index = 2.5};
    EntryLaw centred = raw;
    centred.centring = Centring::centred;
    const double second = 1 + std::pow(*mean(raw), 2) / variance(raw);
    CHECK_THAT(second, WithinAbs(2.25, 1e-12));
    for (const std::size_t cols : columns) {
      CAPTURE(cols);
      const Stream root = Stream(20240804).child(cols);
      const double outlier = 1.25 * static_cast<double>(cols);
      int plain = 0;  // matrices in which no single entry is as large as the mean's outlier
      for (std::uint64_t r = 0; r < 5; ++r) {
        Stream a = root.child(r), b = root.child(r);  // the same numbers
        const arma::vec x = eigenvalues(entry_matrix(2 * cols, cols, raw, Scaling::variance, a));
        const arma::vec y =
            eigenvalues(entry_matrix(2 * cols, cols, centred, Scaling::variance, b));
        const theory::MarchenkoPastur law(2);
        CHECK(std::abs(ks_distance(x, law) - ks_distance(y, law)) <=
              1 / static_cast<double>(cols) + 1e-12);
        CHECK(ks_distance(x, theory::MarchenkoPastur(2, second)) > 0.4);
        CHECK(x.back() > 0.9 * outlier);
        if (y.back() > outlier / 3) continue;
        CHECK_THAT(x.back() / outlier, WithinAbs(1, 0.15));
        ++plain;
      }
      CHECK(plain >= 2);
    }
  }
}

TEST_CASE("entry_limits: infinite variance leads to the heavy-tailed law",
          "[ensembles][limit][slow]") {
  // 8192 independent values would be 0.018 or more away with probability 1 %, 0.0096 on average.
  // Eigenvalues are a little more regular: in 12 other seeds of each case 0.004 to 0.007 on average and
  // 0.011 at most, but for a bias of order 1/N at mu = 1.5 and M = 64 (0.008 to 0.009, 0.0165 at most).
  struct Case {
    double mu, aspect_ratio;
  };
  const auto [mu, q] = GENERATE(Case{0.8, 1}, Case{1.2, 2}, Case{1.5, 1}, Case{1.5, 2});
  CAPTURE(mu, q);
  const Limit limit(mu, q), wrong(mu - 0.2, q);
  std::array<HeavyDistances, 3> d{};
  for (std::size_t s = 0; s < d.size(); ++s)
    d[s] = heavy_distances(EntryKind::root_stable, mu, q, std::size_t{64} << s, limit, wrong);
  CAPTURE(d[0].pooled, d[1].pooled, d[2].pooled, d[0].single, d[2].single);
  for (const HeavyDistances& here : d) {
    CHECK(here.pooled < 0.018);
    CHECK(here.wrong > 0.04);  // negative control: mu too small by 0.2
  }
  CHECK(d[2].pooled < 0.012);
  // One matrix: M^(-1/2), as if the levels were independent, and not the 1/M of light entries.
  // Standard error of the slope 0.06.
  CHECK_THAT(std::log(d[2].single / d[0].single) / std::log(4), WithinAbs(-0.5, 0.2));
}

TEST_CASE("entry_limits: Pareto entries of infinite variance carry a bias",
          "[ensembles][limit][slow]") {
  // Order N^(-(2 - mu)/mu): the exponent is -1/3 at mu = 1.5. Means over 12 other seeds 0.039, 0.031, 0.025
  // (slope -0.30), with a standard deviation of 0.002 each: 0.07 of the slope.
  const double mu = 1.5;
  const Limit limit(mu, 1), wrong(mu - 0.2, 1);
  std::array<double, 3> pareto{}, exact{};
  for (std::size_t s = 0; s < pareto.size(); ++s) {
    const std::size_t cols = std::size_t{64} << s;
    pareto[s] = heavy_distances(EntryKind::pareto, mu, 1, cols, limit, wrong).pooled;
    exact[s] = heavy_distances(EntryKind::root_stable, mu, 1, cols, limit, wrong).pooled;
  }
  CAPTURE(pareto[0], pareto[1], pareto[2]);
  CHECK_THAT(std::log(pareto[2] / pareto[0]) / std::log(4), WithinAbs(-1.0 / 3, 0.2));
  for (std::size_t s = 0; s < pareto.size(); ++s) {
    CHECK(pareto[s] > 0.02);  // beyond the 1 % level of independent values: shown, not hidden
    CHECK(pareto[s] > 2.5 * exact[s]);
  }
}

// SPDX-License-Identifier: MIT
#include "sim/inference/parallel_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>

#include <boost/math/tools/roots.hpp>
#include <fmt/format.h>

#include "sim/inference/replicates.hpp"
#include "sim/spectra/spectrum.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::inference {
namespace {

constexpr std::size_t fewest_columns = 4;

void check_level(const char* function, double level) {
  if (!(level > 0 && level < 1))
    throw std::domain_error(fmt::format("{}: level = {} (must be > 0 and < 1)", function, level));
}

// Columns of noise: `columns` of them, whose variances are spread as `variances` > 0 are. The two
// numbers differ where dimensions are taken out, and by the 1/2 of the finite-size constants.
struct Population {
  std::span<const double> variances;
  double rows, columns;

  // sum over the columns of f(tau), over the rows.
  template <class F>
  [[nodiscard]] double sum(const F& f) const {
    double total = 0;
    for (const double tau : variances) total += f(tau);
    return total * columns / (static_cast<double>(variances.size()) * rows);
  }
};

// The x > max tau with sum (tau / (x - tau))^2 = 1, searched in the logarithm of the distance from
// the largest variance, since it may be close to it. The sum falls from infinity to 0.
double edge_argument(const Population& noise) {
  const double top = *std::max_element(noise.variances.begin(), noise.variances.end());
  const auto excess = [&](double s) {
    const double d = std::exp(s);
    return std::log(noise.sum([&](double tau) {
      const double ratio = tau / (d + (top - tau));
      return ratio * ratio;
    }));
  };
  // All columns at the top would need the upper bound, that one alone the lower one.
  const double share = noise.columns / noise.rows;
  const double count = static_cast<double>(noise.variances.size());
  const double low = std::log(top * std::sqrt(share / count)) - 1e-6;
  const double high = std::log(top * std::sqrt(share)) + 1e-6;
  std::uintmax_t steps = 200;
  const auto [a, b] = boost::math::tools::toms748_solve(
      excess, low, high, boost::math::tools::eps_tolerance<double>(50), steps);
  return top + std::exp((a + b) / 2);
}

double limit_at(const Population& noise, double x) {
  return x * (1 + noise.sum([x](double tau) { return tau / (x - tau); }));
}

// `divisor` is what eigenvalues are divided by, N whatever the rows of the noise.
PopulationEdge edge_of(std::span<const double> variances, double rows, double columns,
                       double divisor) {
  const Population noise{variances, rows, columns};
  const Population finite{variances, rows - 0.5, columns - 0.5};
  const double x = edge_argument(noise), y = edge_argument(finite);
  const double cubes = finite.sum([y](double tau) { return std::pow(tau / (y - tau), 3); });
  const double spread =
      noise.sum([x](double tau) { return x * x * tau * tau / std::pow(x - tau, 3); });
  PopulationEdge edge{};
  edge.limit = rows / divisor * limit_at(noise, x);
  edge.center = finite.rows / divisor * limit_at(finite, y);
  edge.scale = std::cbrt(finite.rows) / divisor * y * std::cbrt(1 + cubes);
  edge.excess = 2 * spread / divisor;
  return edge;
}

// Those > 0.
std::vector<double> alive(const arma::vec& variances) {
  std::vector<double> positive;
  for (const double tau : variances)
    if (tau > 0) positive.push_back(tau);
  return positive;
}

// W with its spectrum, turned to N >= M. The vectors are those of W^T W.
struct Decomposition {
  arma::mat W;
  arma::vec eigenvalues;  // descending
  arma::mat vectors;      // M x M, column i belongs to eigenvalues[i]

  [[nodiscard]] double rows() const { return static_cast<double>(W.n_rows); }
  [[nodiscard]] std::size_t most_outliers() const { return W.n_cols / 2; }
};

Decomposition decompose(const char* function, const arma::mat& given) {
  Decomposition d;
  const spectra::Spectrum spectrum = spectra::spectrum_of(given);
  d.W = spectrum.transposed ? arma::mat(given.t()) : given;
  const arma::rowvec squares = arma::sum(arma::square(d.W), 0);
  const std::size_t live = arma::accu(squares > 0);
  if (live < fewest_columns)
    throw std::domain_error(fmt::format("{}: columns that are not zero = {} (must be at least {})",
                                        function, live, fewest_columns));
  arma::vec ascending;
  if (!arma::eig_sym(ascending, d.vectors, arma::mat(d.W.t() * d.W)))
    throw std::runtime_error(
        fmt::format("{}: the eigenvectors of a {} x {} matrix did not converge", function,
                    d.W.n_cols, d.W.n_cols));
  d.eigenvalues = arma::reverse(spectrum.eigenvalues);
  d.vectors = arma::fliplr(d.vectors);
  return d;
}

// Judges eigenvalues from the top until one is no outlier.
ParallelAnalysis sequence(const Decomposition& d,
                          const std::function<ParallelStep(std::size_t)>& judge) {
  ParallelAnalysis analysis;
  analysis.rows = d.W.n_rows;
  analysis.cols = d.W.n_cols;
  for (std::size_t k = 0; k < d.most_outliers(); ++k) {
    analysis.steps.push_back(judge(k));
    if (!analysis.steps.back().outlier) break;
    ++analysis.outlier_count;
  }
  return analysis;
}

ParallelStep by_limit(double lambda, std::span<const double> variances, double rows) {
  const double limit = edge_of(variances, rows, static_cast<double>(variances.size()), rows).limit;
  return {lambda, limit, std::numeric_limits<double>::quiet_NaN(), lambda > limit};
}

ParallelStep by_tracy_widom(double lambda, std::span<const double> variances, double rows,
                            double removed, double level) {
  const double columns = static_cast<double>(variances.size());
  const PopulationEdge edge = edge_of(variances, rows - removed, columns - removed, rows);
  const double center = edge.center - edge.excess;
  const theory::TracyWidom law(1);
  const double p = theory::edge_p_value((lambda - center) / edge.scale);
  return {lambda, center + edge.scale * quantile_sf(law, level), p, p < level};
}

// W without its first `k` components.
arma::mat residual(const Decomposition& d, std::size_t k) {
  if (k == 0) return d.W;
  const arma::mat V = d.vectors.head_cols(k);
  return d.W - (d.W * V) * V.t();
}

// Eigenvalues of every shuffle of `W`: column r, ascending.
arma::mat shuffled_spectra(const arma::mat& W, const PermutationOptions& options,
                           const core::Stream& stream) {
  arma::mat spectra(W.n_cols, options.replicates);
  run_replicates(
      options.replicates, options.threads, [] { return 0; },
      [&](int, std::size_t r) {
        core::Stream own = stream.child(r);
        spectra.col(r) = spectra::spectrum_of(shuffled(W, options.mode, own)).eigenvalues;
      });
  return spectra;
}

// The edge of noise of N - k rows and M - k columns over that of its shuffles, which spread the same
// sum of squares over N rows and M columns.
double shuffle_correction(const Decomposition& d, std::size_t k) {
  const double n = d.rows(), m = static_cast<double>(d.W.n_cols), removed = static_cast<double>(k);
  const double own = std::sqrt(n / (1 - removed / m)) + std::sqrt(m / (1 - removed / n));
  return std::pow(own / (std::sqrt(n) + std::sqrt(m)), 2);
}

void check(const PermutationOptions& options) {
  check_level("permutation_parallel_analysis", options.level);
  if (static_cast<double>(options.replicates + 1) * options.level < 1)
    throw std::domain_error(fmt::format(
        "permutation_parallel_analysis: replicates = {} (must be >= 1 / level - 1 = {:g})",
        options.replicates, 1 / options.level - 1));
  if (options.threads == 0)
    throw std::domain_error("permutation_parallel_analysis: threads = 0 (must be >= 1)");
}

// `null`: values of the shuffles.
ParallelStep by_shuffles(double lambda, const arma::rowvec& null, double level) {
  const arma::rowvec ascending = arma::sort(null);
  const auto reached = static_cast<std::size_t>(
      ascending.end() - std::lower_bound(ascending.begin(), ascending.end(), lambda));
  const auto all = static_cast<double>(null.n_elem + 1);
  // p <= level if it and the shuffles that reach it are at most so many; the factor is for rounding.
  const auto most = static_cast<std::size_t>(std::floor(all * level * (1 + 1e-12)));
  return {lambda, ascending[null.n_elem - most], static_cast<double>(1 + reached) / all,
          1 + reached <= most};
}

}  // namespace

PopulationEdge population_edge(std::span<const double> column_variances, std::size_t rows) {
  std::vector<double> positive;
  for (const double tau : column_variances) {
    if (!(tau >= 0 && std::isfinite(tau)))
      throw std::domain_error(
          fmt::format("population_edge: column_variances = {} (must be finite and >= 0)", tau));
    if (tau > 0) positive.push_back(tau);
  }
  if (positive.size() < 2)
    throw std::domain_error(
        fmt::format("population_edge: column variances that are not zero = {} (must be at least 2)",
                    positive.size()));
  if (rows < std::max<std::size_t>(column_variances.size(), 2))
    throw std::domain_error(
        fmt::format("population_edge: rows = {} (must be >= 2 and >= the columns = {})", rows,
                    column_variances.size()));
  const auto n = static_cast<double>(rows);
  return edge_of(positive, n, static_cast<double>(positive.size()), n);
}

ParallelAnalysis deterministic_parallel_analysis(const arma::mat& W,
                                                 const DeterministicOptions& options) {
  check_level("deterministic_parallel_analysis", options.level);
  const Decomposition d = decompose("deterministic_parallel_analysis", W);
  const double n = d.rows();
  arma::vec variances = arma::sum(arma::square(d.W), 0).t() / n;
  const double live = static_cast<double>(alive(variances).size());
  return sequence(d, [&](std::size_t k) {
    const auto removed = static_cast<double>(k);
    double share = 1;  // of the noise that is left in the variances
    if (options.deflate && k > 0) {
      variances -= d.eigenvalues[k - 1] * arma::square(d.vectors.col(k - 1));
      variances.clamp(0, arma::datum::inf);  // a column that was all signal leaves rounding
      share = (1 - removed / n) * (1 - removed / live);
    }
    const double lambda = d.eigenvalues[k];
    if (options.rule == EdgeRule::limit) return by_limit(lambda, alive(variances), n);
    return by_tracy_widom(lambda, alive(variances / share), n, removed, options.level);
  });
}

ParallelAnalysis permutation_parallel_analysis(const arma::mat& W,
                                               const PermutationOptions& options,
                                               const core::Stream& stream) {
  check(options);
  const Decomposition d = decompose("permutation_parallel_analysis", W);
  const core::Stream root = stream.child("parallel_analysis");
  arma::mat shuffles;  // of W, or with deflation of what is left of it
  return sequence(d, [&](std::size_t k) {
    if (k == 0 || options.deflate)
      shuffles = shuffled_spectra(residual(d, k), options, root.child(k));
    const arma::uword rank = shuffles.n_rows - 1 - (options.deflate ? 0 : k);
    const double correction = options.deflate ? shuffle_correction(d, k) : 1;
    return by_shuffles(d.eigenvalues[k], correction * shuffles.row(rank), options.level);
  });
}

}  // namespace rmtlab::inference

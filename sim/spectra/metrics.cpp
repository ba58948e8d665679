// SPDX-License-Identifier: MIT
#include "sim/spectra/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::spectra {
namespace {

void check(const char* function, const arma::vec& eigenvalues) {
  if (eigenvalues.is_empty())
    throw std::invalid_argument(
        fmt::format("{}: eigenvalues is empty (must have at least one)", function));
  for (arma::uword i = 0; i < eigenvalues.n_elem; ++i)
    if (!std::isfinite(eigenvalues[i]) || eigenvalues[i] < 0)
      throw std::domain_error(fmt::format("{}: eigenvalues[{}] = {} (must be finite and >= 0)",
                                          function, i, eigenvalues[i]));
}

// The trace, for functions that divide by it.
double positive_trace(const char* function, const arma::vec& eigenvalues) {
  check(function, eigenvalues);
  const double trace = arma::accu(eigenvalues);
  if (!(trace > 0) || !std::isfinite(trace))
    throw std::domain_error(fmt::format(
        "{}: sum of eigenvalues = {} (must be finite and > 0: undefined for a zero matrix)",
        function, trace));
  return trace;
}

double entropy_over_log(const arma::vec& eigenvalues, std::size_t states) {
  const double trace = positive_trace("matrix_entropy", eigenvalues);
  double entropy = 0;
  for (const double eigenvalue : eigenvalues) {
    const double p = eigenvalue / trace;
    if (p > 0) entropy -= p * std::log(p);
  }
  return entropy / std::log(static_cast<double>(states));
}

}  // namespace

double lambda_max(const arma::vec& eigenvalues) {
  check("lambda_max", eigenvalues);
  return eigenvalues.max();
}

double lambda_min(const arma::vec& eigenvalues) {
  check("lambda_min", eigenvalues);
  return eigenvalues.min();
}

double mean_eigenvalue(const arma::vec& eigenvalues) {
  check("mean_eigenvalue", eigenvalues);
  return arma::mean(eigenvalues);
}

double stable_rank(const arma::vec& eigenvalues) {
  return positive_trace("stable_rank", eigenvalues) / eigenvalues.max();
}

double matrix_entropy(const arma::vec& eigenvalues) {
  check("matrix_entropy", eigenvalues);
  if (eigenvalues.n_elem < 2)
    throw std::domain_error("matrix_entropy: M = 1 (must be >= 2: it divides by ln M)");
  return entropy_over_log(eigenvalues, eigenvalues.n_elem);
}

double matrix_entropy(const arma::vec& eigenvalues, std::size_t rank) {
  check("matrix_entropy", eigenvalues);
  if (rank < 2 || rank > eigenvalues.n_elem)
    throw std::domain_error(fmt::format(
        "matrix_entropy: rank = {} (must be >= 2 and at most M = {})", rank, eigenvalues.n_elem));
  return entropy_over_log(eigenvalues, rank);
}

std::string_view name(RankRule rule) {
  switch (rule) {
    case RankRule::shape:
      return "shape";
    case RankRule::backward_error:
      return "backward_error";
    case RankRule::numerical_recipes:
      return "numerical_recipes";
    case RankRule::published:
      return "published";
  }
  throw std::logic_error("name: not a RankRule");
}

namespace {

double rank_tolerance(const Spectrum& spectrum, RankRule rule) {
  const double largest = spectral_norm(spectrum), rounding = spectrum.epsilon / 2;
  const auto n = static_cast<double>(spectrum.rows), m = static_cast<double>(spectrum.cols);
  switch (rule) {
    case RankRule::shape:
      return std::max(n, m) * spectrum.epsilon * largest;
    case RankRule::backward_error:
      return rounding * frobenius_norm(spectrum) + std::sqrt(m) * arma::datum::eps * largest;
    case RankRule::numerical_recipes:
      return rounding * std::sqrt(n + m + 1) * largest;
    case RankRule::published:
      return rounding / std::sqrt(n + m + 1) * largest;
  }
  throw std::logic_error("hard_rank: not a RankRule");
}

}  // namespace

HardRank hard_rank(const Spectrum& spectrum, RankRule rule) {
  HardRank result;
  result.tolerance = rank_tolerance(spectrum, rule);
  for (const double eigenvalue : spectrum.eigenvalues)
    if (std::sqrt(static_cast<double>(spectrum.rows) * eigenvalue) > result.tolerance)
      ++result.rank;
  return result;
}

HardRank hard_rank(const Spectrum& spectrum) { return hard_rank(spectrum, RankRule::shape); }

double matrix_entropy(const Spectrum& spectrum, RankRule rule) {
  positive_trace("matrix_entropy", spectrum.eigenvalues);
  const std::size_t rank = hard_rank(spectrum, rule).rank;
  return rank < 2 ? 0 : entropy_over_log(spectrum.eigenvalues, rank);
}

double frobenius_norm(const Spectrum& spectrum) {
  check("frobenius_norm", spectrum.eigenvalues);
  return std::sqrt(static_cast<double>(spectrum.rows) * arma::accu(spectrum.eigenvalues));
}

double spectral_norm(const Spectrum& spectrum) {
  check("spectral_norm", spectrum.eigenvalues);
  return std::sqrt(static_cast<double>(spectrum.rows) * spectrum.eigenvalues.max());
}

double lower_quartile_over_mean(const arma::vec& eigenvalues) {
  const double trace = positive_trace("lower_quartile_over_mean", eigenvalues);
  const arma::vec ascending = arma::sort(eigenvalues);
  const double position = 0.25 * static_cast<double>(ascending.n_elem - 1);
  const auto below = static_cast<arma::uword>(position);
  const arma::uword above = std::min<arma::uword>(below + 1, ascending.n_elem - 1);
  const double quartile =
      std::lerp(ascending[below], ascending[above], position - static_cast<double>(below));
  return quartile / (trace / static_cast<double>(ascending.n_elem));
}

double fraction_near_zero(const arma::vec& eigenvalues, double ratio) {
  if (!std::isfinite(ratio) || ratio <= 0)
    throw std::domain_error(
        fmt::format("fraction_near_zero: ratio = {} (must be finite and > 0)", ratio));
  const auto count = static_cast<double>(eigenvalues.n_elem);
  const double limit = ratio * positive_trace("fraction_near_zero", eigenvalues) / count;
  const auto below = std::count_if(eigenvalues.begin(), eigenvalues.end(),
                                   [limit](double eigenvalue) { return eigenvalue < limit; });
  return static_cast<double>(below) / count;
}

namespace {
arma::vec above(const arma::vec& eigenvalues, double relative_floor) {
  if (eigenvalues.is_empty()) return {};
  return eigenvalues.elem(arma::find(eigenvalues > relative_floor * eigenvalues.max()));
}
}  // namespace

arma::vec positive_part(const arma::vec& eigenvalues) {
  return above(eigenvalues, static_cast<double>(eigenvalues.n_elem) * arma::datum::eps);
}

arma::vec resolved_part(const arma::vec& eigenvalues) {
  const double singular_floor = static_cast<double>(eigenvalues.n_elem) * arma::datum::eps;
  return above(eigenvalues, singular_floor * singular_floor);
}

}  // namespace rmtlab::spectra

// SPDX-License-Identifier: MIT
#include "sim/inference/marchenko_pastur_fit.hpp"

#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <utility>

#include <boost/math/distributions/normal.hpp>
#include <fmt/format.h>

#include "sim/inference/edge_test.hpp"
#include "sim/inference/null_atlas.hpp"
#include "sim/spectra/level_statistics.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::inference {
namespace {

std::span<const double> view(const arma::vec& values) { return {values.memptr(), values.n_elem}; }

// Ascending copy, checked.
arma::vec checked(const char* function, const arma::vec& eigenvalues, std::size_t rows) {
  if (eigenvalues.is_empty())
    throw std::invalid_argument(
        fmt::format("{}: eigenvalues is empty (must have at least one)", function));
  if (rows < eigenvalues.n_elem)
    throw std::domain_error(fmt::format("{}: rows = {} (must be >= the number of eigenvalues, {})",
                                        function, rows, eigenvalues.n_elem));
  for (arma::uword i = 0; i < eigenvalues.n_elem; ++i)
    if (!std::isfinite(eigenvalues[i]) || eigenvalues[i] < 0)
      throw std::domain_error(fmt::format("{}: eigenvalues[{}] = {} (must be finite and >= 0)",
                                          function, i, eigenvalues[i]));
  return arma::sort(eigenvalues);
}

double distance_of_sorted(const arma::vec& ascending, std::size_t rows) {
  const double aspect_ratio = static_cast<double>(rows) / static_cast<double>(ascending.n_elem);
  const theory::MarchenkoPastur law(aspect_ratio, arma::mean(ascending));
  return spectra::ks_distance(view(ascending), [&](double x) { return cdf(law, x); });
}

std::size_t set_rounding_to_zero(arma::vec& ascending) {
  const double tolerance = static_cast<double>(ascending.n_elem) *
                           std::numeric_limits<double>::epsilon() * ascending.back();
  std::size_t zeros = 0;
  while (zeros < ascending.n_elem && ascending[zeros] <= tolerance) ascending[zeros++] = 0;
  return zeros;
}

void check(const MarchenkoPasturOptions& options) {
  const auto inside = [](const char* name, double value, double lower, double upper) {
    if (!(value > lower && value < upper))
      throw std::domain_error(fmt::format("fit_marchenko_pastur: {} = {} (must be in ({}, {}))",
                                          name, value, lower, upper));
  };
  inside("familywise_level", options.familywise_level, 0, 1);
  inside("coverage", options.coverage, 0, 1);
  if (!(options.excess_kurtosis >= -2 && std::isfinite(options.excess_kurtosis)))
    throw std::domain_error(
        fmt::format("fit_marchenko_pastur: excess_kurtosis = {} (must be finite and >= -2)",
                    options.excess_kurtosis));
}

// A fit at work: the spectrum with what has been found so far.
class Fitter {
public:
  Fitter(arma::vec ascending, std::size_t rows, const MarchenkoPasturOptions& options)
      : ascending_(std::move(ascending)),
        rows_(rows),
        cols_(ascending_.n_elem),
        options_(options),
        settings_{options.familywise_level, options.excess_kurtosis, options.estimator} {}

  MarchenkoPasturFit run() {
    fit_.zero_count = set_rounding_to_zero(ascending_);
    find_outliers();
    describe_bulk();
    describe_outliers();
    test_bulk();
    return std::move(fit_);
  }

private:
  [[nodiscard]] std::span<const double> all() const { return view(ascending_); }
  [[nodiscard]] double variance(std::size_t removed) const {
    return bulk_variance(options_.estimator, all(), rows_, removed);
  }

  void find_outliers() {
    count_ = count_outliers(all(), rows_, settings_);
    // Each N asks for a count and each count for an N; a handful of rounds settle it.
    for (int round = 0; options_.effective_aspect_ratio && round < 10; ++round) {
      const double fitted = inference::effective_rows(all().first(cols_ - count_.count));
      const std::size_t before =
          std::exchange(rows_, static_cast<std::size_t>(std::llround(fitted)) + count_.count);
      if (rows_ == before) break;
      count_ = count_outliers(all(), rows_, settings_);
    }
    fit_.effective_rows = static_cast<double>(rows_);
  }

  void describe_bulk() {
    const theory::MarchenkoPastur law(static_cast<double>(rows_) / static_cast<double>(cols_),
                                      count_.sigma2);
    fit_.sigma2 = count_.sigma2;
    fit_.sigma2_ci = variance_interval(fit_.sigma2, all(), rows_, count_.count,
                                       options_.excess_kurtosis, options_.coverage);
    fit_.lambda_minus = law.lower_edge();
    fit_.lambda_plus = law.upper_edge();
    fit_.outlier_limit_reached = count_.limit_reached;
    fit_.bulk_count = cols_ - count_.count;
    fit_.outlier_fraction = static_cast<double>(count_.count) / static_cast<double>(cols_);
    fit_.ks_all = distance_of_sorted(ascending_, rows_);
  }

  void describe_outliers() {
    const std::size_t k = count_.count;
    // The weakest outlier was found with itself in the noise; all are judged by that noise.
    const double tested_sigma2 = k > 0 ? variance(k - 1) : fit_.sigma2;
    // Of sigma2, relative: half the interval over what it is in standard deviations.
    const double half_width = quantile(boost::math::normal(), (1 + options_.coverage) / 2);
    const double error = std::log(fit_.sigma2_ci.upper / fit_.sigma2_ci.lower) / (2 * half_width);
    double trace = 0;
    for (std::size_t j = 0; j < k; ++j) {
      const double lambda = ascending_[cols_ - 1 - j];
      const EdgeTest test =
          upper_edge_test(lambda, tested_sigma2, rows_, cols_, j, options_.excess_kurtosis);
      fit_.outliers.push_back({lambda, test.z, test.p_value,
                               estimate_spike(options_.spike_kind, lambda, fit_.sigma2, error,
                                              rows_, cols_, options_.coverage)});
      trace += lambda;
    }
    fit_.outlier_trace_fraction = trace / arma::accu(ascending_);
    const EdgeTest edge = upper_edge_test(ascending_.back(), tested_sigma2, rows_, cols_, 0,
                                          options_.excess_kurtosis);
    fit_.edge_z = edge.z;
    fit_.edge_p_value = edge.p_value;

    fit_.fewest_spikes = fit_.most_spikes = k;
    const double certain = certain_outlier(rows_, cols_) * fit_.sigma2;
    if (count_.limit_reached) fit_.most_spikes = cols_;  // no bulk says where they end
    while (fit_.most_spikes < cols_ && ascending_[cols_ - 1 - fit_.most_spikes] > certain)
      ++fit_.most_spikes;

    const std::size_t below = count_lower_outliers(all(), rows_, k, fit_.sigma2, settings_);
    for (std::size_t j = 0; j < below; ++j) {
      const EdgeTest test = lower_edge_test(ascending_[j], fit_.sigma2, rows_, cols_, k + j,
                                            options_.excess_kurtosis);
      fit_.lower_outliers.push_back({ascending_[j], test.z, test.p_value, {}});
    }
  }

  void test_bulk() {
    fit_.bulk = statistics_of_bulk(all(), rows_, count_.count, options_.excess_kurtosis);
    const BulkShape shape(rows_, cols_, count_.count);
    for (const BulkTest test : all_bulk_tests)
      fit_.tests[static_cast<std::size_t>(test)] = {
          test, fit_.bulk[test],
          NullAtlas::standard().p_value(test, fit_.bulk[test], shape.rows, shape.cols,
                                        options_.excess_kurtosis)};
    fit_.ks_bulk = fit_.bulk.ks;
    fit_.p_value = fit_.tests[0].p_value;
  }

  arma::vec ascending_;
  std::size_t rows_, cols_;
  const MarchenkoPasturOptions& options_;
  OutlierSettings settings_;
  OutlierCount count_;
  MarchenkoPasturFit fit_;
};

}  // namespace

MarchenkoPasturFit fit_marchenko_pastur(const arma::vec& eigenvalues, std::size_t rows,
                                        std::size_t cols, const MarchenkoPasturOptions& options) {
  if (eigenvalues.n_elem != cols)
    throw std::invalid_argument(
        fmt::format("fit_marchenko_pastur: {} eigenvalues for cols = {} (must be as many)",
                    eigenvalues.n_elem, cols));
  check(options);
  return Fitter(checked("fit_marchenko_pastur", eigenvalues, rows), rows, options).run();
}

double effective_rows(std::span<const double> bulk) {
  const auto p = static_cast<double>(bulk.size());
  double first = 0, second = 0;
  for (const double x : bulk) {
    first += x;
    second += x * x;
  }
  const double spread = p * second - first * first;
  const double rows = ((p + 1) * first * first - 2 * second) / spread;
  // Equal levels: no noise, however tall, has so little spread.
  if (!(spread > 0 && rows < 1e15))
    throw FitError(
        fmt::format("the bulk of {:.0f} is narrower than that of noise with any number of rows: no "
                    "effective aspect ratio fits it",
                    p));
  if (!(rows >= p))
    throw FitError(fmt::format(
        "the bulk of {:.0f} is as wide as that of noise with only {:.4g} independent rows: no "
        "effective aspect ratio of 1 or more fits it",
        p, rows));
  return rows;
}

double distance_to_random(const arma::vec& eigenvalues, std::size_t rows) {
  const arma::vec ascending = checked("distance_to_random", eigenvalues, rows);
  if (!(ascending.back() > 0))
    throw std::domain_error(
        "distance_to_random: sum of eigenvalues = 0 (must be > 0: undefined for a zero matrix)");
  return distance_of_sorted(ascending, rows);
}

}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
#include "sim/inference/tail_index_bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "sim/inference/power_law_resampling.hpp"
#include "sim/inference/power_law_table.hpp"
#include "sim/inference/replicates.hpp"

namespace rmtlab::inference {
namespace {

constexpr std::uint64_t fewest_values = 50;
constexpr std::uint64_t fewest_exceedances = 10;
constexpr std::size_t batch = 25;  // replicates summed together, so that the sum has one order

void check(const CountedValues& sample, std::uint64_t n, const BootstrapOptions& options) {
  if (n < fewest_values)
    throw std::domain_error(
        fmt::format("choose_hill: n = {} (must be at least {})", n, fewest_values));
  if (sample.values.size() < 2)
    throw std::domain_error(
        fmt::format("choose_hill: all {} values = {} (must hold 2 distinct "
                    "values)",
                    n, sample.values.front()));
  if (options.replicates == 0 || options.threads == 0)
    throw std::domain_error(fmt::format("choose_hill: replicates = {}, threads = {} (must be >= 1)",
                                        options.replicates, options.threads));
}

// Adds (M_2 - 2 M_1^2)^2 at every k of one resample, given as occurrences of the distinct values.
void add_squares(const TailTable& data, const std::vector<double>& counts,
                 std::vector<double>& sums) {
  double first = 0;  // sums of the log-excesses of the values above, and of their squares
  double second = 0;
  double above = 0;
  std::size_t k = 1;
  for (std::size_t at = counts.size(); at-- > 0;) {
    if (at + 1 < counts.size()) {
      const double d = data.spacing[at];
      second += 2 * d * first + above * d * d;
      first += above * d;
    }
    above += counts[at];
    const auto end = static_cast<std::size_t>(above);
    for (; k < end; ++k) {
      const double inverse = 1 / static_cast<double>(k);
      const double m1 = first * inverse;
      const double gap = second * inverse - 2 * m1 * m1;
      sums[k] += gap * gap;
    }
  }
}

// k of least mean square over resamples of `size` values.
std::uint64_t best_k(const TailTable& data, const Multiset& values, std::uint64_t size,
                     const BootstrapOptions& options, const core::Stream& stream) {
  const std::size_t batches = (options.replicates + batch - 1) / batch;
  std::vector<std::vector<double>> sums(batches);
  run_replicates(
      batches, options.threads, [] { return std::vector<double>(); },
      [&](std::vector<double>& counts, std::size_t b) {
        sums[b].assign(size, 0.0);
        for (std::size_t r = b * batch; r < std::min((b + 1) * batch, options.replicates); ++r) {
          core::Stream draws = stream.child(r);
          values.draw(size, draws, counts);
          add_squares(data, counts, sums[b]);
        }
      });
  for (std::size_t b = 1; b < batches; ++b)
    for (std::size_t k = 0; k < size; ++k) sums[0][k] += sums[b][k];
  const auto least = std::min_element(
      sums[0].begin() + static_cast<std::ptrdiff_t>(fewest_exceedances), sums[0].end());
  return static_cast<std::uint64_t>(least - sums[0].begin());
}

}  // namespace

HillChoice choose_hill(const CountedValues& sample, const BootstrapOptions& bootstrap,
                       const core::Stream& stream) {
  check_counted_values(sample, "choose_hill");
  const std::uint64_t n = sample_size(sample);
  check(sample, n, bootstrap);
  const TailTable data = make_tail_table({sample.values, sample.counts});
  const Multiset values(data.at_least);
  const core::Stream root = stream.child("hill_choice");
  const auto all = static_cast<double>(n);

  HillChoice choice{};
  const double n_first = std::round(std::pow(all, 0.9));
  const double n_second = std::round(n_first * n_first / all);
  choice.n_first = static_cast<std::uint64_t>(n_first);
  choice.n_second = static_cast<std::uint64_t>(n_second);
  choice.k_first = best_k(data, values, choice.n_first, bootstrap, root.child("first"));
  choice.k_second = best_k(data, values, choice.n_second, bootstrap, root.child("second"));

  const double log_k = std::log(static_cast<double>(choice.k_first));
  const double log_n = std::log(n_first);
  choice.rho = 0.5 * log_k / (log_k - log_n);
  const double factor = std::pow(log_k / (2 * log_n - log_k), 2 * (1 - log_k / log_n));
  const auto k_first = static_cast<double>(choice.k_first);
  const double ratio =
      std::clamp(k_first / static_cast<double>(choice.k_second), 1.0, all / n_first);
  // Hill's estimator must reach below the largest value.
  const auto smallest = static_cast<double>(std::max(fewest_exceedances, sample.counts.back()));
  const double k = std::clamp(std::round(factor * k_first * ratio), smallest, all - 1);
  choice.estimate = hill(sample, static_cast<std::uint64_t>(k));
  return choice;
}

}  // namespace rmtlab::inference

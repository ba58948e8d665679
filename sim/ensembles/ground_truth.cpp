// SPDX-License-Identifier: MIT
#include "sim/ensembles/ground_truth.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/ensembles/spiked_matrix.hpp"
#include "theory/general_mp.hpp"

namespace rmtlab::ensembles {
namespace {

using theory::Phase;
namespace definition = theory::phase_definition;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double smallest_level = 1e-12;  // over the mean: what counts as zero

double ratio(std::size_t rows, std::size_t cols) {
  return static_cast<double>(rows) / static_cast<double>(cols);
}

// Exponent of the density of the levels' tail; infinite for a tail lighter than any power.
double tail_exponent(const Population& p) {
  if (p.fraction == 0 || std::isfinite(p.limit)) return infinity;
  if (p.law == LevelLaw::pareto) return 1 + p.shape;
  if (p.law == LevelLaw::power_sequence) return 1 + 1 / p.shape;
  return infinity;
}

// Share of the trace that the law's levels hold, the others being 1: of the levels as drawn without
// randomness, so it exists where the mean of the law does not.
double trace_share(const Population& p, std::size_t cols) {
  Population alone = p;
  alone.fraction = 1;
  const double mean = arma::mean(population_levels(alone, cols));
  return p.fraction * mean / (p.fraction * mean + 1 - p.fraction);
}

}  // namespace

LimitLaw marchenko_pastur_limit(std::size_t rows, std::size_t cols, double variance) {
  return {"marchenko-pastur",
          {{"Q", fmt::format("{}", ratio(rows, cols))}, {"sigma2", fmt::format("{}", variance)}},
          1};
}

LimitLaw general_mp_limit(std::size_t rows, std::size_t cols, const arma::vec& levels) {
  const arma::vec weights(levels.n_elem,
                          arma::fill::value(1.0 / static_cast<double>(levels.n_elem)));
  return {"general-mp",
          {{"Q", fmt::format("{}", ratio(rows, cols))},
           {"values", fmt::format("{}", fmt::join(levels, ","))},
           {"weights", fmt::format("{}", fmt::join(weights, ","))}},
          1};
}

double collapsed_share_in_limit(std::size_t rows, std::size_t cols, const arma::vec& levels) {
  const double mean = arma::mean(levels);
  const arma::vec positive = arma::clamp(levels, smallest_level * mean, infinity);
  const theory::GeneralMp law(
      ratio(rows, cols), {positive.begin(), positive.end()},
      std::vector<double>(levels.n_elem, 1.0 / static_cast<double>(levels.n_elem)));
  return theory::cdf(law, definition::collapsed_level * mean);
}

void set_light_population_phase(GroundTruth& truth, std::size_t rows, std::size_t cols,
                                const arma::vec& levels, std::string reason_of_decay) {
  const double share = collapsed_share_in_limit(rows, cols, levels);
  if (share >= definition::collapsed_share) {
    truth.phase = Phase::rank_collapse;
    truth.reason = fmt::format("{:.3g} of the limit law lies below {} of its mean", share,
                               definition::collapsed_level);
  } else {
    truth.phase = Phase::bulk_decay;
    truth.reason = std::move(reason_of_decay);
  }
}

GroundTruth noise_truth(std::size_t rows, std::size_t cols, double variance) {
  GroundTruth truth;
  truth.phase = Phase::random_like;
  truth.reason = "independent entries with a finite fourth moment";
  truth.limit = marchenko_pastur_limit(rows, cols, variance);
  truth.largest = LimitLaw{"wishart-edge",
                           {{"N", fmt::format("{}", rows)},
                            {"M", fmt::format("{}", cols)},
                            {"sigma2", fmt::format("{}", variance)}},
                           1};
  return truth;
}

GroundTruth heavy_entries_truth(std::size_t rows, std::size_t cols, double tail_index,
                                double variance, double unit) {
  GroundTruth truth;
  if (tail_index > 4) {
    truth = noise_truth(rows, cols, variance);
    truth.entry_tail_index = tail_index;
    return truth;
  }
  truth.mechanism = Mechanism::heavy_entries;
  truth.entry_tail_index = tail_index;
  if (tail_index >= 2) {
    truth.reason = tail_index > 2
                       ? "entries with 2 < mu <= 4: a Marchenko-Pastur bulk with Poisson outliers, "
                         "which no phase describes"
                       : "mu = 2 is the boundary between two limits";
    if (tail_index > 2) truth.limit = marchenko_pastur_limit(rows, cols, variance);
    return truth;
  }
  truth.alpha = 1 + tail_index / 2;
  truth.limit =
      LimitLaw{"heavy-tailed-mp",
               {{"mu", fmt::format("{}", tail_index)}, {"Q", fmt::format("{}", ratio(rows, cols))}},
               unit};
  if (*truth.alpha < definition::smallest_alpha) {
    truth.reason = fmt::format("alpha = {:.3g} is below {}, where the definition begins",
                               *truth.alpha, definition::smallest_alpha);
    return truth;
  }
  truth.phase = Phase::heavy_tailed;
  truth.reason =
      fmt::format("entries with infinite variance: alpha = 1 + mu/2 = {:.3g}", *truth.alpha);
  return truth;
}

GroundTruth spikes_truth(std::size_t cols, double variance,
                         const std::vector<theory::Spike>& spikes) {
  GroundTruth truth;
  if (spikes.empty()) {
    truth.phase = Phase::random_like;
    truth.reason = "noise without a spike";
    return truth;
  }
  truth.mechanism = Mechanism::spikes;
  const double q = spikes.front().aspect_ratio();
  truth.limit = LimitLaw{"marchenko-pastur",
                         {{"Q", fmt::format("{}", q)}, {"sigma2", fmt::format("{}", variance)}},
                         1};
  const arma::vec positions = arma::sort(predicted_outliers(spikes), "descend");
  const double edge = variance * std::pow(1 + 1 / std::sqrt(q), 2);
  for (const double position : positions)
    if (position > edge) truth.outliers.push_back(position);
  truth.outlier_ratio = strongest_outlier_ratio(spikes);
  truth.critical_window = strongest_window(spikes, cols);
  if (spikes.size() == 1 && *truth.critical_window >= definition::undecidable_window) {
    const bool additive = spikes.front().kind() == theory::SpikeKind::additive;
    truth.largest = LimitLaw{"bbp",
                             {{"Q", fmt::format("{}", q)},
                              {"strength", fmt::format("{}", std::sqrt(spikes.front().excess()))},
                              {"kind", additive ? "additive" : "covariance"},
                              {"N", fmt::format("{}", q * static_cast<double>(cols))}},
                             variance};
  }
  if (*truth.critical_window <= 0) {
    truth.phase = Phase::random_like;
    truth.reason = "every spike is below the threshold: nothing to see";
  } else if (*truth.critical_window < definition::undecidable_window) {
    truth.reason = fmt::format(
        "the strongest spike is {:.2g} < {} widths of the critical window above the threshold: "
        "nobody can tell",
        *truth.critical_window, definition::undecidable_window);
  } else {
    const bool far = *truth.outlier_ratio >= definition::spikes_ratio;
    truth.phase = far ? Phase::bulk_plus_spikes : Phase::bleeding_out;
    truth.reason =
        fmt::format("the strongest outlier is predicted at {:.3g} lambda_plus ({} {})",
                    *truth.outlier_ratio, far ? "at least" : "below", definition::spikes_ratio);
  }
  return truth;
}

GroundTruth population_truth(std::size_t rows, std::size_t cols, const Population& population) {
  GroundTruth truth;
  truth.mechanism = Mechanism::population;
  const double alpha = tail_exponent(population);
  if (population.law == LevelLaw::lognormal) truth.mechanism = Mechanism::lognormal_population;
  if (!std::isfinite(alpha)) {
    if (population.fraction == 0 ||
        (population.law == LevelLaw::constant && population.scale == 1)) {
      truth = noise_truth(rows, cols, 1);
      return truth;
    }
    set_light_population_phase(truth, rows, cols, population_levels(population, cols),
                               "an extensive deformation whose tail is lighter than any power");
    return truth;
  }
  truth.mechanism = population.fraction < 1 ? Mechanism::mixture : Mechanism::heavy_population;
  truth.alpha = alpha;
  const double share = trace_share(population, cols);
  if (share <= definition::heavy_trace_share) {
    truth.phase = Phase::bulk_decay;
    truth.reason =
        fmt::format("a power-law part with {:.2g} of the trace beside noise with the rest", share);
  } else if (alpha < definition::smallest_alpha || alpha > definition::largest_alpha) {
    truth.reason = fmt::format("a power law with alpha = {:.3g}, outside {}-{}", alpha,
                               definition::smallest_alpha, definition::largest_alpha);
  } else {
    truth.phase = Phase::heavy_tailed;
    truth.reason =
        fmt::format("a power law with alpha = {:.3g} and {:.2g} of the trace", alpha, share);
  }
  return truth;
}

}  // namespace rmtlab::ensembles

// SPDX-License-Identifier: MIT
/// \file
/// \brief Noise with a few planted directions, whose outliers theory/spiked.hpp predicts.
#include "sim/ensembles/spiked_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "sim/ensembles/haar.hpp"
#include "theory/domain_check.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::ensembles {
namespace {

using theory::Spike;
using theory::SpikeKind;

arma::mat frame(std::size_t n, std::size_t k, std::size_t support, core::Stream& stream) {
  if (k == 0) return arma::mat(n, 0);
  return support == 0 ? haar_frame(n, k, stream) : localised_frame(n, k, support, stream);
}

void plant_additive(SpikedMatrix& result, double variance, const SpikedModel& model,
                    core::Stream& stream) {
  const arma::uword rows = result.W.n_rows, count = result.spikes.size();
  result.left = frame(rows, count, model.left_support, stream);
  result.right = frame(result.W.n_cols, count, model.right_support, stream);
  for (arma::uword i = 0; i < count; ++i) {
    const double singular =
        std::sqrt(result.spikes[i].excess() * variance * static_cast<double>(rows));
    result.W += (singular * result.left.col(i)) * result.right.col(i).t();
  }
}

void plant_covariance(SpikedMatrix& result, const SpikedModel& model, core::Stream& stream) {
  const arma::uword count = result.spikes.size();
  result.right = frame(result.W.n_cols, count, model.right_support, stream);
  const arma::mat loadings = result.W * result.right;
  // The root of I + sum h v v^T is I + sum (sqrt(1 + h) - 1) v v^T, the v being orthonormal.
  for (arma::uword i = 0; i < count; ++i) {
    const double h = result.spikes[i].excess();
    result.W += (h / (std::sqrt(1 + h) + 1) * loadings.col(i)) * result.right.col(i).t();
  }
  result.left = arma::normalise(loadings);
}

}  // namespace

double spike_excess(const SpikeStrength& strength, double aspect_ratio) {
  const double critical = theory::bbp_threshold(aspect_ratio);
  if (!std::isfinite(strength.value))
    theory::throw_domain_error("spike_excess", "value", strength.value, "finite");
  switch (strength.scale) {
    case StrengthScale::excess:
      return strength.value;
    case StrengthScale::threshold:
      return strength.value * critical;
    case StrengthScale::outlier:
      break;
  }
  const theory::MarchenkoPastur bulk(aspect_ratio);
  const double gap = bulk.lower_edge() / bulk.upper_edge();
  const bool below = aspect_ratio > 1 && strength.value > 0 && strength.value < gap;
  if (!(strength.value >= 1 || below))
    theory::throw_domain_error(
        "spike_excess", "outlier / upper edge", strength.value,
        aspect_ratio > 1 ? fmt::format(">= 1, or > 0 and < {}", gap) : ">= 1");
  return theory::excess_from_outlier(aspect_ratio, strength.value * bulk.upper_edge());
}

Spike spike_of_excess(SpikeKind kind, double excess, double aspect_ratio, double variance) {
  if (kind == SpikeKind::covariance) return Spike::covariance(aspect_ratio, 1 + excess, variance);
  if (excess < 0)
    theory::throw_domain_error("spike_of_excess", "excess of an additive spike", excess, ">= 0");
  return Spike::additive(aspect_ratio, std::sqrt(excess), variance);
}

SpikedMatrix spiked_matrix(arma::mat noise, double variance, const SpikedModel& model,
                           core::Stream& stream) {
  if (noise.is_empty()) throw std::invalid_argument("spiked_matrix: noise has no entries");
  theory::check_positive("spiked_matrix", "variance", variance);
  if (model.strengths.size() > std::min(noise.n_rows, noise.n_cols))
    throw std::domain_error(fmt::format("spiked_matrix: {} spikes (must be at most min(N, M) = {})",
                                        model.strengths.size(),
                                        std::min(noise.n_rows, noise.n_cols)));
  const double aspect_ratio = static_cast<double>(noise.n_rows) / static_cast<double>(noise.n_cols);
  SpikedMatrix result{std::move(noise), {}, {}, {}};
  for (const SpikeStrength& strength : model.strengths)
    result.spikes.push_back(
        spike_of_excess(model.kind, spike_excess(strength, aspect_ratio), aspect_ratio, variance));
  if (model.kind == SpikeKind::additive)
    plant_additive(result, variance, model, stream);
  else
    plant_covariance(result, model, stream);
  return result;
}

arma::vec predicted_outliers(const std::vector<Spike>& spikes) {
  arma::vec result(spikes.size());
  std::transform(spikes.begin(), spikes.end(), result.begin(),
                 [](const Spike& spike) { return theory::outlier_location(spike); });
  return result;
}

double strongest_outlier_ratio(const std::vector<Spike>& spikes) {
  double ratio = 1;
  for (const Spike& spike : spikes) {
    const theory::MarchenkoPastur bulk(spike.aspect_ratio(), spike.variance());
    ratio = std::max(ratio, theory::outlier_location(spike) / bulk.upper_edge());
  }
  return ratio;
}

double strongest_window(const std::vector<Spike>& spikes, std::size_t cols) {
  double window = -std::numeric_limits<double>::infinity();
  for (const Spike& spike : spikes)
    window = std::max(window, theory::critical_window(spike, static_cast<double>(cols)));
  return window;
}

}  // namespace rmtlab::ensembles

// SPDX-License-Identifier: MIT
#include "sim/inference/matrix_details.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/core/random.hpp"
#include "sim/spectra/localization.hpp"
#include "sim/spectra/metrics.hpp"
#include "sim/spectra/singular_vectors.hpp"
#include "theory/haar_vector.hpp"

namespace rmtlab::inference {
namespace {

constexpr std::uint64_t seed = 20240501;
constexpr double structure_level = 0.05;
constexpr std::size_t fewest_shuffles = 39;  // half the level can be reached
// Below it the law of the largest component is not tabulated and localisation means little.
constexpr std::size_t fewest_components = 20;

VectorSide side_of(const arma::mat& vectors) {
  VectorSide side;
  side.components = vectors.n_rows;
  const auto n = static_cast<double>(vectors.n_rows), k = static_cast<double>(vectors.n_cols);
  for (arma::uword j = 0; j < vectors.n_cols; ++j)
    side.mean_scaled_ipr += spectra::localization(vectors.col(j)).scaled_ipr / k;
  side.p_value = theory::ipr_mean_sf(n, k, side.mean_scaled_ipr / n);
  side.largest_component = spectra::localization(vectors.col(vectors.n_cols - 1)).largest;
  side.largest_p_value = sf(theory::HaarMaximum(n), side.largest_component);
  return side;
}

VectorGroup group_of(const spectra::SingularVectors& triplets) {
  return {triplets.right.n_cols, side_of(triplets.right), side_of(triplets.left)};
}

void examine_tail(const MatrixAnalysis& analysis, const DetailOptions& options,
                  const core::Stream& stream, MatrixDetails& details) {
  if (options.bootstrap == 0 || !analysis.power_law) {
    details.tail_goodness.reason = details.tail_interval.reason =
        options.bootstrap == 0 ? "not asked for" : "no power-law fit";
    return;
  }
  const arma::vec positive = spectra::positive_part(analysis.spectrum.eigenvalues);
  const auto sample = count_values({positive.memptr(), positive.n_elem});
  PowerLawOptions fit;
  fit.min_tail = smallest_spectral_tail;
  const BootstrapOptions bootstrap{.replicates = options.bootstrap};
  details.tail_goodness =
      attempt([&] { return goodness_of_fit(sample, fit, bootstrap, stream.child("tail")); });
  details.tail_interval =
      attempt([&] { return exponent_interval(sample, fit, bootstrap, stream.child("tail")); });
}

Attempt<StructureVerdict> examine_structure(const arma::mat& W, const MatrixAnalysis& analysis,
                                            const DetailOptions& options,
                                            const core::Stream& stream) {
  const auto n = static_cast<double>(analysis.spectrum.rows);
  const auto m = static_cast<double>(analysis.spectrum.cols);
  const std::size_t shuffles =
      options.shuffles.value_or(n * m * m <= shuffle_limit ? fewest_shuffles : 0);
  if (shuffles == 0)
    return {std::nullopt, options.shuffles ? "not asked for" : "left out for a matrix this large"};
  return attempt([&] {
    return explain_structure(W, bulk_distance(analysis.spectrum.aspect_ratio()),
                             {.replicates = shuffles}, structure_level, stream.child("shuffles"));
  });
}

void examine_vectors(const arma::mat& W, const MatrixAnalysis& analysis,
                     const DetailOptions& options, MatrixDetails& details) {
  const std::size_t cols = analysis.spectrum.cols;
  std::string reason;
  if (options.vectors == 0)
    reason = "not asked for";
  else if (!analysis.marchenko_pastur)
    reason = "no Marchenko-Pastur fit says which vectors are outliers";
  else if (cols < fewest_components)
    reason =
        fmt::format("vectors of {} components (at least {} are needed)", cols, fewest_components);
  details.outlier_vectors.reason = details.bulk_vectors.reason = reason;
  if (!reason.empty()) return;
  const std::size_t outliers =
      std::min(options.vectors, analysis.marchenko_pastur->outliers.size());
  if (outliers == 0)
    details.outlier_vectors.reason = "no outliers";
  else
    details.outlier_vectors =
        attempt([&] { return group_of(spectra::top_singular_vectors(W, outliers)); });
  const std::size_t bulk = analysis.marchenko_pastur->bulk_count;
  const std::size_t taken = std::min(options.vectors, bulk), begin = (bulk - taken) / 2;
  details.bulk_vectors =
      attempt([&] { return group_of(spectra::singular_vectors(W, begin, begin + taken)); });
}

Attempt<MechanismVerdict> examine_mechanism(const arma::mat& W, const MatrixAnalysis& analysis,
                                            const DetailOptions& options) {
  using enum theory::Phase;
  const theory::Phase phase = analysis.decision.phase;
  if (options.vectors == 0) return {std::nullopt, "not asked for"};
  if (phase != bulk_plus_spikes && phase != bulk_decay && phase != heavy_tailed)
    return {std::nullopt, fmt::format("{} has no tail to explain", name(phase))};
  return attempt(
      [&] { return MechanismClassifier::shipped().classify(mechanism_statistics(W, analysis)); });
}

}  // namespace

MatrixDetails examine_matrix(const arma::mat& W, const MatrixAnalysis& analysis,
                             const DetailOptions& options) {
  const core::Stream stream = core::Stream(seed)
                                  .child("examine_matrix")
                                  .child(analysis.spectrum.rows)
                                  .child(analysis.spectrum.cols);
  MatrixDetails details;
  examine_tail(analysis, options, stream, details);
  details.structure = examine_structure(W, analysis, options, stream);
  details.parallel = attempt([&] { return deterministic_parallel_analysis(W, {.deflate = true}); });
  examine_vectors(W, analysis, options, details);
  details.mechanism = examine_mechanism(W, analysis, options);
  return details;
}

}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
#include "sim/inference/tail_mechanism.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "sim/core/random.hpp"
#include "sim/inference/embedded_tables.hpp"
#include "sim/inference/shuffle_test.hpp"
#include "sim/inference/softmax_regression.hpp"
#include "sim/spectra/level_statistics.hpp"
#include "sim/spectra/localization.hpp"
#include "sim/spectra/singular_vectors.hpp"

namespace rmtlab::inference {
namespace {

constexpr std::uint64_t seed = 20261126;
constexpr double ridge = 0.1;
constexpr std::size_t most_vectors = 10;

constexpr std::array<PhaseStatistic, mechanism_statistic_count> list{{
    {"largest_entry", "sqrt of the largest w^2 over N lambda_max: near 1 if one entry makes it"},
    {"log_kurtosis", "ln(1 + excess kurtosis of the entries), at least 0"},
    {"right_localization", "ln of the mean n sum v^4 / 3 of the strongest right singular vectors"},
    {"left_localization", "the same of the left ones"},
    {"shuffled_ks", "KS distance to noise after shuffling the entries"},
    {"shuffled_ratio", "ln of lambda_max before over after shuffling"},
    {"gap_ratio", "mean ratio of neighbouring gaps, all levels"},
    {"top_gap_ratio", "the same in the upper half"},
    {"cvm_evidence", "as for the phase"},
    {"outlier_fraction", "as for the phase"},
    {"stretch_02", "as for the phase"},
    {"stretch_20", "as for the phase"},
    {"stretch_80", "as for the phase"},
    {"stretch_top", "as for the phase"},
    {"ks_all", "as for the phase"},
    {"tail_curvature",
     "mean excess of ln lambda over the upper 5 % less that over 20 %: 0 for a power law"},
}};

// Mean of ln lambda over the upper share less ln lambda where it begins (Hill's statistic).
double mean_excess(const arma::vec& ascending, double share) {
  const arma::uword m = ascending.n_elem;
  const auto count =
      std::max<arma::uword>(4, static_cast<arma::uword>(share * static_cast<double>(m)));
  const double floor = 1e-12 * arma::mean(ascending);
  const double begin = std::log(std::max(ascending[m - 1 - count], floor));
  double sum = 0;
  for (arma::uword i = 0; i < count; ++i)
    sum += std::log(std::max(ascending[m - 1 - i], floor)) - begin;
  return sum / static_cast<double>(count);
}

double log_localization(const arma::mat& vectors) {
  double sum = 0;
  for (arma::uword j = 0; j < vectors.n_cols; ++j)
    sum += spectra::localization(vectors.col(j)).scaled_ipr;
  return std::clamp(std::log(sum / static_cast<double>(vectors.n_cols) / 3), -0.5, 5.0);
}

std::size_t place_of(ensembles::Mechanism mechanism) {
  const auto found = std::find(tail_mechanisms.begin(), tail_mechanisms.end(), mechanism);
  if (found == tail_mechanisms.end())
    throw std::invalid_argument(
        fmt::format("MechanismClassifier: {} is not told apart", name(mechanism)));
  return static_cast<std::size_t>(std::distance(tail_mechanisms.begin(), found));
}

}  // namespace

std::span<const PhaseStatistic, mechanism_statistic_count> mechanism_statistic_list() {
  return list;
}

MechanismStatistics mechanism_statistics(const arma::mat& W, const MatrixAnalysis& analysis) {
  const arma::vec& x = analysis.spectrum.eigenvalues;
  const std::size_t rows = analysis.spectrum.rows, m = x.n_elem;
  if (!analysis.decision.statistics)
    throw std::domain_error("mechanism_statistics: a zero or tiny matrix has no tail");
  const auto& phase = *analysis.decision.statistics;
  const auto of_phase = [&phase](std::string_view name) {
    return phase[phase_statistic_index(name)];
  };
  core::Stream stream = core::Stream(seed).child("tail_mechanism").child(rows).child(m);
  const arma::vec shuffled_levels =
      spectra::spectrum_of(shuffled(W, ShuffleMode::entries, stream)).eigenvalues;
  const auto vectors =
      spectra::top_singular_vectors(W, std::min(most_vectors, std::max<std::size_t>(1, m / 10)));
  const std::vector<double> levels(x.begin(), x.end());
  const double largest = arma::abs(W).max();
  MechanismStatistics s{largest / std::sqrt(static_cast<double>(rows) * x.back()),
                        analysis.entry_kurtosis
                            ? std::log1p(std::max(0.0, analysis.entry_kurtosis->excess_kurtosis))
                            : 0,
                        log_localization(vectors.right),
                        log_localization(vectors.left),
                        distance_to_random(shuffled_levels, rows),
                        std::log(x.back() / shuffled_levels.back()),
                        spectra::mean_gap_ratio(levels, 0, m).value_or(0),
                        spectra::mean_gap_ratio(levels, m / 2, m).value_or(0),
                        of_phase("cvm_evidence"),
                        of_phase("outlier_fraction"),
                        of_phase("stretch_02"),
                        of_phase("stretch_20"),
                        of_phase("stretch_80"),
                        of_phase("stretch_top"),
                        of_phase("ks_all"),
                        mean_excess(x, 0.05) - mean_excess(x, 0.2)};
  for (double& value : s)
    if (!std::isfinite(value)) value = 0;
  return s;
}

const MechanismClassifier& MechanismClassifier::shipped() {
  static const MechanismClassifier classifier = from_csv(tail_mechanism_table);
  return classifier;
}

MechanismClassifier MechanismClassifier::train(const std::vector<MechanismSample>& samples) {
  std::vector<std::size_t> classes;
  arma::mat X(samples.size(), mechanism_statistic_count);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    classes.push_back(place_of(samples[i].mechanism));
    for (std::size_t j = 0; j < mechanism_statistic_count; ++j) X(i, j) = samples[i].statistics[j];
  }
  for (std::size_t k = 0; k < tail_mechanisms.size(); ++k)
    if (std::find(classes.begin(), classes.end(), k) == classes.end())
      throw std::invalid_argument(
          fmt::format("MechanismClassifier: no sample is {}", name(tail_mechanisms[k])));
  const auto fit =
      fit_balanced_softmax(std::move(X), classes, tail_mechanisms.size(), classes, ridge);
  std::vector<Score> scores;
  for (std::size_t k = 0; k < tail_mechanisms.size(); ++k) {
    Score score{std::string(name(tail_mechanisms[k])), fit.model.intercepts[k], {}};
    for (std::size_t j = 0; j < mechanism_statistic_count; ++j)
      score.terms.push_back(
          {std::string(list[j].name), fit.centers[j], fit.scales[j], fit.model.coefficients(j, k)});
    scores.push_back(std::move(score));
  }
  return from_csv(weight_table_csv(scores));
}

MechanismClassifier MechanismClassifier::from_csv(std::string_view csv) {
  MechanismClassifier classifier;
  classifier.scores_ = parse_weight_table(csv, "mechanism classifier");
  for (std::size_t k = 0; k < tail_mechanisms.size(); ++k) {
    const bool fits = k < classifier.scores_.size() &&
                      classifier.scores_[k].name == name(tail_mechanisms[k]) &&
                      classifier.scores_[k].terms.size() == mechanism_statistic_count;
    if (!fits)
      throw std::runtime_error(
          fmt::format("mechanism classifier: score {} must be of {} with {} statistics", k + 1,
                      name(tail_mechanisms[k]), mechanism_statistic_count));
  }
  return classifier;
}

MechanismVerdict MechanismClassifier::classify(const MechanismStatistics& statistics) const {
  MechanismVerdict verdict;
  arma::vec scores(tail_mechanisms.size());
  for (std::size_t k = 0; k < tail_mechanisms.size(); ++k) {
    scores[k] = scores_[k].intercept;
    for (std::size_t j = 0; j < mechanism_statistic_count; ++j) {
      const ScoreTerm& term = scores_[k].terms[j];
      scores[k] += term.coefficient * (statistics[j] - term.center) / term.scale;
    }
  }
  scores = arma::exp(scores - scores.max());
  scores /= arma::accu(scores);
  std::copy(scores.begin(), scores.end(), verdict.probabilities.begin());
  verdict.mechanism = tail_mechanisms[scores.index_max()];
  verdict.abstained = scores.max() < certain_enough;
  return verdict;
}

}  // namespace rmtlab::inference

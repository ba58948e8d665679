// SPDX-License-Identifier: MIT
#include "sim/experiments/phase_comparison.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include <fmt/format.h>

#include "sim/experiments/phase_records.hpp"
#include "sim/inference/softmax_regression.hpp"

namespace rmtlab::experiments {
namespace {

using inference::ScoredLabel;
using Labels = std::vector<ScoredLabel>;
using Columns = std::vector<std::string>;

constexpr double ridge = 1.0 / 3;
constexpr std::uint64_t seed = 1;

ScoredLabel label_from(theory::Phase truth, const inference::PhaseProbabilities& probabilities) {
  ScoredLabel label;
  label.truth = truth;
  label.probabilities = probabilities;
  const auto best = std::max_element(probabilities.begin(), probabilities.end());
  label.phase =
      theory::all_phases[static_cast<std::size_t>(std::distance(probabilities.begin(), best))];
  label.abstained = *best < inference::certain_enough;
  return label;
}

arma::mat predictors(const core::Table& records, const std::vector<std::size_t>& rows,
                     const Columns& columns) {
  arma::mat X(rows.size(), columns.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < columns.size(); ++j) X(i, j) = records.number(rows[i], columns[j]);
  return X;
}

// Softmax regression on these columns, every phase of the same weight.
Labels labels_by_softmax(const core::Table& test, const core::Table& training,
                         const Columns& columns) {
  const auto rows = scored_rows(training);
  std::vector<std::size_t> classes;
  for (const std::size_t row : rows)
    classes.push_back(static_cast<std::size_t>(theory::phase_named(training.text(row, "truth"))));
  const auto fit = inference::fit_balanced_softmax(predictors(training, rows, columns), classes,
                                                   theory::all_phases.size(), classes, ridge);
  const auto test_rows = scored_rows(test);
  const arma::mat T = predictors(test, test_rows, columns);
  Labels labels;
  for (std::size_t i = 0; i < test_rows.size(); ++i) {
    const arma::rowvec x = T.row(i);
    const auto p = fit.probabilities(std::vector<double>(x.begin(), x.end()));
    inference::PhaseProbabilities probabilities{};
    std::copy(p.begin(), p.end(), probabilities.begin());
    labels.push_back(
        label_from(theory::phase_named(test.text(test_rows[i], "truth")), probabilities));
  }
  return labels;
}

// A recorded rule: certain of what it says. Where it says nothing, random-like.
Labels labels_by_rule(const core::Table& test, const std::string& column) {
  Labels labels;
  for (const std::size_t row : scored_rows(test)) {
    inference::PhaseProbabilities probabilities{};
    const std::string& said = test.text(row, column);
    const auto phase = said.empty() ? theory::Phase::random_like : theory::phase_named(said);
    probabilities[static_cast<std::size_t>(phase)] = 1;
    labels.push_back(label_from(theory::phase_named(test.text(row, "truth")), probabilities));
  }
  return labels;
}

Labels labels_by_classifier(const core::Table& test, const std::vector<std::size_t>& rows,
                            const inference::PhaseClassifier& classifier) {
  Labels labels;
  for (const std::size_t row : rows)
    labels.push_back(label_from(theory::phase_named(test.text(row, "truth")),
                                classifier.classify(statistics_of(test, row)).probabilities));
  return labels;
}

std::string one_line(const std::string& title, const Labels& labels, const Labels& best) {
  const auto scores = inference::score_phases(labels);
  std::string text = fmt::format("{:<22}{:>9.3f}{:>8.3f}{:>8.3f}", title, scores.balanced_accuracy,
                                 scores.brier, scores.calibration_error);
  if (&labels != &best) {
    const auto lead = inference::accuracy_difference(best, labels, core::Stream(seed));
    text += fmt::format("   [{:.3f}, {:.3f}]", lead.lower, lead.upper);
  }
  return text + "\n";
}

Columns all_statistics() {
  Columns columns;
  for (const auto& statistic : inference::phase_statistic_list())
    columns.emplace_back(statistic.name);
  return columns;
}

std::string left_out(const core::Table& test, const core::Table& training) {
  const auto rows = scored_rows(test), training_rows = scored_rows(training);
  Labels labels;
  std::string lines;
  for (const std::string& family : test.distinct("family")) {
    std::vector<std::size_t> of_family, others;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(of_family),
                 [&](std::size_t i) { return test.text(i, "family") == family; });
    if (of_family.empty()) continue;
    std::copy_if(training_rows.begin(), training_rows.end(), std::back_inserter(others),
                 [&](std::size_t i) { return training.text(i, "family") != family; });
    const auto classifier = inference::PhaseClassifier::train(samples_of(training, others));
    const Labels found = labels_by_classifier(test, of_family, classifier);
    const auto right =
        std::count_if(found.begin(), found.end(), [](const auto& l) { return l.phase == l.truth; });
    const auto abstained =
        std::count_if(found.begin(), found.end(), [](const auto& l) { return l.abstained; });
    const auto n = static_cast<double>(found.size());
    lines += fmt::format("{:<34}{:>8}{:>8.3f}{:>11.3f}{}\n", family, found.size(),
                         static_cast<double>(right) / n, static_cast<double>(abstained) / n,
                         others.size() == training_rows.size() ? "  hard, never trained on" : "");
    labels.insert(labels.end(), found.begin(), found.end());
  }
  const auto scores = inference::score_phases(labels);
  return fmt::format(
      "\nleave one family out: balanced accuracy {:.4f}, of those not abstained {:.4f} ({:.1f} % "
      "abstained), calibration error {:.4f}\n{:<34}{:>8}{:>8}{:>11}\n{}",
      scores.balanced_accuracy, scores.balanced_accuracy_kept, 100 * scores.abstained,
      scores.calibration_error, "family", "scored", "right", "abstained", lines);
}

}  // namespace

std::string phase_comparison(const core::Table& test, const core::Table& training) {
  const auto classifier =
      inference::PhaseClassifier::train(samples_of(training, scored_rows(training)));
  const Labels own = labels_by_classifier(test, scored_rows(test), classifier);
  std::string text = scores_text(inference::score_phases(own));
  text += fmt::format("\n{:<22}{:>9}{:>8}{:>8}   {}\n", "classifier", "accuracy", "Brier", "ECE",
                      "lead of the first, 95 %");
  text += one_line("five questions", own, own);
  text += one_line("softmax, one step", labels_by_softmax(test, training, all_statistics()), own);
  text += one_line("threshold rule", labels_by_rule(test, "threshold_rule"), own);
  text +=
      one_line("KS distance alone",
               labels_by_softmax(test, training, {"ks_all", "log_cols", "log_aspect_ratio"}), own);
  text += one_line(
      "density distance alone",
      labels_by_softmax(test, training, {"density_distance", "log_cols", "log_aspect_ratio"}), own);
  text += one_line("exponent window", labels_by_rule(test, "exponent_rule"), own);
  return text + left_out(test, training);
}

}  // namespace rmtlab::experiments

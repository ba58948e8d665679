// SPDX-License-Identifier: MIT
#include "sim/inference/phase_classifier.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "sim/core/sha256.hpp"
#include "sim/inference/embedded_tables.hpp"
#include "sim/inference/softmax_regression.hpp"
#include "sim/inference/weight_table.hpp"

namespace rmtlab::inference {
namespace {

using theory::Phase;

// One standard deviation of a statistic may move the log odds by a few units, not by many.
constexpr double ridge = 1.0 / 3;

struct QuestionDeclaration {
  PhaseQuestion question;
  std::string_view name;
  std::vector<Phase> yes, no;
  std::vector<std::string_view> statistics;
};

const std::vector<QuestionDeclaration>& declarations() {
  static const std::vector<QuestionDeclaration> list{
      {PhaseQuestion::collapsed,
       "collapsed",
       {Phase::rank_collapse},
       {Phase::random_like, Phase::bleeding_out, Phase::bulk_plus_spikes, Phase::bulk_decay,
        Phase::heavy_tailed},
       {"collapse_depth"}},
      {PhaseQuestion::extensive,
       "extensive",
       {Phase::bulk_decay, Phase::heavy_tailed},
       {Phase::random_like, Phase::bleeding_out, Phase::bulk_plus_spikes},
       {"cvm_evidence", "effective_evidence", "no_effective_rows", "outlier_fraction",
        "log_outliers", "outlier_spread", "stretch_20", "stretch_80", "stretch_top",
        "log_participation", "log_cols"}},
      {PhaseQuestion::heavy,
       "heavy",
       {Phase::heavy_tailed},
       {Phase::bulk_decay},
       {"collapse_depth", "cvm_evidence", "effective_evidence", "no_effective_rows", "stretch_02",
        "stretch_10", "stretch_80", "matrix_entropy", "ks_all", "tail_fraction", "log_ratio",
        "scaled_log_ratio", "log_cols", "log_aspect_ratio"}},
      {PhaseQuestion::outliers,
       "outliers",
       {Phase::bleeding_out, Phase::bulk_plus_spikes},
       {Phase::random_like},
       {"edge_evidence", "log_outliers", "log_cols", "log_aspect_ratio"}},
      {PhaseQuestion::far_spikes,
       "far_spikes",
       {Phase::bulk_plus_spikes},
       {Phase::bleeding_out},
       {"log_ratio", "scaled_log_ratio", "log_outliers", "log_cols", "log_aspect_ratio"}},
  };
  return list;
}

const QuestionDeclaration& declaration_of(PhaseQuestion question) {
  return declarations()[static_cast<std::size_t>(question)];
}

bool holds(const std::vector<Phase>& phases, Phase phase) {
  return std::find(phases.begin(), phases.end(), phase) != phases.end();
}

// The samples that a question is put to: those of its two sides, each phase a group.
StandardisedSoftmax fit_question(const QuestionDeclaration& q,
                                 const std::vector<PhaseSample>& samples) {
  std::vector<const PhaseSample*> asked;
  std::vector<std::size_t> sides, phases;
  for (const PhaseSample& sample : samples) {
    const bool yes = holds(q.yes, sample.phase);
    if (!yes && !holds(q.no, sample.phase)) continue;
    asked.push_back(&sample);
    sides.push_back(yes ? 1 : 0);
    phases.push_back(static_cast<std::size_t>(sample.phase));
  }
  for (const auto& side : {q.yes, q.no})
    for (const Phase phase : side)
      if (std::find(phases.begin(), phases.end(), static_cast<std::size_t>(phase)) == phases.end())
        throw std::invalid_argument(
            fmt::format("PhaseClassifier: no sample is {}, which the question '{}' is about",
                        name(phase), q.name));
  arma::mat X(asked.size(), q.statistics.size());
  for (std::size_t i = 0; i < asked.size(); ++i)
    for (std::size_t j = 0; j < q.statistics.size(); ++j)
      X(i, j) = asked[i]->statistics[phase_statistic_index(q.statistics[j])];
  return fit_balanced_softmax(std::move(X), sides, 2, phases, ridge);
}

}  // namespace

std::string_view name(PhaseQuestion question) { return declaration_of(question).name; }

PhaseProbabilities phase_probabilities(const std::array<double, all_phase_questions.size()>& yes) {
  const auto [collapsed, extensive, heavy, outliers, far] = yes;
  const double finite = (1 - collapsed) * (1 - extensive), rest = (1 - collapsed) * extensive;
  return {finite * (1 - outliers),
          finite * outliers * (1 - far),
          finite * outliers * far,
          rest * (1 - heavy),
          rest * heavy,
          collapsed};
}

const PhaseClassifier& PhaseClassifier::shipped() {
  static const PhaseClassifier classifier = from_csv(phase_classifier_table);
  return classifier;
}

PhaseClassifier PhaseClassifier::train(const std::vector<PhaseSample>& samples) {
  PhaseClassifier classifier;
  for (const QuestionDeclaration& q : declarations()) {
    const StandardisedSoftmax fit = fit_question(q, samples);
    Question& question = classifier.questions_[static_cast<std::size_t>(q.question)];
    question.intercept = fit.model.intercepts[1] - fit.model.intercepts[0];
    for (std::size_t j = 0; j < q.statistics.size(); ++j)
      question.terms.push_back({phase_statistic_index(q.statistics[j]), fit.centers[j],
                                fit.scales[j],
                                fit.model.coefficients(j, 1) - fit.model.coefficients(j, 0)});
  }
  // Through the table, whose digits are what is published and compiled in.
  return from_csv(classifier.csv());
}

std::string PhaseClassifier::csv() const {
  std::vector<Score> scores;
  for (const PhaseQuestion q : all_phase_questions) {
    const Question& question = questions_[static_cast<std::size_t>(q)];
    Score score{std::string(name(q)), question.intercept, {}};
    for (const Term& term : question.terms)
      score.terms.push_back({std::string(phase_statistic_list()[term.statistic].name), term.center,
                             term.scale, term.coefficient});
    scores.push_back(std::move(score));
  }
  return weight_table_csv(scores);
}

PhaseClassifier PhaseClassifier::from_csv(std::string_view csv) {
  PhaseClassifier classifier;
  const std::vector<Score> scores = parse_weight_table(csv, "phase classifier");
  for (const PhaseQuestion q : all_phase_questions) {
    const auto score = std::find_if(scores.begin(), scores.end(),
                                    [q](const Score& s) { return s.name == name(q); });
    if (score == scores.end() || score->terms.empty())
      throw std::runtime_error(
          fmt::format("phase classifier: nothing answers the question '{}'", name(q)));
    Question& question = classifier.questions_[static_cast<std::size_t>(q)];
    question.intercept = score->intercept;
    for (const ScoreTerm& term : score->terms)
      question.terms.push_back(
          {phase_statistic_index(term.statistic), term.center, term.scale, term.coefficient});
  }
  classifier.hash_ = core::sha256_hex(classifier.csv());
  return classifier;
}

PhaseAnswer PhaseClassifier::answer(
    PhaseQuestion q, const std::array<double, phase_statistic_count>& statistics) const {
  const Question& question = questions_[static_cast<std::size_t>(q)];
  PhaseAnswer answer{q, 0, {}};
  double log_odds = question.intercept;
  for (const Term& term : question.terms) {
    const double value = statistics[term.statistic];
    const double share = term.coefficient * (value - term.center) / term.scale;
    answer.contributions.push_back({phase_statistic_list()[term.statistic].name, value, share});
    log_odds += share;
  }
  std::stable_sort(
      answer.contributions.begin(), answer.contributions.end(),
      [](const auto& a, const auto& b) { return std::abs(a.log_odds) > std::abs(b.log_odds); });
  answer.yes = 1 / (1 + std::exp(-log_odds));
  return answer;
}

PhaseClassification PhaseClassifier::classify(
    const std::array<double, phase_statistic_count>& statistics) const {
  PhaseClassification result;
  std::array<double, all_phase_questions.size()> yes{};
  for (std::size_t i = 0; i < all_phase_questions.size(); ++i) {
    result.answers[i] = answer(all_phase_questions[i], statistics);
    yes[i] = result.answers[i].yes;
  }
  result.probabilities = phase_probabilities(yes);
  const auto best = std::max_element(result.probabilities.begin(), result.probabilities.end());
  result.phase = theory::all_phases[static_cast<std::size_t>(
      std::distance(result.probabilities.begin(), best))];
  result.abstained = *best < certain_enough;
  return result;
}

}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
/// \file
/// \brief Probabilities of the six phases, by five questions whose weights are published.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/inference/phase_statistics.hpp"
#include "theory/phase.hpp"

namespace rmtlab::inference {

/// What a classifier is asked, in this order.
enum class PhaseQuestion {
  collapsed,   ///< rank-collapse, against all others
  extensive,   ///< bulk-decay or heavy-tailed, against noise with at most a few spikes
  heavy,       ///< heavy-tailed, against bulk-decay
  outliers,    ///< any spike, against random-like
  far_spikes,  ///< bulk+spikes, against bleeding-out
};
inline constexpr std::array all_phase_questions = {
    PhaseQuestion::collapsed, PhaseQuestion::extensive, PhaseQuestion::heavy,
    PhaseQuestion::outliers, PhaseQuestion::far_spikes};

/// `"collapsed"`, `"extensive"`, `"heavy"`, `"outliers"`, `"far_spikes"`.
std::string_view name(PhaseQuestion question);

/// One statistic's share of an answer: what it adds to the log odds of yes, over its training mean.
struct PhaseContribution {
  std::string_view statistic;
  double value;
  double log_odds;
};

struct PhaseAnswer {
  PhaseQuestion question;
  double yes;                                    ///< probability, given that it is asked
  std::vector<PhaseContribution> contributions;  ///< the weightiest first
};

using PhaseProbabilities = std::array<double, theory::all_phases.size()>;

struct PhaseClassification {
  PhaseProbabilities probabilities{};  ///< in the order of theory::all_phases, sum 1
  theory::Phase phase{};               ///< the most probable
  bool abstained = false;              ///< its probability is below `certain_enough`
  std::array<PhaseAnswer, all_phase_questions.size()> answers;
};

/// Below this probability of the most probable phase the evidence does not separate.
inline constexpr double certain_enough = 0.7;

/// A matrix whose phase is known, for training.
struct PhaseSample {
  std::array<double, phase_statistic_count> statistics;
  theory::Phase phase;
};

/**
 * \brief The classifier of the 5+1 phases.
 *
 * Five yes-or-no questions, each answered by a logistic regression on a few statistics of
 * `phase_statistics`:
 * \f[ \ln\frac{P(\text{yes})}{P(\text{no})}=a+\sum_jb_j\frac{x_j-c_j}{s_j}. \f]
 * The probability of a phase is the product along its path, e.g. that of bleeding-out is
 * (1 - collapsed)(1 - extensive) outliers (1 - far_spikes). All numbers a, b, c, s are in one table of
 * about forty lines, phase_classifier.csv, which is compiled in. theory/PHASES.md explains the rule on
 * a page.
 *
 * Trained on the families of phase_families.hpp that are not hard, every phase with equal weight in every
 * question it takes part in: the probabilities are for a matrix that is beforehand as likely of one
 * phase as of another. No trained network took part. How often it is right, and how far its
 * probabilities can be believed, is measured by configs/phase_benchmark.yaml on other draws and on the
 * hard families.
 */
class PhaseClassifier {
public:
  /// The one that is compiled in.
  static const PhaseClassifier& shipped();

  /// \throws std::invalid_argument if a question has no sample of one of its two sides.
  static PhaseClassifier train(const std::vector<PhaseSample>& samples);

  /// \throws std::runtime_error naming the line of a malformed table, or a question that it leaves out.
  static PhaseClassifier from_csv(std::string_view csv);
  /// As `weight_table_csv`, one score a question.
  [[nodiscard]] std::string csv() const;
  /// SHA-256 of `csv()`, hexadecimal: which classifier gave a label.
  [[nodiscard]] const std::string& hash() const { return hash_; }

  [[nodiscard]] PhaseClassification classify(
      const std::array<double, phase_statistic_count>& statistics) const;

private:
  struct Term {
    std::size_t statistic;
    double center, scale, coefficient;
  };
  struct Question {
    double intercept = 0;
    std::vector<Term> terms;
  };

  [[nodiscard]] PhaseAnswer answer(
      PhaseQuestion question, const std::array<double, phase_statistic_count>& statistics) const;

  std::array<Question, all_phase_questions.size()> questions_;
  std::string hash_;
};

/// Probabilities of the phases from those of the answers, in the order of `all_phase_questions`.
PhaseProbabilities phase_probabilities(const std::array<double, all_phase_questions.size()>& yes);

}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
/// \file
/// \brief Weights of logistic scores as a table that people can read and programs carry.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rmtlab::inference {

/// One statistic's part in a score: coefficient (value - center) / scale.
struct ScoreTerm {
  std::string statistic;
  double center = 0, scale = 1, coefficient = 0;
};

/// A score: the intercept and the parts of the statistics.
struct Score {
  std::string name;
  double intercept = 0;
  std::vector<ScoreTerm> terms;
};

/// CSV with columns score, statistic, center, scale, coefficient, six digits; the intercept is the
/// coefficient of the statistic "(intercept)".
std::string weight_table_csv(const std::vector<Score>& scores);

/// Reads it, scores in the order of appearance.
/// \throws std::runtime_error "owner: line N: ..." for a malformed line.
std::vector<Score> parse_weight_table(std::string_view csv, std::string_view owner);

}  // namespace rmtlab::inference

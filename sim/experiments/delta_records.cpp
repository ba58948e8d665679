// SPDX-License-Identifier: MIT
#include "sim/experiments/delta_records.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

#include <boost/math/distributions/binomial.hpp>
#include <fmt/format.h>

#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/inference/matrix_analysis.hpp"
#include "sim/inference/shuffle_test.hpp"
#include "theory/phase.hpp"

namespace rmtlab::experiments {
namespace {

using core::Row;
using core::Value;

constexpr std::array<std::string_view, 12> delta_columns{
    "delta_norm_ratio",         "delta_noise_p_value",        "delta_strength",
    "delta_outlier_count",      "delta_lambda_max",           "delta_lambda_ratio",
    "delta_dressed_lambda_max", "delta_dressed_lambda_ratio", "delta_alignment",
    "delta_aligned_lambda_max", "delta_aligned_lambda_ratio", "delta_label"};

std::string phase_of(const arma::mat& W) {
  return std::string(name(inference::analyze_matrix(W).decision.phase));
}

// Independent normal entries of the norm of Delta in its place.
arma::mat with_noise(const TrainedMatrix& matrix, core::Stream stream) {
  const arma::mat left = *matrix.initial_share * matrix.W_0;
  const double square = arma::accu(arma::square(matrix.W - left));
  if (square == 0) return left;
  return left + ensembles::gaussian_matrix(left.n_rows, left.n_cols,
                                           square / static_cast<double>(left.n_elem), stream);
}

}  // namespace

std::optional<inference::DeltaPrediction> predict(const TrainedMatrix& m) {
  if (!m.initial_share) return std::nullopt;
  const double variance = *m.initial_share * *m.initial_share * m.entry_variance;
  if (!(variance > inference::smallest_delta_variance)) return std::nullopt;
  return inference::predict_from_delta(m.W, m.W_0, *m.initial_share, m.entry_variance);
}

void add_delta(Row& row, const std::optional<double>& initial_share,
               const std::optional<inference::DeltaPrediction>& prediction, double lambda_max) {
  row.emplace_back("initial_share", core::value_of(initial_share));
  std::array<Value, delta_columns.size()> values;
  if (prediction) {
    const auto& p = *prediction;
    values = {p.norm_ratio,
              p.noise_p_value,
              p.strength,
              static_cast<std::int64_t>(p.outlier_count),
              p.lambda_max,
              lambda_max / p.lambda_max,
              p.dressed_lambda_max,
              lambda_max / p.dressed_lambda_max,
              p.alignment,
              p.aligned_lambda_max,
              lambda_max / p.aligned_lambda_max,
              p.label ? Value(std::string(name(*p.label))) : Value()};
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    row.emplace_back(std::string(delta_columns[i]), values[i]);
}

void add_controls(Row& row, const TrainedMatrix& matrix, const core::Stream& stream) {
  core::Stream order = stream.child("shuffled");
  row.emplace_back("shuffled_label",
                   phase_of(inference::shuffled(matrix.W, inference::ShuffleMode::entries, order)));
  row.emplace_back("noise_label", matrix.initial_share
                                      ? Value(phase_of(with_noise(matrix, stream.child("noise"))))
                                      : Value());
}

bool agrees(const std::string& phase, const std::string& delta_label) {
  if (delta_label != name(inference::DeltaLabel::extensive)) return phase == delta_label;
  return theory::is_extensive(theory::phase_named(phase));
}

std::string delta_agreement(const core::Table& records, const std::vector<std::size_t>& rows) {
  if (!records.has_column("delta_label")) return {};
  constexpr std::array<std::string_view, 4> labels{"random-like", "bleeding-out", "bulk+spikes",
                                                   "extensive"};
  std::map<std::string, std::map<std::string, int>> counts;
  int decided = 0, agreeing = 0;
  for (const std::size_t row : rows) {
    const std::string phase = records.text(row, "phase"), label = records.text(row, "delta_label");
    if (label.empty()) continue;
    ++counts[phase][label];
    ++decided;
    agreeing += agrees(phase, label);
  }
  if (decided == 0) return {};
  std::string text = fmt::format(
      "\nphase against what W - a W_0 calls for ({} rows; {} undecided or without a)\n{:<16}",
      decided, rows.size() - static_cast<std::size_t>(decided), "");
  for (const auto label : labels) text += fmt::format("{:>14}", label);
  for (const theory::Phase phase : theory::all_phases) {
    const auto line = counts.find(std::string(name(phase)));
    if (line == counts.end()) continue;
    text += fmt::format("\n{:<16}", line->first);
    for (const auto label : labels) text += fmt::format("{:>14}", line->second[std::string(label)]);
  }
  using boost::math::binomial_distribution;
  text += fmt::format(
      "\nagree: {} of {} = {:.2f}, 95 % interval {:.2f} to {:.2f} if rows were independent; "
      "extensive "
      "(at least {} M supercritical) stands for bulk-decay, heavy-tailed and rank-collapse\n",
      agreeing, decided, static_cast<double>(agreeing) / decided,
      binomial_distribution<>::find_lower_bound_on_p(decided, agreeing, 0.025),
      binomial_distribution<>::find_upper_bound_on_p(decided, agreeing, 0.025),
      theory::phase_definition::extensive_share);
  return text;
}

}  // namespace rmtlab::experiments

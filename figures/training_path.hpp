// SPDX-License-Identifier: MIT
/// \file
/// \brief Records of `training` along a path or over a map: last rows, votes of the replicates,
/// axes.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "figures/grouped_run.hpp"

namespace rmtlab::figures {

/// Opens a run of `training` with records, whatever it sweeps.
/// \throws std::runtime_error saying what is missing.
core::Run open_training(const std::filesystem::path& folder);

/// The six phases in their order.
const std::vector<std::string>& phase_names();

/// 0 for "random-like" to 5 for "rank-collapse".
/// \throws std::runtime_error for any other text.
std::size_t phase_order(const std::string& phase);

/// Rows of layer `layer`, of all recorded epochs.
/// \throws std::runtime_error if there is none.
Rows layer_rows(const core::Run& run, const std::string& layer);

/// Those of them at the last epoch of their own training, which may be another for each.
Rows final_rows(const core::Run& run, const std::string& layer);

/// Whether the classifier did not decide between phases. Records without the column `abstained`
/// come from a classifier that always decides.
bool abstained(const core::Table& records, std::size_t row);

/// What the replicates at one place say.
struct Vote {
  std::string phase;          ///< the most frequent; the earlier in order of two as frequent
  std::size_t count = 0;      ///< replicates of that phase
  std::size_t total = 0;      ///< all replicates
  std::size_t abstained = 0;  ///< replicates without a decision

  [[nodiscard]] bool unanimous() const { return count == total; }
  [[nodiscard]] bool open() const { return 2 * abstained > total; }  ///< most abstained
};

/// \throws std::invalid_argument if there is no row.
Vote vote(const core::Table& records, const Rows& rows);

/// What the trainings of a run on SGD time start from: its largest batch, smallest learning rate
/// and first recorded epoch among those trainings.
struct Start {
  double batch_size = 0, learning_rate = 0, epoch = 0;
};

/// \throws std::invalid_argument if there is no row.
Start start_of(const core::Run& run, const Rows& rows);

/// How a training got further than the start.
enum class Way { none, batch, rate, epochs };

/// The parameter that differs from the start; of several, the first in the order of `Way`.
Way way_of(const core::Run& run, std::size_t row, const Start& start);

/// "smaller batch", "larger learning rate", "more epochs", "start".
const char* name_of(Way way);

/// M^matrix_entropy, the exponential of the entropy of the normalised spectrum: as many equal
/// eigenvalues would have the same entropy.
double effective_rank(const core::Table& records, std::size_t row);

/// How much the bound of the effective rank by batch_size / (learning_rate weight_decay) says of a
/// row. Something was learnt if the accuracy on the training samples is at least twice that of
/// guessing: a network that decays to zero has a spectrum, but of no use.
struct RankBound {
  double scale = 0;     ///< B (1 - momentum) / (learning_rate weight_decay); infinite without decay
  bool active = false;  ///< scale < M / 2, weight_decay sgd_time >= 5, and something was learnt
};

RankBound rank_bound(const core::Run& run, std::size_t row);

/// "learning rate" for `training.learning_rate`; the path itself if it is not known.
std::string parameter_label(const std::string& path);

/// A value as a tick or a cell has room for it: "0.03", "3e-4", "1.5", "120", "2e4".
std::string short_text(double value);

/// Where values stand on an axis, and its ticks.
struct Axis {
  bool logarithmic = false;
  double zero = 0;  ///< on a logarithmic axis, the place of the value 0
  double left = 0, right = 1;
  std::vector<std::pair<double, std::string>> ticks;

  [[nodiscard]] double place(double value) const {
    return logarithmic && value == 0 ? zero : value;
  }
};

/// Logarithmic if the positive values span a factor 8 or more; a 0 then stands one step to the left
/// of them. Every value has a tick; the ends have labels, and so have the others as far as there is room.
/// \throws std::invalid_argument if there is no value.
Axis axis_of(std::vector<double> values);

}  // namespace rmtlab::figures

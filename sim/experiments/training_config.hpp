// SPDX-License-Identifier: MIT
/// \file
/// \brief Parameters of the experiment `training`.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/core/experiment.hpp"
#include "sim/network/activation.hpp"
#include "sim/network/idx.hpp"
#include "sim/network/initialization.hpp"
#include "sim/network/loss.hpp"
#include "sim/network/teacher.hpp"
#include "sim/network/training.hpp"

namespace rmtlab::experiments {

enum class DataKind { teacher, idx };

/// The defaults here are the defaults of the YAML file.
struct TrainingParameters {
  DataKind data_kind = DataKind::teacher;
  network::TeacherConfig teacher;  ///< also holds what both kinds of data share
  std::string images, labels;      ///< IDX files

  std::vector<std::size_t> hidden_widths{128};
  network::Activation activation = network::Activation::relu;
  network::Loss loss = network::Loss::softmax_cross_entropy;
  network::Initialization initialization = network::Initialization::glorot_normal;

  network::TrainingConfig training;
  std::vector<std::size_t> recorded_epochs;  ///< the last epoch always is
  std::vector<std::string> layers;           ///< empty: those with min(N, M) >= 50
};

/// Binds every parameter; the one place that says their names, ranges and meanings.
void declare(core::Schema& schema, TrainingParameters& parameters);

/// Constraints that involve more than one parameter.
std::vector<core::Complaint> complaints(const TrainingParameters& parameters);

/// Widths of the whole network for inputs of dimension d and K classes.
std::vector<std::size_t> network_widths(const TrainingParameters& parameters, std::size_t dimension,
                                        std::size_t classes);

/// Rough seconds of one training on one core.
double training_cost(const TrainingParameters& parameters);

}  // namespace rmtlab::experiments

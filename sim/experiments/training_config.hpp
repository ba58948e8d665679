// SPDX-License-Identifier: MIT
/// \file
/// \brief Parameters of the experiment `training`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/experiment.hpp"
#include "sim/experiments/training_data.hpp"
#include "sim/network/activation.hpp"
#include "sim/network/initialization.hpp"
#include "sim/network/loss.hpp"
#include "sim/network/training.hpp"

namespace rmtlab::experiments {

/// What ends a training besides its epochs: what is the same along a sweep that compares runs.
enum class Protocol { epochs, steps, sgd_time, train_loss };

/// The loss that early stopping watches.
enum class Monitor { none, train_loss, test_loss };

/// The defaults here are the defaults of the YAML file.
struct TrainingParameters {
  DataParameters data;

  std::vector<std::size_t> hidden_widths{128};
  network::Activation activation = network::Activation::relu;
  network::Loss loss = network::Loss::softmax_cross_entropy;
  network::Initialization initialization = network::Initialization::glorot_normal;
  double initial_bias = 0;
  double label_smoothing = 0;

  network::TrainingConfig training;
  std::vector<std::string> layer_learning_rates, layer_weight_decays;  ///< "fc2=0.1"
  Protocol stop_at = Protocol::epochs;
  double stop_value = 0;
  Monitor early_stopping = Monitor::none;
  std::size_t patience = 10;
  double min_improvement = 0;
  std::vector<std::size_t> recorded_epochs;  ///< the last epoch always is
  std::vector<std::string> layers;           ///< empty: those with min(N, M) >= 50
  bool record_controls = false;              ///< see `add_controls`
};

/// Binds every parameter; the one place that says their names, ranges and meanings.
void declare(core::Schema& schema, TrainingParameters& parameters);

/// Constraints that involve more than one parameter.
std::vector<core::Complaint> complaints(const TrainingParameters& parameters);

/// Widths of the whole network for inputs of dimension d and K classes.
std::vector<std::size_t> network_widths(const TrainingParameters& parameters, std::size_t dimension,
                                        std::size_t classes);

/// The steps after which `stop_at` steps or sgd_time ends the training; nothing for the others, or if
/// the epochs are over before.
std::optional<std::size_t> stop_steps(const TrainingParameters& parameters);

/// `training` with its steps and its factors per layer, for a network with this many layers.
/// \throws std::invalid_argument naming an entry that is no "layer=factor".
network::TrainingConfig training_config(const TrainingParameters& parameters, std::size_t layers);

/// Rough seconds of one training on one core.
double training_cost(const TrainingParameters& parameters);

}  // namespace rmtlab::experiments

// SPDX-License-Identifier: MIT
/// \file
/// \brief Training a network epoch by epoch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/dataset.hpp"
#include "sim/network/dense_network.hpp"
#include "sim/network/optimizer.hpp"
#include "sim/network/schedule.hpp"

namespace rmtlab::network {

struct TrainingConfig {
  std::size_t batch_size = 16;  ///< samples per step; more than there are: all of them
  std::size_t epochs = 40;      ///< passes over the data
  OptimizerConfig optimizer;
  ScheduleConfig schedule;
  std::size_t max_steps = 0;  ///< if not 0: training ends after this many steps at the latest
  double dropout = 0;         ///< probability in [0, 1) that a step leaves a hidden unit out
  /// Guard: largest Frobenius norm of a weight matrix relative to its initial value, > 1. Sound
  /// runs of 784-128-10 on the teacher grow up to 3.6 times; those that exploded and came back
  /// (batch 1, learning rate 0.004 and more), 6 times and more.
  double max_weight_growth = 5;
};

/// Steps in one epoch, ceil(samples / batch): a last batch that is not full is kept.
/// \throws std::domain_error if `batch_size` is zero.
std::size_t steps_per_epoch(std::size_t samples, std::size_t batch_size);

/// A training that has left the region where its result means anything.
///
/// Such a run may come back with weights many times larger, whose spectrum is then a relic of the
/// explosion; so it is stopped rather than reported.
class DivergenceError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// What one epoch did, the last one possibly in part. Loss and accuracy are running: each sample is scored just before the step it
/// takes part in, so the network changes in between (unlike `evaluate`).
struct EpochReport {
  std::size_t epoch = 0;      ///< 1 after the first
  std::size_t steps = 0;      ///< since the start
  double train_loss = 0;      ///< mean over the samples, with dropout if there is any
  double train_accuracy = 0;  ///< fraction of the samples, 0 to 1, likewise
  /// Since the start, see `sgd_time`; factors per layer are not in it.
  std::optional<double> sgd_time;
};

/// Everything that a training needs to go on from the end of an epoch as if never interrupted.
struct TrainingState {
  std::size_t epoch = 0;
  double lowest_loss = std::numeric_limits<double>::infinity();
  std::vector<double> initial_norms;    ///< ||W_l||_F at the start, one per layer
  std::vector<float> parameters;        ///< in the order of `Parameters::flat`
  std::vector<float> velocity;          ///< the same
  std::vector<float> second_moment;     ///< the same for Adam, else empty
  std::vector<float> spectral_vectors;  ///< see `Optimizer`; empty without a spectral penalty
};

/**
 * \brief Trains one network on one data set, in single precision.
 *
 * Every epoch visits each sample once, in an order drawn from `stream.child("order").child(epoch)`:
 * the order depends on the epoch's number and not on what was drawn before; dropout likewise, from
 * `stream.child("dropout").child(epoch)`. After construction no step allocates. Network
 * and data are referred to and must outlive the trainer.
 */
class Trainer {
public:
  /// The network's present weights are the initial ones.
  /// \throws std::domain_error naming a setting outside its range.
  /// \throws std::invalid_argument if data and network do not fit.
  Trainer(DenseNetwork<float>& network, const Dataset& data, const TrainingConfig& config,
          const core::Stream& stream);

  /// One epoch, or what `max_steps` leaves of it; nothing if `stop` was requested, which is looked at before every step. The network
  /// is then left in the middle of the epoch: go on from the last `state` that was kept.
  /// \throws DivergenceError if the loss of a step or a weight is not finite, the epoch's loss is
  ///   more than `uninformed_loss` above the lowest of the epochs before, or a weight matrix has
  ///   grown beyond `max_weight_growth`; it names the step, the loss and |W|, the Frobenius norm of
  ///   all weights.
  std::optional<EpochReport> run_epoch(const std::stop_token& stop = {});

  [[nodiscard]] const TrainingConfig& config() const { return config_; }
  [[nodiscard]] const DenseNetwork<float>& network() const { return network_; }
  [[nodiscard]] std::size_t epoch() const { return epoch_; }  ///< completed epochs
  /// Whether the epochs or the steps are used up.
  [[nodiscard]] bool finished() const { return epoch_ >= config_.epochs || is_out_of_steps(); }
  /// Order of the samples in the last epoch.
  [[nodiscard]] std::span<const std::uint32_t> order() const { return order_; }

  /// \pre The last epoch was not interrupted.
  [[nodiscard]] TrainingState state() const;

  /// Frobenius norm of what the last step of the last epoch changed of W_l, whatever moved it: for
  /// plain SGD that of the velocity, for the others decay and `max_norm` as well. Nothing before the
  /// first epoch and after `restore`.
  ///
  /// It takes a copy of the weights before the last step of every epoch, so that it is there however
  /// the training ends: 5 microseconds beside 20 milliseconds (784-128-10, 4000 samples).
  /// \pre The last epoch was not interrupted.
  [[nodiscard]] std::optional<double> update_norm(std::size_t l) const;

  /// Also restores the network. \throws std::invalid_argument if the state is of another shape.
  void restore(const TrainingState& state);

private:
  [[nodiscard]] bool is_out_of_steps() const {
    return config_.max_steps > 0 && optimizer_.steps() >= config_.max_steps;
  }
  [[nodiscard]] bool is_last_step(std::size_t end) const;
  void keep_weights();
  BatchScore run_step(std::size_t first, std::size_t count);
  void check_weights(double loss) const;
  [[noreturn]] void diverged(const std::string& what, double loss) const;

  DenseNetwork<float>& network_;
  const Dataset& data_;
  TrainingConfig config_;
  core::Stream order_stream_, dropout_stream_, epoch_dropout_;
  Optimizer<float> optimizer_;
  std::size_t batch_;  // samples of a full batch
  Schedule schedule_;
  Workspace<float> workspace_;
  AlignedVector<float> batch_inputs_;  // batch x d
  std::vector<Label> batch_labels_;
  std::vector<std::uint32_t> order_;
  std::vector<double> initial_norms_;
  Parameters<float> kept_;  // the weights before the last step of the epoch
  bool has_update_ = false;
  std::size_t epoch_ = 0;
  double factor_sum_ = 0;  // of the schedule, over the steps of reported epochs
  double lowest_loss_ = std::numeric_limits<double>::infinity();
};

/**
 * \brief Says when a loss has stopped to fall: after `patience` epochs in a row none of which was more
 * than `min_improvement` below the lowest before.
 *
 * Keras' rule, whose default patience of 0 stops at the first epoch that does not improve, as does 1.
 */
class EarlyStopping {
public:
  explicit EarlyStopping(std::size_t patience, double min_improvement = 0)
      : patience_(patience), min_improvement_(min_improvement) {}

  /// Takes the next epoch's loss; true when training should stop.
  bool update(double loss);

  /// What it has seen so far.
  struct State {
    double lowest = std::numeric_limits<double>::infinity();
    std::size_t waited = 0;  ///< epochs without improvement
  };
  [[nodiscard]] const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

private:
  std::size_t patience_;
  double min_improvement_;
  State state_;
};

/// Called after every epoch; returns whether to go on.
using EpochCallback = std::function<bool(const EpochReport&, const DenseNetwork<float>&)>;

/// Runs the epochs that are left. True when all are done; false if `callback` or `stop` ended it.
/// \throws DivergenceError as `Trainer::run_epoch`.
bool train(Trainer& trainer, const EpochCallback& callback, const std::stop_token& stop = {});

/// Quality of a network on a data set.
struct Score {
  double loss = 0;      ///< mean over the samples, of what training minimises (no penalties)
  double accuracy = 0;  ///< fraction of the samples, 0 to 1
};

/// Loss and accuracy of `network` on `data`, without dropout; changes neither. Works in batches of 256.
/// \throws std::invalid_argument if data and network do not fit.
Score evaluate(const DenseNetwork<float>& network, const Dataset& data);

/// As above, with a workspace to use (no allocation); its capacity is the batch.
Score evaluate(const DenseNetwork<float>& network, const Dataset& data,
               Workspace<float>& workspace);

}  // namespace rmtlab::network

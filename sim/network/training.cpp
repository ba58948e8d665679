// SPDX-License-Identifier: MIT
#include "sim/network/training.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

double frobenius_norm(std::span<const float> values) {
  double sum = 0;
  for (const float w : values) sum += static_cast<double>(w) * static_cast<double>(w);
  return std::sqrt(sum);
}

void check(const TrainingConfig& config) {
  if (!(config.max_weight_growth > 1))
    throw std::domain_error(
        fmt::format("Trainer: max_weight_growth = {} (must be > 1)", config.max_weight_growth));
}

}  // namespace

std::size_t steps_per_epoch(std::size_t samples, std::size_t batch_size) {
  if (batch_size == 0) throw std::domain_error("steps_per_epoch: batch_size = 0 (must be >= 1)");
  return samples / batch_size + (samples % batch_size != 0);
}

Trainer::Trainer(DenseNetwork<float>& network, const Dataset& data, const TrainingConfig& config,
                 const core::Stream& stream)
    : network_(network),
      data_(data),
      config_(config),
      order_stream_(stream.child("order")),
      dropout_stream_(stream.child("dropout")),
      epoch_dropout_(dropout_stream_),
      optimizer_(network.widths(), config.optimizer),
      batch_(
          std::clamp<std::size_t>(config.batch_size, 1, std::max<std::size_t>(data.samples(), 1))),
      schedule_(config.schedule, batch_, steps_per_epoch(data.samples(), batch_), config.epochs),
      workspace_(network.widths(), batch_, config.dropout),
      batch_inputs_(batch_ * network.inputs(0)),
      batch_labels_(batch_),
      order_(data.samples()),
      kept_(network.widths()) {
  check(config);
  steps_per_epoch(data.samples(), config.batch_size);
  check_dataset("Trainer", data, network.widths());
  for (std::size_t l = 0; l < network.layers(); ++l)
    initial_norms_.push_back(frobenius_norm(network.weights(l)));
}

bool Trainer::is_last_step(std::size_t end) const {
  return end == data_.samples() ||
         (config_.max_steps > 0 && optimizer_.steps() + 1 == config_.max_steps);
}

void Trainer::keep_weights() {
  for (std::size_t l = 0; l < network_.layers(); ++l)
    std::ranges::copy(network_.weights(l), kept_.weights(l).begin());
}

std::optional<double> Trainer::update_norm(std::size_t l) const {
  if (!has_update_) return std::nullopt;
  const std::span<const float> now = network_.weights(l), before = kept_.weights(l);
  double sum = 0;
  for (std::size_t k = 0; k < now.size(); ++k)
    sum += std::pow(static_cast<double>(now[k]) - static_cast<double>(before[k]), 2);
  return std::sqrt(sum);
}

BatchScore Trainer::run_step(std::size_t first, std::size_t count) {
  const std::size_t d = data_.dimension;
  for (std::size_t b = 0; b < count; ++b) {
    const std::size_t sample = order_[first + b];
    batch_labels_[b] = data_.labels[sample];
    // One sample needs no gathering.
    if (count > 1) std::ranges::copy(data_.input(sample), batch_inputs_.data() + b * d);
  }
  const std::span<const float> x = count > 1
                                       ? std::span<const float>(batch_inputs_.data(), count * d)
                                       : data_.input(order_[first]);
  if (config_.dropout > 0) workspace_.draw_masks(count, epoch_dropout_);
  optimizer_.set_rate_factor(schedule_.factor(optimizer_.steps()));
  return optimizer_.train_batch(network_, x, {batch_labels_.data(), count}, workspace_);
}

std::optional<EpochReport> Trainer::run_epoch(const std::stop_token& stop) {
  const std::size_t n = data_.samples();
  std::iota(order_.begin(), order_.end(), 0U);
  order_stream_.child(epoch_ + 1).shuffle(order_);

  if (config_.dropout > 0) epoch_dropout_ = dropout_stream_.child(epoch_ + 1);

  BatchScore total;
  std::size_t seen = 0;
  const std::size_t steps_before = optimizer_.steps();
  for (std::size_t first = 0; first < n && !is_out_of_steps(); first += batch_) {
    if (stop.stop_requested()) return std::nullopt;
    const std::size_t count = std::min(batch_, n - first);
    if (is_last_step(first + count)) keep_weights();
    const BatchScore score = run_step(first, count);
    if (!std::isfinite(score.loss_sum))
      diverged("the loss is not finite", score.loss_sum / static_cast<double>(count));
    total.loss_sum += score.loss_sum;
    total.correct += score.correct;
    seen += count;
  }

  const double loss = total.loss_sum / static_cast<double>(seen);
  const double margin = uninformed_loss(network_.loss(), data_.classes);
  if (loss > lowest_loss_ + margin)
    diverged(fmt::format("the epoch's loss is more than {:.4g}, that of a blind guess, above its "
                         "lowest, {:.4g}",
                         margin, lowest_loss_),
             loss);
  check_weights(loss);
  lowest_loss_ = std::min(lowest_loss_, loss);
  ++epoch_;
  has_update_ = true;
  factor_sum_ = schedule_.extend(factor_sum_, steps_before, optimizer_.steps());
  return EpochReport{epoch_, optimizer_.steps(), loss,
                     static_cast<double>(total.correct) / static_cast<double>(seen),
                     sgd_time(config_.optimizer, config_.optimizer.learning_rate * factor_sum_)};
}

void Trainer::check_weights(double loss) const {
  for (std::size_t l = 0; l < network_.layers(); ++l) {
    const double norm = frobenius_norm(network_.weights(l));
    const double biases = frobenius_norm(network_.biases(l));
    if (!std::isfinite(norm) || !std::isfinite(biases))
      diverged(fmt::format("a weight of {} is not finite", layer_name(l)), loss);
    // A matrix that starts at zero has no scale to grow from.
    if (initial_norms_[l] > 0 && norm > config_.max_weight_growth * initial_norms_[l])
      diverged(fmt::format("the weights of {} have grown {:.4g} times (Frobenius norm; "
                           "max_weight_growth = {})",
                           layer_name(l), norm / initial_norms_[l], config_.max_weight_growth),
               loss);
  }
}

void Trainer::diverged(const std::string& what, double loss) const {
  double sum = 0;
  for (std::size_t l = 0; l < network_.layers(); ++l)
    sum += std::pow(frobenius_norm(network_.weights(l)), 2);
  throw DivergenceError(fmt::format(
      "training diverged in epoch {}, step {} (batch_size = {}, learning_rate = {}): {}; loss = "
      "{:.4g}, |W| = {:.4g}; try a lower learning_rate, a larger batch_size or a smaller "
      "input_norm2",
      epoch_ + 1, optimizer_.steps(), config_.batch_size, config_.optimizer.learning_rate, what,
      std::abs(loss), std::abs(std::sqrt(sum))));  // abs: a NaN has no sign
}

TrainingState Trainer::state() const {
  return {epoch_,
          lowest_loss_,
          initial_norms_,
          network_.parameters().flat(),
          optimizer_.velocity().flat(),
          optimizer_.second_moment() ? optimizer_.second_moment()->flat() : std::vector<float>{},
          optimizer_.spectral_vectors()};
}

void Trainer::restore(const TrainingState& state) {
  if (state.initial_norms.size() != network_.layers() ||
      state.parameters.size() != network_.parameters().size() ||
      state.velocity.size() != state.parameters.size() ||
      state.second_moment.size() != (optimizer_.second_moment() ? state.parameters.size() : 0) ||
      state.spectral_vectors.size() != optimizer_.spectral_vectors().size())
    throw std::invalid_argument(fmt::format(
        "Trainer::restore: a state of {} layers, {} parameters, {} velocities, {} second "
        "moments and {} numbers of singular vectors for a network of {} layers, {} "
        "parameters and {} such numbers",
        state.initial_norms.size(), state.parameters.size(), state.velocity.size(),
        state.second_moment.size(), state.spectral_vectors.size(), network_.layers(),
        network_.parameters().size(), optimizer_.spectral_vectors().size()));
  network_.parameters().assign(state.parameters);
  optimizer_.velocity().assign(state.velocity);
  if (optimizer_.second_moment()) optimizer_.second_moment()->assign(state.second_moment);
  optimizer_.spectral_vectors() = state.spectral_vectors;
  has_update_ = false;
  std::size_t steps = state.epoch * steps_per_epoch(data_.samples(), batch_);
  if (config_.max_steps > 0) steps = std::min(steps, config_.max_steps);
  optimizer_.set_steps(steps);
  factor_sum_ = schedule_.extend(0, 0, steps);
  initial_norms_ = state.initial_norms;
  epoch_ = state.epoch;
  lowest_loss_ = state.lowest_loss;
}

bool EarlyStopping::update(double loss) {
  if (loss < state_.lowest - min_improvement_) {
    state_ = {loss, 0};
    return false;
  }
  return ++state_.waited >= patience_;
}

bool train(Trainer& trainer, const EpochCallback& callback, const std::stop_token& stop) {
  while (!trainer.finished()) {
    const std::optional<EpochReport> report = trainer.run_epoch(stop);
    if (!report || !callback(*report, trainer.network())) return false;
  }
  return true;
}

Score evaluate(const DenseNetwork<float>& network, const Dataset& data,
               Workspace<float>& workspace) {
  check_dataset("evaluate", data, network.widths());
  const std::size_t n = data.samples(), d = data.dimension;
  BatchScore total;
  for (std::size_t first = 0; first < n; first += workspace.capacity) {
    const std::size_t count = std::min(workspace.capacity, n - first);
    network.forward({data.inputs.data() + first * d, count * d}, workspace);
    const BatchScore score = network.score({data.labels.data() + first, count}, workspace);
    total.loss_sum += score.loss_sum;
    total.correct += score.correct;
  }
  return {total.loss_sum / static_cast<double>(n),
          static_cast<double>(total.correct) / static_cast<double>(n)};
}

Score evaluate(const DenseNetwork<float>& network, const Dataset& data) {
  Workspace<float> workspace(network.widths(), 256);
  return evaluate(network, data, workspace);
}

}  // namespace rmtlab::network

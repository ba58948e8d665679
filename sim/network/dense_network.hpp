// SPDX-License-Identifier: MIT
/// \file
/// \brief A dense network: forward and backward pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/activation.hpp"
#include "sim/network/loss.hpp"
#include "sim/network/parameters.hpp"

namespace rmtlab::network {

/// A class of a sample, 0 .. K-1.
using Label = std::uint16_t;

/// What the passes leave behind: one per thread and network shape, reused for every batch.
template <class Real>
struct Workspace {
  /// Room for `samples` samples of a network with these widths; with `dropout` > 0 also for masks.
  /// \throws std::invalid_argument as `Parameters`, and for no samples.
  /// \throws std::domain_error unless 0 <= dropout < 1.
  Workspace(const std::vector<std::size_t>& widths, std::size_t samples, double dropout = 0);

  /// Draws which hidden units the next `count` samples keep, each with probability 1 - dropout (to
  /// 2^-32), two units from each word of `stream`. \pre dropout > 0 and count <= capacity.
  void draw_masks(std::size_t count, core::Stream& stream);

  std::size_t capacity;                      ///< largest batch
  std::size_t batch = 0;                     ///< B of the last forward pass
  std::vector<AlignedVector<Real>> outputs;  ///< [l]: capacity x m, activations of layer l
  std::vector<AlignedVector<Real>> deltas;   ///< [l]: capacity x m, dLoss/d(pre-activation)
  double keep = 1;                           ///< 1 - dropout
  std::vector<AlignedVector<Real>> masks;    ///< [hidden l]: capacity x m, 0 or 1/keep
  bool masked = false;                       ///< whether the last forward pass used the masks
};

/// Loss and hits of one batch.
struct BatchScore {
  double loss_sum = 0;      ///< sum of the losses of the samples
  std::size_t correct = 0;  ///< samples whose largest output is their label (first if tied)
};

/**
 * \brief Fully connected network d -> hidden ... -> K with one activation on the hidden layers.
 *
 * With a_0 = x, layer l computes z_l = a_{l-1} W_l + b_l (row vectors) and a_l = f(z_l); the last
 * layer's z are the outputs, which the loss turns into probabilities. Gradients are means over the
 * batch. The passes write only to the workspace and the gradient that they are given, so any number
 * of threads may use one network for reading, and each its own for training.
 *
 * Batches of up to `small_batch` samples use the loops of kernels.hpp, larger ones BLAS. Set BLAS to
 * one thread: its threads change the bits of a result.
 *
 * Legend of dimensions: see `Parameters`.
 */
template <class Real>
class DenseNetwork {
public:
  /// All parameters zero; see `initialize` in initialization.hpp.
  /// \throws std::invalid_argument for fewer than two widths or a width of zero.
  /// \throws std::domain_error unless 0 <= label_smoothing < 1.
  explicit DenseNetwork(std::vector<std::size_t> widths, Activation activation = Activation::relu,
                        Loss loss = Loss::softmax_cross_entropy, double label_smoothing = 0);

  [[nodiscard]] const std::vector<std::size_t>& widths() const { return parameters_.widths(); }
  [[nodiscard]] std::size_t layers() const { return parameters_.layers(); }
  [[nodiscard]] Loss loss() const { return loss_; }
  [[nodiscard]] std::size_t inputs(std::size_t l) const { return parameters_.inputs(l); }
  [[nodiscard]] std::size_t outputs(std::size_t l) const { return parameters_.outputs(l); }
  [[nodiscard]] Parameters<Real>& parameters() { return parameters_; }
  [[nodiscard]] const Parameters<Real>& parameters() const { return parameters_; }
  /// n x m, row-major: N_in x N_out.
  [[nodiscard]] std::span<const Real> weights(std::size_t l) const {
    return parameters_.weights(l);
  }
  [[nodiscard]] std::span<const Real> biases(std::size_t l) const { return parameters_.biases(l); }

  /// Outputs z (B x K) for inputs x (B x d), which stay in the workspace.
  /// \throws std::invalid_argument unless `x` is whole samples, at least one, at most the capacity.
  std::span<const Real> forward(std::span<const Real> x, Workspace<Real>& workspace) const;

  /// As `forward`, with dropout: the activations of hidden layers are multiplied by
  /// `workspace.masks`, so that their mean is that of the whole network, which is used as it is
  /// afterwards. The passes back then belong to the thinned network.
  /// \pre The workspace has masks, drawn for these samples.
  std::span<const Real> forward_dropout(std::span<const Real> x, Workspace<Real>& workspace) const;

  /// Loss and hits of the last forward pass.
  /// \throws std::invalid_argument unless there is one label < K per sample.
  [[nodiscard]] BatchScore score(std::span<const Label> labels,
                                 const Workspace<Real>& workspace) const;

  /// Sets `workspace.deltas[l]` (B x m) = d(mean loss)/dz_l of the last forward pass, all layers.
  /// \throws std::invalid_argument unless there is one label < K per sample.
  BatchScore backward_deltas(std::span<const Label> labels, Workspace<Real>& workspace) const;

  /// Gradient of the mean loss of the last forward pass, which was of `x` (B x d).
  ///
  /// Weights: dL/dW_l = a_{l-1}^T delta_l; biases: the sum of delta_l over the batch.
  /// \throws std::invalid_argument if a shape does not fit.
  BatchScore backward(std::span<const Real> x, std::span<const Label> labels,
                      Workspace<Real>& workspace, Parameters<Real>& gradient) const;

private:
  void check_labels(const char* function, std::span<const Label> labels, std::size_t batch) const;
  std::span<const Real> run_forward(std::span<const Real> x, Workspace<Real>& workspace,
                                    bool masked) const;

  Parameters<Real> parameters_;
  Activation activation_;
  Loss loss_;
  double label_smoothing_;
};

extern template struct Workspace<float>;
extern template struct Workspace<double>;
extern template class DenseNetwork<float>;
extern template class DenseNetwork<double>;

}  // namespace rmtlab::network

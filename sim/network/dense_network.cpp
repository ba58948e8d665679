// SPDX-License-Identifier: MIT
#include "sim/network/dense_network.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <cblas.h>
#include <fmt/format.h>

#include "sim/network/kernels.hpp"

namespace rmtlab::network {
namespace {

// c (rows x cols) = op(a) op(b) + beta c with `inner` products per entry; row-major, no padding.
void multiply(CBLAS_TRANSPOSE op_a, CBLAS_TRANSPOSE op_b, std::size_t rows, std::size_t cols,
              std::size_t inner, const float* a, const float* b, float beta, float* c) {
  const auto p = static_cast<blasint>(rows), q = static_cast<blasint>(cols),
             r = static_cast<blasint>(inner);
  cblas_sgemm(CblasRowMajor, op_a, op_b, p, q, r, 1.0F, a, op_a == CblasNoTrans ? r : p, b,
              op_b == CblasNoTrans ? q : r, beta, c, q);
}

void multiply(CBLAS_TRANSPOSE op_a, CBLAS_TRANSPOSE op_b, std::size_t rows, std::size_t cols,
              std::size_t inner, const double* a, const double* b, double beta, double* c) {
  const auto p = static_cast<blasint>(rows), q = static_cast<blasint>(cols),
             r = static_cast<blasint>(inner);
  cblas_dgemm(CblasRowMajor, op_a, op_b, p, q, r, 1.0, a, op_a == CblasNoTrans ? r : p, b,
              op_b == CblasNoTrans ? q : r, beta, c, q);
}

// y (B x m) = x (B x n) w (n x m) + 1 bias^T
template <class Real>
void affine_forward(Real* y, const Real* x, std::span<const Real> w, std::span<const Real> bias,
                    std::size_t B, std::size_t n, std::size_t m) {
  if (B <= small_batch) {
    kernels<Real>().forward(y, x, w.data(), bias.data(), B, n, m);
    return;
  }
  for (std::size_t b = 0; b < B; ++b) std::copy_n(bias.data(), m, y + b * m);
  multiply(CblasNoTrans, CblasNoTrans, B, m, n, x, w.data(), Real(1), y);
}

// dx (B x n) = dy (B x m) w^T
template <class Real>
void affine_backward(Real* dx, const Real* dy, std::span<const Real> w, std::size_t B,
                     std::size_t n, std::size_t m) {
  if (B <= small_batch)
    kernels<Real>().backward(dx, dy, w.data(), B, n, m);
  else
    multiply(CblasNoTrans, CblasTrans, B, n, m, dy, w.data(), Real(0), dx);
}

template <class Real>
void apply_mask(Real* values, const Real* factors, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) values[i] *= factors[i];
}

template <class Real>
bool is_hit(std::span<const Real> outputs, std::size_t label) {
  return static_cast<std::size_t>(std::max_element(outputs.begin(), outputs.end()) -
                                  outputs.begin()) == label;
}

}  // namespace

template <class Real>
Workspace<Real>::Workspace(const std::vector<std::size_t>& widths, std::size_t samples,
                           double dropout)
    : capacity(samples), keep(1 - dropout) {
  if (!(dropout >= 0 && dropout < 1))
    throw std::domain_error(fmt::format("Workspace: dropout = {} (must be >= 0 and < 1)", dropout));
  const Parameters<Real> shape(widths);
  if (capacity == 0) throw std::invalid_argument("Workspace: capacity = 0 (must be >= 1 sample)");
  for (std::size_t l = 0; l < shape.layers(); ++l) {
    outputs.emplace_back(capacity * shape.outputs(l));
    deltas.emplace_back(capacity * shape.outputs(l));
    if (dropout > 0 && l + 1 < shape.layers()) masks.emplace_back(capacity * shape.outputs(l));
  }
}

template <class Real>
void Workspace<Real>::draw_masks(std::size_t count, core::Stream& stream) {
  const double threshold = keep * 4294967296.0;
  const auto factor = static_cast<Real>(1 / keep);
  for (AlignedVector<Real>& mask : masks) {
    const std::size_t size = mask.size() / capacity * count;
    for (std::size_t i = 0; i < size; i += 2) {
      const std::uint64_t word = stream.bits();
      mask[i] = static_cast<double>(word >> 32U) < threshold ? factor : Real(0);
      if (i + 1 < size)
        mask[i + 1] = static_cast<double>(word & 0xffffffffU) < threshold ? factor : Real(0);
    }
  }
}

template <class Real>
DenseNetwork<Real>::DenseNetwork(std::vector<std::size_t> widths, Activation activation, Loss loss,
                                 double label_smoothing)
    : parameters_(std::move(widths)),
      activation_(activation),
      loss_(loss),
      label_smoothing_(label_smoothing) {
  if (!(label_smoothing >= 0 && label_smoothing < 1))
    throw std::domain_error(
        fmt::format("DenseNetwork: label_smoothing = {} (must be >= 0 and < 1)", label_smoothing));
}

template <class Real>
std::span<const Real> DenseNetwork<Real>::forward(std::span<const Real> x,
                                                  Workspace<Real>& workspace) const {
  return run_forward(x, workspace, false);
}

template <class Real>
std::span<const Real> DenseNetwork<Real>::forward_dropout(std::span<const Real> x,
                                                          Workspace<Real>& workspace) const {
  return run_forward(x, workspace, true);
}

template <class Real>
std::span<const Real> DenseNetwork<Real>::run_forward(std::span<const Real> x,
                                                      Workspace<Real>& workspace,
                                                      bool masked) const {
  const std::size_t d = inputs(0), B = x.size() / d;
  if (x.size() % d != 0 || B == 0 || B > workspace.capacity)
    throw std::invalid_argument(
        fmt::format("DenseNetwork::forward: {} inputs (must be 1 to {} samples of {})", x.size(),
                    workspace.capacity, d));
  workspace.batch = B;
  workspace.masked = masked;
  const Real* a = x.data();
  for (std::size_t l = 0; l < layers(); ++l) {
    Real* z = workspace.outputs[l].data();
    affine_forward(z, a, weights(l), biases(l), B, inputs(l), outputs(l));
    if (l + 1 < layers()) activation_forward(activation_, std::span<Real>(z, B * outputs(l)));
    if (masked && l + 1 < layers()) apply_mask(z, workspace.masks[l].data(), B * outputs(l));
    a = z;
  }
  return {workspace.outputs.back().data(), B * widths().back()};
}

template <class Real>
void DenseNetwork<Real>::check_labels(const char* function, std::span<const Label> labels,
                                      std::size_t batch) const {
  if (labels.size() != batch)
    throw std::invalid_argument(
        fmt::format("{}: {} labels for {} samples", function, labels.size(), batch));
  for (const Label label : labels)
    if (label >= widths().back())
      throw std::invalid_argument(
          fmt::format("{}: label = {} (must be < {})", function, label, widths().back()));
}

template <class Real>
BatchScore DenseNetwork<Real>::score(std::span<const Label> labels,
                                     const Workspace<Real>& workspace) const {
  check_labels("DenseNetwork::score", labels, workspace.batch);
  const std::size_t K = widths().back();
  BatchScore result;
  for (std::size_t b = 0; b < labels.size(); ++b) {
    const std::span<const Real> z(workspace.outputs.back().data() + b * K, K);
    result.loss_sum += loss_forward(loss_, z, labels[b], label_smoothing_);
    result.correct += is_hit(z, labels[b]);
  }
  return result;
}

template <class Real>
BatchScore DenseNetwork<Real>::backward_deltas(std::span<const Label> labels,
                                               Workspace<Real>& workspace) const {
  check_labels("DenseNetwork::backward", labels, workspace.batch);
  const std::size_t B = workspace.batch, K = widths().back();
  BatchScore result;
  for (std::size_t b = 0; b < B; ++b) {
    const std::span<const Real> z(workspace.outputs.back().data() + b * K, K);
    result.loss_sum += loss_backward(loss_, z, labels[b], 1.0 / static_cast<double>(B),
                                     {workspace.deltas.back().data() + b * K, K}, label_smoothing_);
    result.correct += is_hit(z, labels[b]);
  }
  for (std::size_t l = layers() - 1; l > 0; --l) {
    Real* delta = workspace.deltas[l - 1].data();
    affine_backward(delta, workspace.deltas[l].data(), weights(l), B, inputs(l), outputs(l));
    if (workspace.masked) apply_mask(delta, workspace.masks[l - 1].data(), B * inputs(l));
    activation_backward<Real>(activation_, {delta, B * inputs(l)},
                              {workspace.outputs[l - 1].data(), B * inputs(l)},
                              workspace.masked ? static_cast<Real>(workspace.keep) : Real(1));
  }
  return result;
}

template <class Real>
BatchScore DenseNetwork<Real>::backward(std::span<const Real> x, std::span<const Label> labels,
                                        Workspace<Real>& workspace,
                                        Parameters<Real>& gradient) const {
  if (x.size() != workspace.batch * inputs(0) || gradient.widths() != widths())
    throw std::invalid_argument(
        fmt::format("DenseNetwork::backward: {} inputs after a forward pass of {} samples of {}, "
                    "or a gradient of other widths",
                    x.size(), workspace.batch, inputs(0)));
  const BatchScore result = backward_deltas(labels, workspace);
  const Real* a = x.data();
  for (std::size_t l = 0; l < layers(); ++l) {
    const std::size_t B = workspace.batch, n = inputs(l), m = outputs(l);
    const Real* delta = workspace.deltas[l].data();
    multiply(CblasTrans, CblasNoTrans, n, m, B, a, delta, Real(0), gradient.weights(l).data());
    const std::span<Real> bias_gradient = gradient.biases(l);
    std::fill(bias_gradient.begin(), bias_gradient.end(), Real(0));
    for (std::size_t b = 0; b < B; ++b)
      for (std::size_t j = 0; j < m; ++j) bias_gradient[j] += delta[b * m + j];
    a = workspace.outputs[l].data();
  }
  return result;
}

template struct Workspace<float>;
template struct Workspace<double>;
template class DenseNetwork<float>;
template class DenseNetwork<double>;

}  // namespace rmtlab::network

// SPDX-License-Identifier: MIT
/// \file
/// \brief One number for every weight and bias of a dense network.
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <string>
#include <vector>

namespace rmtlab::network {

/// Allocator of whole cache lines: vector loads that straddle two lines cost twice.
template <class T>
struct AlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  AlignedAllocator() = default;
  template <class U>
  explicit AlignedAllocator(const AlignedAllocator<U>&) noexcept {}
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), alignment)); }
  void deallocate(T* p, std::size_t) noexcept { ::operator delete(p, alignment); }
  bool operator==(const AlignedAllocator&) const = default;
};

/// A `std::vector` that starts on a cache line.
template <class T>
using AlignedVector = std::vector<T, AlignedAllocator<T>>;

/**
 * \brief Numbers in the shape of a network's parameters: its weights and biases, their gradient, or
 * their velocity.
 *
 * Legend of dimensions, used in the whole folder:
 *   - `l`     layer, 0 .. L-1; layer l is called "fc<l+1>"
 *   - `n`     inputs of a layer (N_in), `m` its outputs (N_out)
 *   - `B`     samples in a batch
 *   - `d`     inputs of the network, `K` its outputs (classes)
 *
 * `widths` = {d, hidden ..., K}. The weights of layer l are an n x m matrix, row-major and
 * contiguous: the weight from input i to output j is `weights(l)[i * m + j]`. All start at zero.
 */
template <class Real>
class Parameters {
public:
  /// \throws std::invalid_argument for fewer than two widths or a width of zero.
  explicit Parameters(std::vector<std::size_t> widths);

  [[nodiscard]] const std::vector<std::size_t>& widths() const { return widths_; }
  [[nodiscard]] std::size_t layers() const { return widths_.size() - 1; }
  [[nodiscard]] std::size_t inputs(std::size_t l) const { return widths_[l]; }       ///< n
  [[nodiscard]] std::size_t outputs(std::size_t l) const { return widths_[l + 1]; }  ///< m
  /// Number of weights and biases of all layers.
  [[nodiscard]] std::size_t size() const;

  /// n x m, row-major.
  [[nodiscard]] std::span<Real> weights(std::size_t l) { return weights_[l]; }
  [[nodiscard]] std::span<const Real> weights(std::size_t l) const { return weights_[l]; }
  /// m numbers.
  [[nodiscard]] std::span<Real> biases(std::size_t l) { return biases_[l]; }
  [[nodiscard]] std::span<const Real> biases(std::size_t l) const { return biases_[l]; }

  /// All numbers in the order weights fc1, biases fc1, weights fc2, ...: what a checkpoint stores.
  [[nodiscard]] std::vector<Real> flat() const;

  /// The inverse of `flat`.
  /// \throws std::invalid_argument if `values` has not `size()` numbers.
  void assign(std::span<const Real> values);

private:
  std::vector<std::size_t> widths_;
  std::vector<AlignedVector<Real>> weights_;
  std::vector<AlignedVector<Real>> biases_;
};

extern template class Parameters<float>;
extern template class Parameters<double>;

/// "784-128-10" for {784, 128, 10}, "none" for an empty list.
std::string widths_text(const std::vector<std::size_t>& widths);

/// "fc1" for layer 0, "fc2" for layer 1, ...
std::string layer_name(std::size_t l);

}  // namespace rmtlab::network

// SPDX-License-Identifier: MIT
#include "sim/network/parameters.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace rmtlab::network {

template <class Real>
Parameters<Real>::Parameters(std::vector<std::size_t> widths) : widths_(std::move(widths)) {
  if (widths_.size() < 2 || std::find(widths_.begin(), widths_.end(), 0U) != widths_.end())
    throw std::invalid_argument(fmt::format(
        "Parameters: widths = {} (must be two or more numbers, each >= 1)", widths_text(widths_)));
  for (std::size_t l = 0; l < layers(); ++l) {
    weights_.emplace_back(inputs(l) * outputs(l), Real(0));
    biases_.emplace_back(outputs(l), Real(0));
  }
}

template <class Real>
std::size_t Parameters<Real>::size() const {
  std::size_t total = 0;
  for (std::size_t l = 0; l < layers(); ++l) total += (inputs(l) + 1) * outputs(l);
  return total;
}

template <class Real>
std::vector<Real> Parameters<Real>::flat() const {
  std::vector<Real> values;
  values.reserve(size());
  for (std::size_t l = 0; l < layers(); ++l) {
    values.insert(values.end(), weights_[l].begin(), weights_[l].end());
    values.insert(values.end(), biases_[l].begin(), biases_[l].end());
  }
  return values;
}

template <class Real>
void Parameters<Real>::assign(std::span<const Real> values) {
  if (values.size() != size())
    throw std::invalid_argument(
        fmt::format("Parameters::assign: {} values for the {} of a network {}", values.size(),
                    size(), widths_text(widths_)));
  const Real* next = values.data();
  for (std::size_t l = 0; l < layers(); ++l) {
    for (AlignedVector<Real>* part : {&weights_[l], &biases_[l]}) {
      std::copy_n(next, part->size(), part->begin());
      next += part->size();
    }
  }
}

template class Parameters<float>;
template class Parameters<double>;

std::string widths_text(const std::vector<std::size_t>& widths) {
  std::string text;
  for (const std::size_t width : widths)
    text += text.empty() ? fmt::format("{}", width) : fmt::format("-{}", width);
  return text.empty() ? "none" : text;
}

std::string layer_name(std::size_t l) { return fmt::format("fc{}", l + 1); }

}  // namespace rmtlab::network

// SPDX-License-Identifier: MIT
#include "sim/network/dataset.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::network {

double mean_norm2(const Dataset& data) {
  if (data.samples() == 0) throw std::invalid_argument("mean_norm2: the data set has no samples");
  double sum = 0;
  for (const float x : data.inputs) sum += static_cast<double>(x) * static_cast<double>(x);
  return sum / static_cast<double>(data.samples());
}

void randomise_labels(Dataset& data, double fraction, core::Stream stream) {
  if (!(fraction >= 0 && fraction <= 1))
    throw std::domain_error(
        fmt::format("randomise_labels: fraction = {} (must be >= 0 and <= 1)", fraction));
  for (Label& label : data.labels) {
    const double u = stream.uniform();
    const auto drawn = static_cast<Label>(stream.below(data.classes));
    if (u < fraction) label = drawn;
  }
}

void check_dataset(const char* function, const Dataset& data,
                   const std::vector<std::size_t>& widths) {
  if (data.samples() == 0)
    throw std::invalid_argument(fmt::format("{}: the data set has no samples", function));
  if (data.inputs.size() != data.samples() * data.dimension)
    throw std::invalid_argument(fmt::format("{}: {} inputs for {} samples of {}", function,
                                            data.inputs.size(), data.samples(), data.dimension));
  if (data.dimension != widths.front() || data.classes != widths.back())
    throw std::invalid_argument(
        fmt::format("{}: data with {} inputs and {} classes, network with {} inputs and {} outputs",
                    function, data.dimension, data.classes, widths.front(), widths.back()));
  const auto bad = std::find_if(data.labels.begin(), data.labels.end(),
                                [&](Label label) { return label >= data.classes; });
  if (bad != data.labels.end())
    throw std::invalid_argument(fmt::format("{}: label = {} of sample {} (must be < {})", function,
                                            *bad, bad - data.labels.begin(), data.classes));
}

}  // namespace rmtlab::network

// SPDX-License-Identifier: MIT
#include "sim/network/sample_table.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

using Rows = std::span<const std::uint32_t>;

// x -> scale (x - mean).
struct Standardisation {
  std::vector<double> mean;
  double scale = 1;
};

Standardisation standardise(const SampleTable& table, Rows chosen, double input_norm2) {
  const auto samples = static_cast<double>(chosen.size());
  const std::size_t d = table.dimension;
  std::vector<double> x(d), mean(d);
  double raw = 0;
  for (const std::uint32_t row : chosen) {
    table.read(row, x);
    for (std::size_t i = 0; i < d; ++i) {
      mean[i] += x[i];
      raw += x[i] * x[i];
    }
  }
  for (double& value : mean) value /= samples;
  double norm2 = 0;
  for (const std::uint32_t row : chosen) {
    table.read(row, x);
    for (std::size_t i = 0; i < d; ++i) norm2 += std::pow(x[i] - mean[i], 2);
  }
  if (!std::isfinite(norm2))
    throw std::runtime_error(fmt::format("{}: the squares of the training {} overflow a double",
                                         table.source, table.noun));
  // Equal numbers differ from their mean by its rounding.
  const double rounding = samples * std::numeric_limits<double>::epsilon();
  if (norm2 <= rounding * rounding * raw)
    throw std::runtime_error(fmt::format("{}: the {} training {} are all equal", table.source,
                                         chosen.size(), table.noun));
  return {std::move(mean), std::sqrt(input_norm2 * samples / norm2)};
}

Dataset gather(const SampleTable& table, Rows chosen, std::size_t classes,
               const Standardisation& standardisation) {
  const std::size_t d = table.dimension;
  Dataset data{d, classes, {}, {}};
  data.inputs.reserve(chosen.size() * d);
  std::vector<double> x(d);
  for (const std::uint32_t row : chosen) {
    table.read(row, x);
    for (std::size_t i = 0; i < d; ++i)
      data.inputs.push_back(
          static_cast<float>(standardisation.scale * (x[i] - standardisation.mean[i])));
    data.labels.push_back(table.labels[row]);
  }
  return data;
}

std::vector<std::uint32_t> permuted_rows(const SampleTable& table, core::Stream stream) {
  return stream.permutation(static_cast<std::uint32_t>(table.rows()));
}

void check_rows(const SampleTable& table, const char* setting, std::size_t wanted) {
  if (table.rows() < wanted)
    throw std::runtime_error(fmt::format("{} has {} {}, {} = {}", table.source, table.rows(),
                                         table.noun, setting, wanted));
}

}  // namespace

void check_split(const char* function, const SplitConfig& config) {
  if (config.train_samples == 0 || config.test_samples == 0)
    throw std::domain_error(fmt::format("{}: train_samples, test_samples = {}, {} (must be >= 1)",
                                        function, config.train_samples, config.test_samples));
  if (!(config.input_norm2 > 0) || !std::isfinite(config.input_norm2))
    throw std::domain_error(
        fmt::format("{}: input_norm2 = {} (must be finite and > 0)", function, config.input_norm2));
  if (config.classes < 2 || config.classes > 65536)
    throw std::domain_error(
        fmt::format("{}: classes = {} (must be 2 to 65536)", function, config.classes));
}

DataSplit split_table(const SampleTable& table, const SplitConfig& config,
                      const core::Stream& stream) {
  check_split("split_table", config);
  const std::size_t train_samples = config.train_samples, test_samples = config.test_samples;
  if (table.rows() < train_samples || table.rows() - train_samples < test_samples)
    throw std::runtime_error(fmt::format(
        "{} has {} {}, train_samples = {} and test_samples = {} need {}", table.source,
        table.rows(), table.noun, train_samples, test_samples, train_samples + test_samples));
  const std::vector<std::uint32_t> order = permuted_rows(table, stream.child("split"));
  const Rows train = Rows(order).first(train_samples);
  const Rows test = Rows(order).subspan(train_samples, test_samples);
  const Standardisation standardisation = standardise(table, train, config.input_norm2);
  return {gather(table, train, config.classes, standardisation),
          gather(table, test, config.classes, standardisation)};
}

DataSplit split_tables(const SampleTable& train, const SampleTable& test, const SplitConfig& config,
                       const core::Stream& stream) {
  check_split("split_tables", config);
  if (train.dimension != test.dimension)
    throw std::runtime_error(fmt::format("{} has {} numbers in a row, {} has {}", train.source,
                                         train.dimension, test.source, test.dimension));
  check_rows(train, "train_samples", config.train_samples);
  check_rows(test, "test_samples", config.test_samples);
  const std::vector<std::uint32_t> train_order = permuted_rows(train, stream.child("split"));
  const std::vector<std::uint32_t> test_order = permuted_rows(test, stream.child("test_split"));
  const Rows chosen = Rows(train_order).first(config.train_samples);
  const Standardisation standardisation = standardise(train, chosen, config.input_norm2);
  return {
      gather(train, chosen, config.classes, standardisation),
      gather(test, Rows(test_order).first(config.test_samples), config.classes, standardisation)};
}

}  // namespace rmtlab::network

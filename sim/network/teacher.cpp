// SPDX-License-Identifier: MIT
#include "sim/network/teacher.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

constexpr std::size_t calibration_samples = 2000;

void check_count(const char* name, std::size_t value, std::size_t least) {
  if (value < least)
    throw std::domain_error(
        fmt::format("make_teacher: {} = {} (must be >= {})", name, value, least));
}

void check(const TeacherConfig& c) {
  check_count("train_samples", c.train_samples, 1);
  check_count("test_samples", c.test_samples, 1);
  check_count("input_dimension", c.input_dimension, 1);
  check_count("classes", c.classes, 2);
  if (c.classes > 65536)
    throw std::domain_error(
        fmt::format("make_teacher: classes = {} (must be <= 65536)", c.classes));
  check_count("hidden", c.hidden, 1);
  if (!std::isfinite(c.covariance_exponent))
    throw std::domain_error(fmt::format("make_teacher: covariance_exponent = {} (must be finite)",
                                        c.covariance_exponent));
  if (!(c.zipf >= 0) || !std::isfinite(c.zipf))
    throw std::domain_error(
        fmt::format("make_teacher: zipf = {} (must be finite and >= 0)", c.zipf));
  if (!(c.input_norm2 > 0) || !std::isfinite(c.input_norm2))
    throw std::domain_error(
        fmt::format("make_teacher: input_norm2 = {} (must be finite and > 0)", c.input_norm2));
}

// Standard deviation of each coordinate.
std::vector<double> input_scales(const TeacherConfig& c) {
  std::vector<double> scales(c.input_dimension);
  double sum = 0;
  for (std::size_t i = 0; i < scales.size(); ++i) {
    const double spread = std::pow(static_cast<double>(i + 1), -c.covariance_exponent);
    sum += spread;
    scales[i] = std::sqrt(spread);
  }
  for (double& scale : scales) scale *= std::sqrt(c.input_norm2 / sum);
  return scales;
}

DenseNetwork<double> draw_teacher(const TeacherConfig& c, core::Stream stream) {
  DenseNetwork<double> teacher({c.input_dimension, c.hidden, c.classes});
  for (std::size_t l = 0; l < teacher.layers(); ++l)
    for (double& w : teacher.parameters().weights(l)) w = stream.normal();
  return teacher;
}

struct Scored {
  std::vector<float> inputs;    // samples x d
  std::vector<double> outputs;  // samples x K
};

Scored draw_samples(std::size_t samples, const std::vector<double>& scales,
                    const DenseNetwork<double>& teacher, core::Stream stream) {
  // Always one batch size, so that a sample's outputs do not depend on how many
  // follow (BLAS may sum a smaller batch in another order, and an argmax may hang on it).
  constexpr std::size_t chunk = 64;
  const std::size_t d = scales.size(), K = teacher.widths().back();
  Scored result{std::vector<float>(samples * d), std::vector<double>(samples * K)};
  Workspace<double> workspace(teacher.widths(), chunk);
  std::vector<double> x(chunk * d);
  for (std::size_t first = 0; first < samples; first += chunk) {
    const std::size_t count = std::min(chunk, samples - first);
    std::ranges::fill(x, 0.0);
    for (std::size_t i = 0; i < count * d; ++i) {
      x[i] = scales[i % d] * stream.normal();
      result.inputs[first * d + i] = static_cast<float>(x[i]);
    }
    const std::span<const double> outputs = teacher.forward(x, workspace);
    std::copy_n(outputs.begin(), count * K, result.outputs.data() + first * K);
  }
  return result;
}

// Turns outputs into the numbers whose largest is the label: (o - mean) / sd - handicap.
struct Standardisation {
  std::vector<double> mean, deviation, handicap;

  Standardisation(const std::vector<double>& outputs, std::size_t K, double zipf)
      : mean(K), deviation(K), handicap(K) {
    const std::size_t count = outputs.size() / K;
    const auto samples = static_cast<double>(count);
    for (std::size_t i = 0; i < outputs.size(); ++i) mean[i % K] += outputs[i] / samples;
    for (std::size_t i = 0; i < outputs.size(); ++i)
      deviation[i % K] += std::pow(outputs[i] - mean[i % K], 2) / samples;
    for (std::size_t k = 0; k < K; ++k) {
      deviation[k] = std::sqrt(deviation[k]);
      handicap[k] = zipf * std::log(static_cast<double>(k + 1));
    }
  }

  [[nodiscard]] Label label(std::span<const double> outputs) const {
    const auto score = [&](std::size_t k) {
      // A teacher with a dead output (possible for h = 1 or 2) says nothing about that class.
      const double standard = deviation[k] > 0 ? (outputs[k] - mean[k]) / deviation[k] : 0;
      return standard - handicap[k];
    };
    std::size_t best = 0;
    for (std::size_t k = 1; k < outputs.size(); ++k)
      if (score(k) > score(best)) best = k;
    return static_cast<Label>(best);
  }
};

Dataset make_dataset(Scored&& scored, std::size_t d, std::size_t K,
                     const Standardisation& standardisation) {
  Dataset data{d, K, std::move(scored.inputs), {}};
  for (std::size_t first = 0; first < scored.outputs.size(); first += K)
    data.labels.push_back(standardisation.label({scored.outputs.data() + first, K}));
  return data;
}

}  // namespace

DataSplit make_teacher(const TeacherConfig& config, const core::Stream& stream) {
  check(config);
  const std::size_t d = config.input_dimension, K = config.classes;
  const std::vector<double> scales = input_scales(config);
  const DenseNetwork<double> teacher = draw_teacher(config, stream.child("teacher"));
  const Scored calibration =
      draw_samples(calibration_samples, scales, teacher, stream.child("calibration"));
  const Standardisation standardisation(calibration.outputs, K, config.zipf);
  return {make_dataset(draw_samples(config.train_samples, scales, teacher, stream.child("train")),
                       d, K, standardisation),
          make_dataset(draw_samples(config.test_samples, scales, teacher, stream.child("test")), d,
                       K, standardisation)};
}

}  // namespace rmtlab::network

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

void check(const TeacherConfig& c) {
  check_synthetic("make_teacher", c);
  if (c.hidden < 1)
    throw std::domain_error(fmt::format("make_teacher: hidden = {} (must be >= 1)", c.hidden));
  if (!(c.zipf >= 0) || !std::isfinite(c.zipf))
    throw std::domain_error(
        fmt::format("make_teacher: zipf = {} (must be finite and >= 0)", c.zipf));
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

Scored draw_samples(std::size_t samples, const GaussianInputs& law,
                    const DenseNetwork<double>& teacher, core::Stream stream) {
  // Always one batch size, so that a sample's outputs do not depend on how many
  // follow (BLAS may sum a smaller batch in another order, and an argmax may hang on it).
  constexpr std::size_t chunk = 64;
  const std::size_t d = law.dimension(), K = teacher.widths().back();
  Scored result{std::vector<float>(samples * d), std::vector<double>(samples * K)};
  Workspace<double> workspace(teacher.widths(), chunk);
  std::vector<double> x(chunk * d);
  for (std::size_t first = 0; first < samples; first += chunk) {
    const std::size_t count = std::min(chunk, samples - first);
    std::ranges::fill(x, 0.0);
    for (std::size_t i = 0; i < count; ++i) law.draw(stream, std::span(x).subspan(i * d, d));
    for (std::size_t i = 0; i < count * d; ++i)
      result.inputs[first * d + i] = static_cast<float>(x[i]);
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

  // In place.
  void apply(std::span<double> outputs) const {
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      // A teacher with a dead output (possible for h = 1 or 2) says nothing about that class.
      const double standard = deviation[k] > 0 ? (outputs[k] - mean[k]) / deviation[k] : 0;
      outputs[k] = standard - handicap[k];
    }
  }
};

class Teacher {
public:
  Teacher(const TeacherConfig& config, const core::Stream& stream)
      : config_(config),
        law_("make_teacher", config),
        network_(draw_teacher(config, stream.child("teacher"))),
        standardisation_(
            draw_samples(calibration_samples, law_, network_, stream.child("calibration")).outputs,
            config.classes, config.zipf) {}

  [[nodiscard]] Dataset draw(std::size_t samples, const core::Stream& stream) const {
    Scored scored = draw_samples(samples, law_, network_, stream);
    const std::size_t K = config_.classes;
    core::Stream noise = stream.child("noise");
    const bool noisy = config_.snr > 0 && std::isfinite(config_.snr);
    Dataset data{law_.dimension(), K, std::move(scored.inputs), {}};
    for (std::size_t first = 0; first < scored.outputs.size(); first += K) {
      const std::span<double> scores(scored.outputs.data() + first, K);
      standardisation_.apply(scores);
      if (noisy)
        for (double& score : scores) score += noise.normal() / std::sqrt(config_.snr);
      data.labels.push_back(static_cast<Label>(std::ranges::max_element(scores) - scores.begin()));
    }
    return data;
  }

private:
  const TeacherConfig& config_;
  GaussianInputs law_;
  DenseNetwork<double> network_;
  Standardisation standardisation_;
};

}  // namespace

DataSplit make_teacher(const TeacherConfig& config, const core::Stream& stream) {
  check(config);
  const Teacher teacher(config, stream);
  return {teacher.draw(config.train_samples, stream.child("train")),
          teacher.draw(config.test_samples, stream.child("test"))};
}

}  // namespace rmtlab::network

// SPDX-License-Identifier: MIT
/// \file
/// \brief Catalogue rows of noise with planted directions.
#include <array>
#include <cmath>

#include "sim/ensembles/dyson_brownian.hpp"
#include "sim/ensembles/ensemble_rows.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/ground_truth.hpp"
#include "sim/ensembles/laguerre_spectrum.hpp"
#include "sim/ensembles/mean_outlier.hpp"
#include "sim/ensembles/spiked_matrix.hpp"
#include "sim/ensembles/trained_like.hpp"

namespace rmtlab::ensembles {
namespace {

using theory::NamedParameters;
using theory::ParameterDeclaration;
using theory::ParameterReader;

double ratio(std::size_t rows, std::size_t cols) {
  return static_cast<double>(rows) / static_cast<double>(cols);
}

constexpr ParameterDeclaration sigma2{"sigma2", "1", "> 0", "variance of the noise's entries"};
constexpr ParameterDeclaration strengths{"strengths", "1.5", "positive numbers separated by commas",
                                         "one per spike, in the terms of `scale`"};
constexpr ParameterDeclaration strength_scale{
    "scale", "outlier", "outlier, threshold or excess",
    "what a strength is: the predicted outlier over lambda_plus, h over its threshold "
    "h_c = Q^(-1/2), or h itself"};
constexpr ParameterDeclaration support{
    "support", "0", "an integer >= 0",
    "entries of each planted vector that are not zero; 0: all (Haar vectors)"};

StrengthScale read_scale(const ParameterReader& read) {
  return read.word<StrengthScale>("scale", {{"outlier", StrengthScale::outlier},
                                            {"threshold", StrengthScale::threshold},
                                            {"excess", StrengthScale::excess}});
}

SpikedModel read_model(const ParameterReader& read, theory::SpikeKind kind) {
  SpikedModel model;
  model.kind = kind;
  const StrengthScale scale = read_scale(read);
  for (const double value : read.positive_list("strengths")) {
    if (scale == StrengthScale::outlier && value < 1)
      read.refuse("strengths", ">= 1 for scale = outlier: the bulk ends at lambda_plus");
    model.strengths.push_back({scale, value});
  }
  model.left_support = model.right_support = read.count("support");
  return model;
}

std::vector<theory::Spike> spikes_of(const SpikedModel& model, double aspect_ratio,
                                     double variance) {
  std::vector<theory::Spike> spikes;
  for (const SpikeStrength& strength : model.strengths)
    spikes.push_back(
        spike_of_excess(model.kind, spike_excess(strength, aspect_ratio), aspect_ratio, variance));
  return spikes;
}

constexpr std::array spikes_parameters = {strengths, strength_scale, support, sigma2};

Ensemble spiked_ensemble(const ParameterReader& read, theory::SpikeKind kind) {
  const SpikedModel model = read_model(read, kind);
  const double variance = read.positive("sigma2");
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return spiked_matrix(gaussian_matrix(rows, cols, variance, stream), variance, model, stream).W;
  };
  // One spike beside Gaussian noise has a bidiagonal form; its vectors may point anywhere.
  if (model.strengths.size() == 1) {
    const auto bidiagonal = [=](std::size_t rows, std::size_t cols) {
      Laguerre shaped;
      shaped.rows = static_cast<double>(rows);
      shaped.cols = cols;
      shaped.variance = variance;
      shaped.spike = kind;
      shaped.excess = spike_excess(model.strengths.front(), ratio(rows, cols));
      return shaped;
    };
    ensemble.fast_spectrum = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
      return laguerre_spectrum(bidiagonal(rows, cols), stream);
    };
    ensemble.fast_largest = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
      return laguerre_largest(bidiagonal(rows, cols), stream);
    };
  }
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    return spikes_truth(cols, variance, spikes_of(model, ratio(rows, cols), variance));
  };
  return ensemble;
}

Ensemble make_additive_spikes(const NamedParameters& parameters) {
  return spiked_ensemble(ParameterReader("additive-spikes", parameters),
                         theory::SpikeKind::additive);
}

Ensemble make_covariance_spikes(const NamedParameters& parameters) {
  return spiked_ensemble(ParameterReader("covariance-spikes", parameters),
                         theory::SpikeKind::covariance);
}

constexpr std::array mean_parameters = {
    ParameterDeclaration{"mean", "0.1", "a finite number", "added to every entry"}, sigma2};

Ensemble make_mean_outlier(const NamedParameters& parameters) {
  const ParameterReader read("mean-outlier", parameters);
  const double mean = read.number("mean"), variance = read.positive("sigma2");
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return with_mean(gaussian_matrix(rows, cols, variance, stream), mean);
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    std::vector<theory::Spike> spikes;
    if (mean != 0) spikes.push_back(mean_outlier(rows, cols, mean, variance));
    return spikes_truth(cols, variance, spikes);
  };
  return ensemble;
}

constexpr std::array trained_parameters = {
    ParameterDeclaration{"initial_scale", "0.9", "> 0", "a, what is left of the initial weights"},
    ParameterDeclaration{"count", "9", "an integer >= 0", "learned directions"},
    ParameterDeclaration{"strongest", "3", ">= 1",
                         "predicted position of the first outlier over lambda_plus"},
    ParameterDeclaration{"decay", "0.5", ">= 0",
                         "b: the i-th singular value of Delta is proportional to i^-b"},
    support,
    sigma2,
};

// Delta's singular values at this shape, in the units of W's.
arma::vec learned_values(const TrainedLike& model, double variance, std::size_t rows,
                         std::size_t cols, std::size_t count, double strongest, double decay) {
  const double first = spike_excess({StrengthScale::outlier, strongest}, ratio(rows, cols));
  const double unit = model.initial_scale * std::sqrt(variance * static_cast<double>(rows) * first);
  arma::vec values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = unit * std::pow(static_cast<double>(i + 1), -decay);
  return values;
}

Ensemble make_trained_like(const NamedParameters& parameters) {
  const ParameterReader read("trained-like", parameters);
  TrainedLike model;
  model.initial_scale = read.positive("initial_scale");
  model.left_support = model.right_support = read.count("support");
  const std::size_t count = read.count("count");
  const double strongest = read.at_least_one("strongest");
  const double decay = read.number("decay");
  if (decay < 0) read.refuse("decay", ">= 0");
  const double variance = read.positive("sigma2");
  const auto at_shape = [=](std::size_t rows, std::size_t cols) {
    TrainedLike shaped = model;
    shaped.singular_values = learned_values(model, variance, rows, cols, count, strongest, decay);
    return shaped;
  };
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return trained_like(gaussian_matrix(rows, cols, variance, stream), variance,
                        at_shape(rows, cols), stream)
        .W;
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    const double noise = model.initial_scale * model.initial_scale * variance;
    std::vector<theory::Spike> spikes;
    double signal = 0;
    for (const double value : at_shape(rows, cols).singular_values) {
      const double excess = value * value / (static_cast<double>(rows) * noise);
      signal += excess;
      spikes.push_back(
          spike_of_excess(theory::SpikeKind::additive, excess, ratio(rows, cols), noise));
    }
    GroundTruth truth = spikes_truth(cols, noise, spikes);
    // A tenth of the columns is no finite number: the bulk itself is deformed.
    if (10 * count > cols) {
      const double share = signal / (signal + static_cast<double>(cols));
      truth.mechanism = Mechanism::mixture;
      truth.limit.reset();
      truth.phase.reset();
      truth.reason = "many learned directions, with more than half of the trace";
      if (share <= theory::phase_definition::heavy_trace_share) {
        truth.phase = theory::Phase::bulk_decay;
        truth.reason = "many learned directions beside noise with more than half of the trace";
      }
    }
    return truth;
  };
  return ensemble;
}

constexpr std::array dyson_parameters = {
    ParameterDeclaration{"time", "1", "> 0", "t"},
    ParameterDeclaration{"reversion", "0.5", ">= 0", "gamma, from weight decay"},
    ParameterDeclaration{"diffusion", "1", "> 0", "s, from gradient noise"},
    ParameterDeclaration{"strengths", "3", "positive numbers separated by commas",
                         "S of the directions that W(0) consists of, in units of sqrt(N)"},
};

Ensemble make_dyson_brownian(const NamedParameters& parameters) {
  const ParameterReader read("dyson-brownian", parameters);
  DysonBrownian process;
  process.reversion = read.number("reversion");
  if (process.reversion < 0) read.refuse("reversion", ">= 0");
  process.diffusion = read.positive("diffusion");
  const double time = read.positive("time");
  SpikedModel start;
  for (const double s : read.positive_list("strengths"))
    start.strengths.push_back({StrengthScale::excess, s * s});
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    const arma::mat nothing(rows, cols, arma::fill::zeros);
    return dyson_brownian_step(spiked_matrix(nothing, 1, start, stream).W, process, time, stream);
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    const double variance = noise_variance(process, time);
    std::vector<theory::Spike> spikes;
    for (const SpikeStrength& s : start.strengths)
      spikes.push_back(spike_of_excess(theory::SpikeKind::additive,
                                       s.value * std::exp(-2 * process.reversion * time) / variance,
                                       ratio(rows, cols), variance));
    return spikes_truth(cols, variance, spikes);
  };
  return ensemble;
}

}  // namespace

std::vector<EnsembleEntry> spike_rows() {
  return {
      {"additive-spikes",
       "Gaussian noise plus a fixed matrix of low rank: W = sigma Z + sigma sqrt(N) sum_i "
       "sqrt(h_i) "
       "u_i v_i^T with orthonormal u and v. Spike i shows iff h_i > h_c = Q^(-1/2), as an outlier "
       "at "
       "sigma2 (1 + h)(1 + 1/(Q h)) (rmtlab law bbp).",
       spikes_parameters, make_additive_spikes},
      {"covariance-spikes",
       "Gaussian rows whose covariance has a few other eigenvalues: W = sigma Z (I + sum_i h_i v_i "
       "v_i^T)^(1/2). Threshold and outlier as for additive-spikes, a wider fluctuation.",
       spikes_parameters, make_covariance_spikes},
      {"mean-outlier",
       "Gaussian entries with a mean m that nobody meant: an additive spike of h = m^2 M / sigma2 "
       "with constant vectors, which shows iff m^2 > sigma2 / sqrt(N M).",
       mean_parameters, make_mean_outlier},
      {"trained-like",
       "What training leaves in the simplest terms: W = a W_0 + Delta, W_0 Gaussian, Delta of "
       "`count` Haar directions with singular values nu_i proportional to i^-b.",
       trained_parameters, make_trained_like},
      {"dyson-brownian",
       "dW = -gamma W dt + s dB from a W(0) of low rank: gradient noise with weight decay as a "
       "diffusion. At time t: e^(-gamma t) W(0) + Gaussian noise of variance s^2 (1 - e^(-2 gamma "
       "t)) / (2 gamma).",
       dyson_parameters, make_dyson_brownian},
  };
}

}  // namespace rmtlab::ensembles

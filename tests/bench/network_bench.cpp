// SPDX-License-Identifier: MIT
/// \file
/// \brief Training, against what bounds it: the bandwidth of a copy and the speed of sgemm.
///
/// One epoch of 784-M-10 on 4000 samples. A step reads the weights going forward, and reads and writes
/// weights and velocity going back: 20 bytes a weight, which bounds small batches; and it takes 6
/// flops a weight and sample (the second of the three products is not needed for the first layer, so
/// 4 there), which bounds large ones. The peers do exactly that and nothing else:
///   - copy: the same bytes as `memcpy` between two arrays of the size of the weights
///   - gemm: the same products as calls of sgemm; no activation, loss, update or gathering
///   - calls (batch 1): sgemv, sger, sscal, saxpy on the first layer, as a framework makes them
///
/// For batch 16 also what one look at the network costs beside an epoch, that is, the overhead if every
/// epoch is recorded. Bar: spectra at most 0.1 of an epoch. Met for M = 128 (0.07 measured), not for
/// M = 512 (0.29): eigenvalues cost M^3 and an epoch M, so there every third epoch is within it.
///   - spectra: eigenvalues of the first layer and their shape metrics
///   - analysis: the same, both fits and the phase
///   - scores: loss and accuracy on training and test set, gradient norm and noise scale
///
/// torch_epochs.py compares with PyTorch and tells the memory of a process that trains alone.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <armadillo>
#include <benchmark/benchmark.h>
#include <cblas.h>
#include <sys/resource.h>

#include "sim/inference/matrix_analysis.hpp"
#include "sim/network/gradient_statistics.hpp"
#include "sim/network/initialization.hpp"
#include "sim/network/teacher.hpp"
#include "sim/network/training.hpp"

namespace {

using namespace rmtlab;
using benchmark::Counter;
using benchmark::State;

constexpr int inputs = 784, classes = 10, samples = 4000;

const network::DataSplit& split() {
  static const network::DataSplit both = network::make_teacher({}, core::Stream(1));
  return both;
}

const network::Dataset& data() { return split().train; }

double weights(int m) { return inputs * m + m * classes; }

double steps(int batch) {
  return static_cast<double>(network::steps_per_epoch(samples, static_cast<std::size_t>(batch)));
}

void add_rates(State& state, int m, int batch) {
  const auto rate = [](double amount) {
    return Counter(amount, Counter::kIsIterationInvariantRate);
  };
  state.counters["B/s"] = rate(20 * weights(m) * steps(batch));
  state.counters["FLOP/s"] = rate(samples * (4.0 * inputs * m + 6.0 * m * classes));
}

void epoch_ours(State& state, int m, int batch) {
  network::DenseNetwork<float> net({inputs, static_cast<std::size_t>(m), classes});
  network::initialize(net, network::Initialization::glorot_normal, core::Stream(2));
  network::TrainingConfig config;
  config.batch_size = static_cast<std::size_t>(batch);
  config.optimizer.learning_rate = 1e-5;  // stays where it is, however many epochs are timed
  network::Trainer trainer(net, data(), config, core::Stream(3));
  for (auto _ : state) benchmark::DoNotOptimize(trainer.run_epoch());
  add_rates(state, m, batch);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

void epoch_copy(State& state, int m, int batch) {
  const auto size = static_cast<std::size_t>(weights(m));
  std::vector<float> w(size, 0.01F), v(size, 0.02F);
  for (auto _ : state)
    for (double step = 0; step < steps(batch); ++step) {
      // 20 bytes a weight: two copies and a half of 8.
      std::memcpy(v.data(), w.data(), size * sizeof(float));
      benchmark::ClobberMemory();
      std::memcpy(w.data(), v.data(), size * sizeof(float));
      benchmark::ClobberMemory();
      std::memcpy(v.data(), w.data(), size / 2 * sizeof(float));
      benchmark::ClobberMemory();
    }
  add_rates(state, m, batch);
}

void epoch_gemm(State& state, int m, int batch) {
  const auto array = [](int size) {
    return std::vector<float>(static_cast<std::size_t>(size), 0.01F);
  };
  auto w = array(inputs * m), g = w, w2 = array(m * classes), g2 = w2;
  auto a = array(batch * m), delta = a, z = array(batch * classes);
  const float* x = data().inputs.data();
  for (auto _ : state)
    for (int first = 0; first < samples; first += batch) {
      const int B = std::min(batch, samples - first);
      const float* rows = x + static_cast<std::size_t>(first) * inputs;
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, B, m, inputs, 1, rows, inputs,
                  w.data(), m, 0, a.data(), m);
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, B, classes, m, 1, a.data(), m,
                  w2.data(), classes, 0, z.data(), classes);
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, B, m, classes, 1, z.data(), classes,
                  w2.data(), classes, 0, delta.data(), m);
      cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, classes, B, 1, a.data(), m, z.data(),
                  classes, 0, g2.data(), classes);
      cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, inputs, m, B, 1, rows, inputs,
                  delta.data(), m, 0, g.data(), m);
      benchmark::DoNotOptimize(g.data());
    }
  add_rates(state, m, batch);
}

void epoch_calls(State& state, int m) {
  const auto size = static_cast<std::size_t>(inputs * m);
  std::vector<float> w(size, 0.01F), v(size, 0);
  std::vector<float> a(static_cast<std::size_t>(m)), delta(static_cast<std::size_t>(m), 1e-6F);
  for (auto _ : state) {
    for (std::size_t i = 0; i < samples; ++i) {
      const float* x = data().input(i).data();
      cblas_sgemv(CblasRowMajor, CblasTrans, inputs, m, 1, w.data(), m, x, 1, 0, a.data(), 1);
      cblas_sscal(inputs * m, 0.9F, v.data(), 1);
      cblas_saxpy(inputs * m, -1e-9F, w.data(), 1, v.data(), 1);
      cblas_sger(CblasRowMajor, inputs, m, -1e-5F, x, 1, delta.data(), 1, v.data(), m);
      cblas_saxpy(inputs * m, 1, v.data(), 1, w.data(), 1);
    }
    benchmark::DoNotOptimize(w.data());
  }
}

// After three epochs, so that there is something to see.
network::DenseNetwork<float> trained(int m, int batch) {
  network::DenseNetwork<float> net({inputs, static_cast<std::size_t>(m), classes});
  network::initialize(net, network::Initialization::glorot_normal, core::Stream(2));
  network::TrainingConfig config;
  config.batch_size = static_cast<std::size_t>(batch);
  network::Trainer trainer(net, data(), config, core::Stream(3));
  for (int epoch = 0; epoch < 3; ++epoch) trainer.run_epoch();
  return net;
}

arma::fmat first_layer(const network::DenseNetwork<float>& net) {
  return arma::fmat(net.weights(0).data(), net.outputs(0), net.inputs(0)).t();
}

void look_spectra(State& state, int m, int batch) {
  const auto net = trained(m, batch);
  for (auto _ : state) {
    const auto spectrum = spectra::spectrum_of(first_layer(net));
    benchmark::DoNotOptimize(spectra::stable_rank(spectrum.eigenvalues));
    benchmark::DoNotOptimize(spectra::matrix_entropy(spectrum.eigenvalues));
    benchmark::DoNotOptimize(spectra::hard_rank(spectrum));
  }
}

void look_analysis(State& state, int m, int batch) {
  const auto net = trained(m, batch);
  for (auto _ : state) benchmark::DoNotOptimize(inference::analyze_matrix(first_layer(net)));
}

void look_scores(State& state, int m, int batch) {
  const auto net = trained(m, batch);
  for (auto _ : state) {
    benchmark::DoNotOptimize(network::evaluate(net, split().train));
    benchmark::DoNotOptimize(network::evaluate(net, split().test));
    benchmark::DoNotOptimize(network::gradient_statistics(net, split().train));
  }
}

template <class Function, class... Args>
void add(int m, int batch, const char* who, Function function, Args... args) {
  const std::string name = "epoch_" + std::to_string(m) + "_" + std::to_string(batch) + "/" + who;
  benchmark::RegisterBenchmark(name.c_str(),
                               [function, args...](State& state) { function(state, args...); })
      ->Unit(benchmark::kMillisecond)
      ->MinTime(0.2);
}

// One after the other for each shape, so that all meet the same machine.
[[maybe_unused]] const bool registered = [] {
  for (const int m : {128, 256, 512})
    for (const int batch : {1, 2, 4, 16, 64, 256, 1000}) {
      add(m, batch, "ours", epoch_ours, m, batch);
      add(m, batch, "copy", epoch_copy, m, batch);
      add(m, batch, "gemm", epoch_gemm, m, batch);
      if (batch == 1) add(m, batch, "calls", epoch_calls, m);
      if (batch != 16) continue;
      add(m, batch, "spectra", look_spectra, m, batch);
      add(m, batch, "analysis", look_analysis, m, batch);
      add(m, batch, "scores", look_scores, m, batch);
    }
  return true;
}();

}  // namespace

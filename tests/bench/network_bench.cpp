// SPDX-License-Identifier: MIT
/// \file
/// \brief Training, against the same arithmetic as calls of BLAS.
#include <vector>

#include <benchmark/benchmark.h>
#include <cblas.h>

#include "sim/network/initialization.hpp"
#include "sim/network/teacher.hpp"
#include "sim/network/training.hpp"

namespace {

using namespace rmtlab;
using benchmark::State;

// One epoch of 784-128-10 on 4000 samples; the peer's step is BLAS calls alone, as a framework makes
// them: sgemv, sger, sscal, saxpy for batch 1, on the first layer only (90 % of the weights).
void epoch_batch_1_ours(State& state) {
  const auto data = network::make_teacher({}, core::Stream(1));
  network::DenseNetwork<float> net({784, 128, 10});
  network::initialize(net, network::Initialization::glorot_normal, core::Stream(2));
  network::TrainingConfig config;
  config.batch_size = 1;
  config.learning_rate = 1e-5;
  network::Trainer trainer(net, data.train, config, core::Stream(3));
  for (auto _ : state) benchmark::DoNotOptimize(trainer.run_epoch());
}

void epoch_batch_1_blas(State& state) {
  constexpr int n = 784, m = 128, samples = 4000;
  const auto data = network::make_teacher({}, core::Stream(1));
  std::vector<float> w(n * m, 0.01F), v(n * m, 0), a(m), delta(m, 1e-6F);
  for (auto _ : state) {
    for (int i = 0; i < samples; ++i) {
      const float* x = data.train.input(static_cast<std::size_t>(i)).data();
      cblas_sgemv(CblasRowMajor, CblasTrans, n, m, 1, w.data(), m, x, 1, 0, a.data(), 1);
      cblas_sscal(n * m, 0.9F, v.data(), 1);
      cblas_saxpy(n * m, -1e-9F, w.data(), 1, v.data(), 1);
      cblas_sger(CblasRowMajor, n, m, -1e-5F, x, 1, delta.data(), 1, v.data(), m);
      cblas_saxpy(n * m, 1, v.data(), 1, w.data(), 1);
    }
    benchmark::DoNotOptimize(w.data());
  }
}

BENCHMARK(epoch_batch_1_ours)->Name("epoch_batch_1/ours")->Unit(benchmark::kMillisecond);
BENCHMARK(epoch_batch_1_blas)->Name("epoch_batch_1/blas")->Unit(benchmark::kMillisecond);

}  // namespace

// SPDX-License-Identifier: MIT
/// \file
/// \brief Micro-benchmarks. Each pair `<what>/ours` and `<what>/<peer>` runs the same work in the
/// same process; the table at the end prints peer / ours.
///
/// Usage   OPENBLAS_NUM_THREADS=1 build/tests/bench [--benchmark_filter=REGEX]
#include <cstdio>
#include <map>
#include <random>
#include <string>

#include <armadillo>
#include <benchmark/benchmark.h>
#include <cblas.h>

#include "sim/ensembles/wishart_spectrum.hpp"
#include "sim/inference/power_law.hpp"
#include "sim/network/initialization.hpp"
#include "sim/network/teacher.hpp"
#include "sim/network/training.hpp"
#include "sim/spectra/spectrum.hpp"

namespace {

using namespace rmtlab;
using benchmark::State;

arma::mat gaussian(std::size_t rows, std::size_t cols) {
  core::Stream stream(1);
  arma::mat w(rows, cols);
  for (double& x : w) x = stream.normal();
  return w;
}

void spectrum_ours(State& state) {
  const arma::mat w = gaussian(784, 128);
  for (auto _ : state) benchmark::DoNotOptimize(spectra::spectrum_of(w));
}

void spectrum_svd(State& state) {
  const arma::mat w = gaussian(784, 128);
  for (auto _ : state) benchmark::DoNotOptimize(arma::vec(arma::svd(w)));
}

void null_spectrum_ours(State& state) {
  core::Stream stream(1);
  for (auto _ : state) benchmark::DoNotOptimize(ensembles::wishart_spectrum(1568, 256, 1, stream));
}

void null_spectrum_dense(State& state) {
  core::Stream stream(1);
  for (auto _ : state) {
    arma::mat w(1568, 256);
    for (double& x : w) x = stream.normal();
    benchmark::DoNotOptimize(spectra::spectrum_of(w));
  }
}

void normal_ours(State& state) {
  core::Stream stream(1);
  for (auto _ : state) benchmark::DoNotOptimize(stream.normal());
}

void normal_std(State& state) {
  std::mt19937_64 engine(1);
  std::normal_distribution<double> normal;
  for (auto _ : state) benchmark::DoNotOptimize(normal(engine));
}

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

void power_law_ours(State& state) {
  core::Stream stream(1);
  std::vector<double> values(1000);
  for (double& x : values) x = std::pow(stream.uniform(), -1 / 1.5);
  const auto sample = inference::count_values(values);
  for (auto _ : state) benchmark::DoNotOptimize(inference::fit_power_law(sample));
}

// The textbook loop: refit and full distance at every xmin, no early exit.
void power_law_plain(State& state) {
  core::Stream stream(1);
  std::vector<double> x(1000);
  for (double& value : x) value = std::pow(stream.uniform(), -1 / 1.5);
  std::sort(x.begin(), x.end());
  for (auto _ : state) {
    double best = 2;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      double sum = 0, distance = 0;
      for (std::size_t j = i; j < x.size(); ++j) sum += std::log(x[j] / x[i]);
      const auto m = static_cast<double>(x.size() - i);
      for (std::size_t j = i; j < x.size(); ++j)
        distance = std::max(distance, std::abs(1 - std::pow(x[j] / x[i], -m / sum) -
                                               static_cast<double>(j - i) / m));
      best = std::min(best, distance);
    }
    benchmark::DoNotOptimize(best);
  }
}

// Collects times and prints the ratios after the usual table.
class RatioReporter : public benchmark::ConsoleReporter {
public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const std::string name = run.benchmark_name();
      const auto slash = name.find('/');
      times_[name.substr(0, slash)][name.substr(slash + 1)] = run.GetAdjustedCPUTime();
    }
  }
  void print_ratios() const {
    std::printf("\n%-18s %-12s %s\n", "what", "peer", "peer / ours");
    for (const auto& [what, by_name] : times_)
      for (const auto& [name, time] : by_name)
        if (name != "ours" && by_name.contains("ours"))
          std::printf("%-18s %-12s %.2f\n", what.c_str(), name.c_str(), time / by_name.at("ours"));
  }

private:
  std::map<std::string, std::map<std::string, double>> times_;
};

}  // namespace

int main(int argc, char** argv) {
  using benchmark::RegisterBenchmark;
  openblas_set_num_threads(1);
  RegisterBenchmark("spectrum_784x128/ours", spectrum_ours)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("spectrum_784x128/svd", spectrum_svd)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("null_1568x256/ours", null_spectrum_ours)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("null_1568x256/dense", null_spectrum_dense)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("normal/ours", normal_ours);
  RegisterBenchmark("normal/std", normal_std);
  RegisterBenchmark("epoch_batch_1/ours", epoch_batch_1_ours)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("epoch_batch_1/blas", epoch_batch_1_blas)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("power_law_1000/ours", power_law_ours)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("power_law_1000/plain", power_law_plain)->Unit(benchmark::kMillisecond);
  benchmark::Initialize(&argc, argv);
  RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.print_ratios();
  return 0;
}

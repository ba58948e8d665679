// SPDX-License-Identifier: MIT
/// \file
/// \brief Drawing matrices against NumPy, and spectra without the matrix against those with it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <armadillo>
#include <benchmark/benchmark.h>

#include "sim/core/random.hpp"
#include "sim/ensembles/entry_matrix.hpp"
#include "sim/ensembles/wishart_spectrum.hpp"

namespace {

using namespace rmtlab;
using benchmark::State;

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Median processor time in seconds of `rng.standard_normal((4096, 1024))`, allocation included as in ours;
// 0 if NumPy (Debian: python3-numpy) is not there.
double numpy_seconds() {
  const std::string command =
      "/usr/bin/python3 -c '\n"
      "import time, numpy\n"
      "rng, times = numpy.random.default_rng(1), []\n"
      "for _ in range(21):\n"
      "    start = time.process_time()\n"
      "    rng.standard_normal((4096, 1024))\n"
      "    times.append(time.process_time() - start)\n"
      "print(sorted(times)[10])\n' 2>/dev/null";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  double seconds = 0;
  if (!pipe || std::fscanf(pipe.get(), "%lf", &seconds) != 1) return 0;
  return seconds;
}

// Bar: at most 1.5 times NumPy's time. The peer is another process, so the ratio is a counter of this case.
void normal_matrix_ours(State& state) {
  core::Stream stream(1);
  std::vector<double> times;
  for (auto _ : state) {
    const double start = processor_seconds();
    benchmark::DoNotOptimize(
        ensembles::entry_matrix(4096, 1024, {}, ensembles::Scaling::none, stream));
    times.push_back(processor_seconds() - start);
  }
  std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
  const double peer = numpy_seconds();
  if (peer == 0) return state.SetLabel("no NumPy: apt-get install python3-numpy");
  state.counters["numpy_ms"] = 1e3 * peer;
  state.counters["ours_over_numpy"] = times[times.size() / 2] / peer;
}

void wishart_ours(State& state) {
  const auto cols = static_cast<std::size_t>(state.range(0));
  core::Stream stream(1);
  for (auto _ : state)
    benchmark::DoNotOptimize(ensembles::wishart_spectrum(2 * cols, cols, 1, stream));
}

void wishart_dense(State& state) {
  const auto cols = static_cast<std::size_t>(state.range(0));
  core::Stream stream(1);
  for (auto _ : state) {
    const arma::mat W =
        ensembles::entry_matrix(2 * cols, cols, {}, ensembles::Scaling::none, stream);
    benchmark::DoNotOptimize(arma::vec(arma::eig_sym(arma::mat(W.t() * W))));
  }
}

// The exponent of M between two sizes: 2 for the tridiagonal way, near 3 for the dense one.
void wishart_growth(State& state) {
  core::Stream stream(1);
  const auto fastest = [&stream](std::size_t cols) {
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 5; ++i) {
      const double start = processor_seconds();
      benchmark::DoNotOptimize(ensembles::wishart_spectrum(2 * cols, cols, 1, stream));
      best = std::min(best, processor_seconds() - start);
    }
    return best;
  };
  for (auto _ : state)
    state.counters["exponent"] = std::log(fastest(4000) / fastest(1000)) / std::log(4);
}

BENCHMARK(normal_matrix_ours)
    ->Name("normal_matrix_4096x1024/ours")
    ->Unit(benchmark::kMillisecond)
    ->MinTime(1);
// Bars: dense / ours >= 8 at M = 1000 and >= 15 at M = 2000, generation included.
BENCHMARK(wishart_ours)->Name("wishart_2000x1000/ours")->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(wishart_dense)->Name("wishart_2000x1000/dense")->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(wishart_ours)->Name("wishart_4000x2000/ours")->Arg(2000)->Unit(benchmark::kMillisecond);
BENCHMARK(wishart_dense)->Name("wishart_4000x2000/dense")->Arg(2000)->Unit(benchmark::kMillisecond);
BENCHMARK(wishart_growth)
    ->Name("wishart_growth/ours")
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace

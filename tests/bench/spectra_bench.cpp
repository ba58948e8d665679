// SPDX-License-Identifier: MIT
/// \file
/// \brief Spectra of matrices and of the null, against the plain route.
#include <random>

#include <armadillo>
#include <benchmark/benchmark.h>

#include "sim/core/random.hpp"
#include "sim/ensembles/ensemble_catalogue.hpp"
#include "sim/ensembles/wishart_spectrum.hpp"
#include "sim/inference/marchenko_pastur_fit.hpp"
#include "sim/inference/matrix_analysis.hpp"
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

// What a fit costs beyond the eigenvalues; the peer is the eigenvalues themselves.
void marchenko_pastur_fit_ours(State& state) {
  core::Stream stream(1);
  const arma::vec values = ensembles::wishart_spectrum(2000, 1000, 1, stream);
  for (auto _ : state)
    benchmark::DoNotOptimize(inference::fit_marchenko_pastur(values, 2000, 1000).p_value);
}

void marchenko_pastur_fit_eigenvalues(State& state) {
  const arma::mat w = gaussian(2000, 1000);
  const arma::mat gram = w.t() * w / 2000;
  for (auto _ : state) benchmark::DoNotOptimize(arma::vec(arma::eig_sym(gram)));
}

// A phase with all that it takes, eigenvalues included, of noise and of heavy entries, where the matrix
// is decomposed again with its entries clipped.
void phase_of(State& state, const char* ensemble, std::size_t rows, std::size_t cols) {
  core::Stream stream(1);
  const arma::mat w = ensembles::make_ensemble(ensemble).matrix(rows, cols, stream);
  for (auto _ : state) benchmark::DoNotOptimize(inference::analyze_matrix(w).decision.phase);
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

BENCHMARK(spectrum_ours)->Name("spectrum_784x128/ours")->Unit(benchmark::kMillisecond);
BENCHMARK(spectrum_svd)->Name("spectrum_784x128/svd")->Unit(benchmark::kMillisecond);
BENCHMARK(null_spectrum_ours)->Name("null_1568x256/ours")->Unit(benchmark::kMillisecond);
BENCHMARK(null_spectrum_dense)->Name("null_1568x256/dense")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(phase_of, noise_1000x500, "gaussian", 1000, 500)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(phase_of, heavy_1000x500, "pareto", 1000, 500)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(phase_of, noise_4096x1024, "gaussian", 4096, 1024)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(phase_of, heavy_4096x1024, "pareto", 4096, 1024)->Unit(benchmark::kMillisecond);
BENCHMARK(marchenko_pastur_fit_ours)
    ->Name("marchenko_pastur_fit_2000x1000/ours")
    ->Unit(benchmark::kMillisecond);
BENCHMARK(marchenko_pastur_fit_eigenvalues)
    ->Name("marchenko_pastur_fit_2000x1000/eigenvalues")
    ->Unit(benchmark::kMillisecond);
BENCHMARK(normal_ours)->Name("normal/ours");
BENCHMARK(normal_std)->Name("normal/std");

}  // namespace

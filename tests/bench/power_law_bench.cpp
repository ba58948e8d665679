// SPDX-License-Identifier: MIT
/// \file
/// \brief Power-law fits and their bootstrap, against the textbook loop and, where it is installed
/// (Debian's libplfit-dev), plfit with its exact search (PLFIT_LINEAR_ONLY).
#include <algorithm>
#include <cmath>
#include <vector>

#include <benchmark/benchmark.h>
#ifdef RMTLAB_HAVE_PLFIT
#include <plfit.h>
#endif

#include "sim/inference/power_law_alternatives.hpp"
#include "sim/inference/power_law_bootstrap.hpp"

namespace {

using namespace rmtlab;
using benchmark::State;
using Values = std::vector<double>;

// Several samples in turn, so that no branch predictor learns the one: density x^-2.5 above 1.
class Samples {
public:
  Samples(std::size_t n, bool sorted) : samples_(n <= 10000 ? 16 : 2) {
    for (std::size_t s = 0; s < samples_.size(); ++s) {
      core::Stream stream = core::Stream(1).child(n).child(s);
      samples_[s].resize(n);
      for (double& x : samples_[s]) x = std::pow(stream.uniform(), -1 / 1.5);
      if (sorted) std::sort(samples_[s].begin(), samples_[s].end());
    }
  }
  Values& next() { return samples_[turn_++ % samples_.size()]; }

private:
  std::vector<Values> samples_;
  std::size_t turn_ = 0;
};

std::size_t size_of(const State& state) { return static_cast<std::size_t>(state.range(0)); }

void fit_sorted(State& state) {
  Samples samples(size_of(state), true);
  for (auto _ : state) benchmark::DoNotOptimize(inference::fit_power_law(samples.next()));
}

void fit_unsorted(State& state) {
  Samples samples(size_of(state), false);
  for (auto _ : state) benchmark::DoNotOptimize(inference::fit_power_law(samples.next()));
}

void p_value(State& state) {
  const auto sample = inference::count_values(Samples(1000, true).next());
  const inference::BootstrapOptions bootstrap{.replicates = size_of(state)};
  for (auto _ : state)
    benchmark::DoNotOptimize(
        inference::goodness_of_fit(sample, {}, bootstrap, core::Stream(2)).p_value);
}

void interval(State& state) {
  const auto sample = inference::count_values(Samples(1000, true).next());
  const inference::BootstrapOptions bootstrap{.replicates = size_of(state)};
  for (auto _ : state)
    benchmark::DoNotOptimize(
        inference::exponent_interval(sample, {}, bootstrap, core::Stream(2)).alpha_median);
}

void alternatives(State& state) {
  const auto sample = inference::count_values(Samples(size_of(state), true).next());
  const auto fit = inference::fit_power_law(sample);
  for (auto _ : state) benchmark::DoNotOptimize(inference::compare_alternatives(sample, fit));
}

// The textbook loop: refit and full distance at every xmin, no early exit.
void fit_plain(State& state) {
  Samples samples(size_of(state), true);
  for (auto _ : state) {
    const Values& x = samples.next();
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

#ifdef RMTLAB_HAVE_PLFIT
plfit_result_t plfit(Values& x, plfit_p_value_method_t p_value, double precision) {
  plfit_continuous_options_t options;
  plfit_continuous_options_init(&options);
  options.xmin_method = PLFIT_LINEAR_ONLY;
  options.p_value_method = p_value;
  options.p_value_precision = precision;
  plfit_result_t result{};
  plfit_continuous(x.data(), x.size(), &options, &result);
  return result;
}

void fit_plfit(State& state) {
  Samples samples(size_of(state), true);
  for (auto _ : state) benchmark::DoNotOptimize(plfit(samples.next(), PLFIT_P_VALUE_SKIP, 0).alpha);
}

// Its number of replicates is 1 / (4 precision^2).
void p_value_plfit(State& state) {
  Values x = Samples(1000, true).next();
  const double precision = 0.5 / std::sqrt(static_cast<double>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(plfit(x, PLFIT_P_VALUE_EXACT, precision).p);
}
#endif

void register_size(const char* ours, const char* unsorted, std::int64_t n) {
  using benchmark::RegisterBenchmark;
  RegisterBenchmark(ours, fit_sorted)->Arg(n)->Unit(benchmark::kMillisecond);
  RegisterBenchmark(unsorted, fit_unsorted)->Arg(n)->Unit(benchmark::kMillisecond);
}

const bool registered = [] {
  using benchmark::kMillisecond;
  using benchmark::RegisterBenchmark;
  register_size("power_law_1e3/ours", "power_law_1e3_unsorted/ours", 1000);
  register_size("power_law_1e4/ours", "power_law_1e4_unsorted/ours", 10000);
  register_size("power_law_1e5/ours", "power_law_1e5_unsorted/ours", 100000);
  register_size("power_law_1e6/ours", "power_law_1e6_unsorted/ours", 1000000);
  RegisterBenchmark("power_law_1e3/plain", fit_plain)->Arg(1000)->Unit(kMillisecond);
  RegisterBenchmark("power_law_p_1000x1e3/ours", p_value)->Arg(1000)->Unit(kMillisecond);
  RegisterBenchmark("power_law_p_100x1e3/ours", p_value)->Arg(100)->Unit(kMillisecond);
  RegisterBenchmark("power_law_ci_1000x1e3/ours", interval)->Arg(1000)->Unit(kMillisecond);
  RegisterBenchmark("power_law_compare_1e4/ours", alternatives)->Arg(10000)->Unit(kMillisecond);
#ifdef RMTLAB_HAVE_PLFIT
  RegisterBenchmark("power_law_1e3/plfit", fit_plfit)->Arg(1000)->Unit(kMillisecond);
  RegisterBenchmark("power_law_1e4/plfit", fit_plfit)->Arg(10000)->Unit(kMillisecond);
  RegisterBenchmark("power_law_p_100x1e3/plfit", p_value_plfit)->Arg(100)->Unit(kMillisecond);
#endif
  return true;
}();

}  // namespace

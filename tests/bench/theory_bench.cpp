// SPDX-License-Identifier: MIT
/// \file
/// \brief Laws, against the same numbers from GSL, Boost and LAPACK alone.
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include "tests/theory/fredholm.hpp"
#include "theory/heavy_tailed_mp.hpp"
#include "theory/heavy_tailed_mp_table.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/tracy_widom.hpp"

namespace {

using namespace rmtlab;
using benchmark::State;

std::vector<double> grid(double low, double high, std::size_t n) {
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i)
    x[i] = low + (high - low) * (static_cast<double>(i) + 0.5) / static_cast<double>(n);
  return x;
}

// Times are per point: every case counts its points as iterations of one.
template <class F>
void per_point(State& state, const std::vector<double>& x, F f) {
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(f(x[i]));
    i = i + 1 == x.size() ? 0 : i + 1;
  }
}

void tracy_widom_ours(State& state) {
  const theory::TracyWidom law(static_cast<int>(state.range(0)));
  per_point(state, grid(-10, 6, 1000), [&](double s) { return cdf(law, s); });
}

void tracy_widom_fredholm(State& state) {
  per_point(state, grid(-5, 6, 100), [&](double s) {
    const auto values = tests::fredholm(s);
    return state.range(0) == 1 ? values.f1.cdf : values.f2.cdf;
  });
}

// Q - lambda pairs inside the bulk.
void marchenko_pastur_ours(State& state) {
  const theory::MarchenkoPastur law(static_cast<double>(state.range(0)) / 100);
  per_point(state, grid(law.lower_edge(), law.upper_edge(), 1000),
            [&](double x) { return cdf(law, x); });
}

// The density with its square-root ends taken out by the angle, integrated by Gauss and Kronrod.
void marchenko_pastur_quadrature(State& state) {
  const double q = static_cast<double>(state.range(0)) / 100, r = 1 / std::sqrt(q);
  const double lower = (1 - r) * (1 - r), width = 4 * r;
  per_point(state, grid(lower, lower + width, 100), [&](double x) {
    const double end = 2 * std::asin(std::sqrt((x - lower) / width));
    const auto integrand = [&](double t) {
      const double s = std::sin(t), half = std::sin(t / 2);
      return 2 / std::numbers::pi * s * s / ((1 - r) * (1 - r) + 4 * r * half * half);
    };
    return boost::math::quadrature::gauss_kronrod<double, 15>::integrate(integrand, 0.0, end, 12,
                                                                         1e-14);
  });
}

const auto heavy_lambda = [] {
  auto x = grid(std::log(0.02), std::log(100.0), 100);
  for (double& v : x) v = std::exp(v);
  return x;
}();

// The law is made anew for every grid: what it costs to begin is shared by its 100 points.
void heavy_tailed_ours(State& state) {
  const double mu = static_cast<double>(state.range(0)) / 10;
  for (auto _ : state) {
    const theory::HeavyTailedMp law(mu, 2);
    for (const double lambda : heavy_lambda) benchmark::DoNotOptimize(pdf(law, lambda));
  }
}

using Complex = std::complex<double>;

// g(y) and g'(y) by adaptive quadrature on the real line, u = v^(1/a).
std::pair<Complex, Complex> transform(double a, Complex y) {
  const auto integral = [&](int power) {
    const auto part = [&](bool real) {
      return boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
          [&](double v) {
            const Complex f = std::exp(-std::pow(v, 1 / a) - y * v) * std::pow(v, power);
            return real ? f.real() : f.imag();
          },
          0.0, std::pow(40.0, a), 12, 1e-10);
    };
    return Complex(part(true), part(false)) / a;
  };
  return {integral(0), -integral(1)};
}

// Newton from the previous point, downward from a large lambda, to 1e-9: what the equations, a
// quadrature rule and nothing else give.
void heavy_tailed_boost(State& state) {
  const double mu = static_cast<double>(state.range(0)) / 10, a = mu / 2, aspect_ratio = 2;
  const double k = std::tgamma(1 - a) / std::tgamma(a);
  for (auto _ : state) {
    Complex row, col;
    for (std::size_t i = heavy_lambda.size(); i-- > 0;) {
      const double lambda = heavy_lambda[i];
      const Complex w = std::polar(std::pow(lambda, -a), std::numbers::pi * a);
      if (row == Complex()) {
        row = k * w * std::tgamma(a);
        col = row / aspect_ratio;
      }
      for (int step = 0; step < 50; ++step) {
        const auto [g_row, dg_row] = transform(a, row);
        const auto [g_col, dg_col] = transform(a, col);
        const Complex f = row - k * w * g_col, h = col - k * w * g_row / aspect_ratio;
        const Complex b = -k * w * dg_col, c = -k * w * dg_row / aspect_ratio;
        const Complex determinant = 1.0 - b * c;
        const Complex d_row = (f - b * h) / determinant, d_col = (h - c * f) / determinant;
        row -= d_row;
        col -= d_col;
        if (std::abs(d_row) < 1e-9 * std::abs(row)) break;
      }
      benchmark::DoNotOptimize(a / (std::numbers::pi * lambda) *
                               (row * transform(a, row).first).imag());
    }
  }
}

void heavy_tailed_tabulated(State& state) {
  static const theory::HeavyTailedMpTable table(theory::HeavyTailedMp(1, 2), 0.01, 200);
  per_point(state, heavy_lambda, [&](double x) { return pdf(table, x); });
}

BENCHMARK(tracy_widom_ours)->Name("tracy_widom_cdf_beta1/ours")->Arg(1);
BENCHMARK(tracy_widom_fredholm)->Name("tracy_widom_cdf_beta1/gsl_lapack")->Arg(1);
BENCHMARK(tracy_widom_ours)->Name("tracy_widom_cdf_beta2/ours")->Arg(2);
BENCHMARK(tracy_widom_fredholm)->Name("tracy_widom_cdf_beta2/gsl_lapack")->Arg(2);
BENCHMARK(marchenko_pastur_ours)->Name("marchenko_pastur_cdf_q1/ours")->Arg(100);
BENCHMARK(marchenko_pastur_quadrature)->Name("marchenko_pastur_cdf_q1/boost")->Arg(100);
BENCHMARK(marchenko_pastur_ours)->Name("marchenko_pastur_cdf_q2/ours")->Arg(200);
BENCHMARK(marchenko_pastur_quadrature)->Name("marchenko_pastur_cdf_q2/boost")->Arg(200);
BENCHMARK(marchenko_pastur_ours)->Name("marchenko_pastur_cdf_q8/ours")->Arg(800);
BENCHMARK(marchenko_pastur_quadrature)->Name("marchenko_pastur_cdf_q8/boost")->Arg(800);
BENCHMARK(marchenko_pastur_ours)->Name("marchenko_pastur_cdf_q100/ours")->Arg(10000);
BENCHMARK(marchenko_pastur_quadrature)->Name("marchenko_pastur_cdf_q100/boost")->Arg(10000);
BENCHMARK(heavy_tailed_ours)
    ->Name("heavy_tailed_100_points_mu1/ours")
    ->Arg(10)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(heavy_tailed_boost)
    ->Name("heavy_tailed_100_points_mu1/boost")
    ->Arg(10)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(heavy_tailed_ours)
    ->Name("heavy_tailed_100_points_mu15/ours")
    ->Arg(15)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(heavy_tailed_tabulated)->Name("heavy_tailed_tabulated/ours");

}  // namespace

// SPDX-License-Identifier: MIT
#include "sim/network/kernels.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

namespace rmtlab::network {
namespace {

struct Shape {
  std::size_t B, n, m;
};

// Below, at and off every vector length; batches that are one, several and broken groups of four.
std::vector<Shape> shapes() {
  std::vector<Shape> all;
  for (const std::size_t B : {1U, 2U, 3U, 4U, 5U, 8U, 11U, 16U})
    for (const auto& [n, m] :
         std::vector<std::pair<std::size_t, std::size_t>>{{1, 1}, {7, 5}, {16, 32}, {37, 33}})
      all.push_back({B, n, m});
  return all;
}

std::vector<InstructionSet> available_sets() {
  std::vector<InstructionSet> sets;
  for (const auto set : {InstructionSet::plain, InstructionSet::avx2, InstructionSet::avx512})
    if (set <= best_instruction_set()) sets.push_back(set);
  return sets;
}

template <class Real>
std::vector<Real> draw(core::Stream& stream, std::size_t size) {
  std::vector<Real> values(size);
  for (Real& value : values) value = static_cast<Real>(stream.normal());
  return values;
}

// A sum and the sum of the absolute values of its terms, which bounds its rounding error.
struct Sum {
  double value = 0, absolute = 0;
  void add(double term) {
    value += term;
    absolute += std::abs(term);
  }
};

// Each of `terms` products and additions rounds once, relative to at most the absolute sum
// (\cite Higham2002, section 3.1); 4 more for what is done with the sum.
template <class Real>
double bound(std::size_t terms, const Sum& sum) {
  return static_cast<double>(terms + 4) * std::numeric_limits<Real>::epsilon() * sum.absolute;
}

TEMPLATE_TEST_CASE("kernels: forward is x w + bias on every instruction set", "[network]", float,
                   double) {
  core::Stream stream(1);
  for (const auto& [B, n, m] : shapes()) {
    const auto x = draw<TestType>(stream, B * n), w = draw<TestType>(stream, n * m),
               bias = draw<TestType>(stream, m);
    for (const InstructionSet set : available_sets()) {
      std::vector<TestType> y(B * m);
      kernels<TestType>(set).forward(y.data(), x.data(), w.data(), bias.data(), B, n, m);
      for (std::size_t b = 0; b < B; ++b)
        for (std::size_t j = 0; j < m; ++j) {
          Sum sum;
          sum.add(bias[j]);
          for (std::size_t i = 0; i < n; ++i) sum.add(double(x[b * n + i]) * double(w[i * m + j]));
          if (std::abs(y[b * m + j] - sum.value) > bound<TestType>(n, sum)) {
            CAPTURE(int(set), B, n, m, b, j);
            CHECK(y[b * m + j] == sum.value);
          }
        }
    }
  }
}

TEMPLATE_TEST_CASE("kernels: backward is dy w^T on every instruction set", "[network]", float,
                   double) {
  core::Stream stream(2);
  for (const auto& [B, n, m] : shapes()) {
    const auto dy = draw<TestType>(stream, B * m), w = draw<TestType>(stream, n * m);
    for (const InstructionSet set : available_sets()) {
      std::vector<TestType> dx(B * n);
      kernels<TestType>(set).backward(dx.data(), dy.data(), w.data(), B, n, m);
      for (std::size_t b = 0; b < B; ++b)
        for (std::size_t i = 0; i < n; ++i) {
          Sum sum;
          for (std::size_t j = 0; j < m; ++j) sum.add(double(dy[b * m + j]) * double(w[i * m + j]));
          if (std::abs(dx[b * n + i] - sum.value) > bound<TestType>(m, sum)) {
            CAPTURE(int(set), B, n, m, b, i);
            CHECK(dx[b * n + i] == sum.value);
          }
        }
    }
  }
}

TEMPLATE_TEST_CASE("kernels: both steps are the rule of SGD on every instruction set", "[network]",
                   float, double) {
  const StepCoefficients<TestType> c{TestType(0.1), TestType(0.9), TestType(0.01)};
  core::Stream stream(3);
  for (const auto& [B, n, m] : shapes()) {
    const auto x = draw<TestType>(stream, B * n), dy = draw<TestType>(stream, B * m),
               w0 = draw<TestType>(stream, n * m), v0 = draw<TestType>(stream, n * m);
    for (const InstructionSet set : available_sets()) {
      auto w = w0, v = v0, w_stored = w0, v_stored = v0;
      std::vector<TestType> g(n * m);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < m; ++j) {
          double sum = 0;
          for (std::size_t b = 0; b < B; ++b) sum += double(x[b * n + i]) * double(dy[b * m + j]);
          g[i * m + j] = static_cast<TestType>(sum);
        }
      kernels<TestType>(set).outer_step(w.data(), v.data(), x.data(), dy.data(), B, n, m, c);
      kernels<TestType>(set).step(w_stored.data(), v_stored.data(), g.data(), n * m, c);
      for (std::size_t k = 0; k < n * m; ++k) {
        const std::size_t i = k / m, j = k % m;
        Sum velocity;
        velocity.add(double(c.momentum) * double(v0[k]));
        velocity.add(-double(c.learning_rate) * double(c.weight_decay) * double(w0[k]));
        for (std::size_t b = 0; b < B; ++b)
          velocity.add(-double(c.learning_rate) * double(x[b * n + i]) * double(dy[b * m + j]));
        Sum weight = velocity;
        weight.add(w0[k]);
        const bool equal = std::abs(v[k] - velocity.value) <= bound<TestType>(B, velocity) &&
                           std::abs(w[k] - weight.value) <= bound<TestType>(B, weight) &&
                           std::abs(v_stored[k] - velocity.value) <= bound<TestType>(B, velocity) &&
                           std::abs(w_stored[k] - weight.value) <= bound<TestType>(B, weight);
        if (!equal) {
          CAPTURE(int(set), B, n, m, i, j, v[k], v_stored[k], w[k], w_stored[k]);
          CHECK(v[k] == velocity.value);
          CHECK(w[k] == weight.value);
        }
      }
    }
  }
}

TEMPLATE_TEST_CASE("kernels: the other rules are what they say on every instruction set",
                   "[network]", float, double) {
  const RuleCoefficients<TestType> c{.gradient_scale = TestType(0.5),
                                     .weight_decay = TestType(0.25),
                                     .l1 = TestType(0.125),
                                     .keep = TestType(0.75),
                                     .learning_rate = TestType(0.1),
                                     .momentum = TestType(0.9),
                                     .beta2 = TestType(0.99),
                                     .root_scale = TestType(3),
                                     .epsilon = TestType(1e-3)};
  core::Stream stream(5);
  // Terms of order 1, about ten roundings each; the root halves and the quotient adds them up.
  const double tolerance = 40 * double(std::numeric_limits<TestType>::epsilon());
  for (const std::size_t size : {1U, 7U, 32U, 33U, 200U}) {
    auto w0 = draw<TestType>(stream, size);
    const auto v0 = draw<TestType>(stream, size), g = draw<TestType>(stream, size);
    auto u0 = draw<TestType>(stream, size);
    for (TestType& u : u0) u = std::abs(u);
    w0[0] = 0;  // has no sign
    for (const InstructionSet set : available_sets()) {
      const Kernels<TestType>& loops = kernels<TestType>(set);
      auto w_sgd = w0, v_sgd = v0, w_nesterov = w0, v_nesterov = v0, w_adam = w0, v_adam = v0;
      auto u_adam = u0;
      loops.sgd_rule(w_sgd.data(), v_sgd.data(), g.data(), size, c);
      loops.nesterov_rule(w_nesterov.data(), v_nesterov.data(), g.data(), size, c);
      loops.adam_rule(w_adam.data(), v_adam.data(), u_adam.data(), g.data(), size, c);
      double worst = 0;
      for (std::size_t k = 0; k < size; ++k) {
        const double w = w0[k], v = v0[k], lr = c.learning_rate, mu = c.momentum, beta2 = c.beta2;
        const double slope = 0.5 * double(g[k]) + 0.25 * w + (w > 0 ? 0.125 : w < 0 ? -0.125 : 0);
        const double velocity = mu * v - lr * slope;
        const double mean = mu * v + (1 - mu) * slope;
        const double square = beta2 * double(u0[k]) + (1 - beta2) * slope * slope;
        for (const double error :
             {w_sgd[k] - (0.75 * w + velocity), v_sgd[k] - velocity,
              w_nesterov[k] - (0.75 * w + mu * velocity - lr * slope), v_nesterov[k] - velocity,
              v_adam[k] - mean, u_adam[k] - square,
              w_adam[k] - (0.75 * w - lr * mean / (3 * std::sqrt(square) + double(c.epsilon)))})
          worst = std::max(worst, std::abs(error));
      }
      CAPTURE(int(set), size);
      CHECK(worst < tolerance);
    }
  }
}

TEMPLATE_TEST_CASE("kernels: the vector paths equal the plain path to rounding", "[network]", float,
                   double) {
  // The reference path of the shape that is trained most.
  const std::size_t n = 784, m = 128;
  const StepCoefficients<TestType> c{TestType(0.002), TestType(0.9), TestType(2e-4)};
  core::Stream stream(4);
  const auto x = draw<TestType>(stream, n), dy = draw<TestType>(stream, m),
             w0 = draw<TestType>(stream, n * m), v0 = draw<TestType>(stream, n * m),
             bias = draw<TestType>(stream, m);
  const auto run = [&](InstructionSet set) {
    std::vector<TestType> y(m), dx(n), w = w0, v = v0, all;
    kernels<TestType>(set).forward(y.data(), x.data(), w.data(), bias.data(), 1, n, m);
    kernels<TestType>(set).backward(dx.data(), dy.data(), w.data(), 1, n, m);
    kernels<TestType>(set).outer_step(w.data(), v.data(), x.data(), dy.data(), 1, n, m, c);
    for (const auto* part : {&y, &dx, &w, &v}) all.insert(all.end(), part->begin(), part->end());
    return all;
  };
  const auto plain = run(InstructionSet::plain);
  for (const InstructionSet set : available_sets()) {
    const auto other = run(set);
    double worst = 0;
    for (std::size_t k = 0; k < plain.size(); ++k)
      worst = std::max(worst, std::abs(double(plain[k]) - double(other[k])));
    // Sums of up to 784 normal products are of size 28; 784 roundings add up like a random walk
    // to about 28 eps relative to that. Measured: 192 eps.
    CAPTURE(int(set));
    CHECK(worst <= 1000 * double(std::numeric_limits<TestType>::epsilon()));
  }
}

}  // namespace
}  // namespace rmtlab::network

// SPDX-License-Identifier: MIT
#include "sim/network/loss.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "tests/catch.hpp"

using Catch::Matchers::WithinAbs;

namespace rmtlab::network {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

template <class Real>
double forward(const std::vector<Real>& z, std::size_t label) {
  return loss_forward<Real>(Loss::softmax_cross_entropy, z, label);
}

template <class Real>
std::vector<Real> gradient(const std::vector<Real>& z, std::size_t label, double scale = 1) {
  std::vector<Real> delta(z.size());
  loss_backward<Real>(Loss::softmax_cross_entropy, z, label, scale, delta);
  return delta;
}

TEST_CASE("loss: softmax cross-entropy of probabilities 1/2, 1/3, 1/6", "[network]") {
  const std::vector<double> z{std::log(3.0), std::log(2.0), 0.0};
  // A few roundings of log and exp, each of at most an ulp of a number below 2.
  CHECK_THAT(forward(z, 0), WithinAbs(std::log(2.0), 8 * eps));
  CHECK_THAT(forward(z, 2), WithinAbs(std::log(6.0), 8 * eps));
  const std::vector<double> delta = gradient(z, 1, 0.5);
  CHECK_THAT(delta[0], WithinAbs(0.5 / 2, 8 * eps));
  CHECK_THAT(delta[1], WithinAbs(0.5 * (1.0 / 3 - 1), 8 * eps));
  CHECK_THAT(delta[2], WithinAbs(0.5 / 6, 8 * eps));
}

TEST_CASE("loss: both functions return the same loss, and the derivative sums to zero",
          "[network][property]") {
  const std::vector<float> z{0.3F, -1.7F, 2.2F, 0.9F};
  std::vector<float> delta(4);
  for (std::size_t label = 0; label < 4; ++label) {
    // `backward` rounds the exponentials to float before it adds them.
    CHECK_THAT(loss_backward<float>(Loss::softmax_cross_entropy, z, label, 1, delta),
               WithinAbs(forward(z, label), 4e-7));
    CHECK_THAT(std::accumulate(delta.begin(), delta.end(), 0.0), WithinAbs(0, 4e-7));
  }
}

TEST_CASE("loss: a constant added to all outputs changes nothing", "[network][property]") {
  // Binary fractions, so that the shift itself is exact.
  const std::vector<double> z{0.25, -1.5, 2.0};
  for (const double shift : {-512.0, 64.0, 1048576.0}) {
    std::vector<double> shifted = z;
    for (double& value : shifted) value += shift;
    CAPTURE(shift);
    CHECK(forward(shifted, 1) == forward(z, 1));
    CHECK(gradient(shifted, 1) == gradient(z, 1));
  }
}

TEST_CASE("loss: huge outputs neither overflow nor lose the loss", "[network][limit]") {
  CHECK(forward<double>({1e300, -1e300}, 0) == 0);
  CHECK(forward<double>({1e4, -1e4, 0}, 1) == 2e4);
  CHECK(gradient<double>({1e4, -1e4, 0}, 1) == std::vector<double>{1, -1, 0});
  const float huge = std::numeric_limits<float>::max();
  CHECK(std::isfinite(forward<float>({huge, -huge}, 1)));
}

TEST_CASE("loss: mean squares worked out by hand", "[network]") {
  const std::vector<double> z{0.5, -0.25, 1};
  std::vector<double> delta(3);
  // ((0.5 - 0)^2 + (-0.25 - 0)^2 + (1 - 1)^2) / 3
  CHECK_THAT(loss_backward<double>(Loss::mse, z, 2, 3, delta), WithinAbs(0.3125 / 3, 4 * eps));
  CHECK_THAT(delta[0], WithinAbs(2 * 0.5, 4 * eps));
  CHECK_THAT(delta[1], WithinAbs(2 * -0.25, 4 * eps));
  CHECK(delta[2] == 0);
  // Probabilities 1/2, 1/3, 1/6 against class 1: errors 1/2, -2/3, 1/6.
  const std::vector<double> logs{std::log(3.0), std::log(2.0), 0.0};
  const double loss = (1.0 / 4 + 4.0 / 9 + 1.0 / 36) / 3;
  CHECK_THAT(loss_forward<double>(Loss::softmax_mse, logs, 1), WithinAbs(loss, 8 * eps));
  CHECK_THAT(loss_backward<double>(Loss::softmax_mse, logs, 1, 1, delta), WithinAbs(loss, 8 * eps));
  // p_0 (g_0 - sum p g) = 1/2 (2/3)(1/2 - (1/4 - 2/9 + 1/36))
  CHECK_THAT(delta[0], WithinAbs(1.0 / 3 * (1.0 / 2 - 1.0 / 18), 8 * eps));
  CHECK_THAT(std::accumulate(delta.begin(), delta.end(), 0.0), WithinAbs(0, 8 * eps));
}

TEST_CASE("loss: smoothing mixes the target with the uniform one", "[network]") {
  const std::vector<double> z{0.25, -1.5, 2.0};
  const double s = 0.3;
  // The cross-entropy is linear in the target: a mean over classes of what each would cost.
  double uniform = 0;
  for (std::size_t k = 0; k < 3; ++k) uniform += forward(z, k) / 3;
  const double expected = (1 - s) * forward(z, 2) + s * uniform;
  CHECK_THAT(loss_forward<double>(Loss::softmax_cross_entropy, z, 2, s),
             WithinAbs(expected, 16 * eps));
  std::vector<double> delta(3);
  CHECK_THAT(loss_backward<double>(Loss::softmax_cross_entropy, z, 2, 1, delta, s),
             WithinAbs(expected, 16 * eps));
  const std::vector<double> hard = gradient(z, 2);
  CHECK_THAT(delta[2], WithinAbs(hard[2] + s - s / 3, 8 * eps));
  CHECK_THAT(delta[1], WithinAbs(hard[1] - s / 3, 8 * eps));
  CHECK(std::abs(expected - forward(z, 2)) > 0.1);  // negative control: it does something
}

TEST_CASE("loss: a blind guess has the uninformed loss", "[network]") {
  const auto loss = GENERATE(Loss::softmax_cross_entropy, Loss::mse, Loss::softmax_mse);
  const std::vector<double> guess(10, 0.1);  // as outputs and, all being equal, as probabilities
  CHECK_THAT(loss_forward<double>(loss, guess, 3), WithinAbs(uninformed_loss(loss, 10), 8 * eps));
}

TEST_CASE("loss: outputs that are not finite are not hidden", "[network][limit]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {nan, infinity})
    for (std::size_t where = 0; where < 3; ++where) {
      std::vector<double> z{0, 1, 2}, delta(3);
      z[where] = bad;
      CAPTURE(bad, where);
      for (const Loss loss : {Loss::softmax_cross_entropy, Loss::mse, Loss::softmax_mse}) {
        CHECK_FALSE(std::isfinite(loss_forward<double>(loss, z, 1)));
        CHECK_FALSE(std::isfinite(loss_backward<double>(loss, z, 1, 1, delta)));
      }
    }
}

}  // namespace
}  // namespace rmtlab::network

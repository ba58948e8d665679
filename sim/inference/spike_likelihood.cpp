// SPDX-License-Identifier: MIT
#include "sim/inference/spike_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/roots.hpp>
#include <fmt/format.h>

#include "theory/domain_check.hpp"

namespace rmtlab::inference {
namespace {

// sum_j d_j^-power, d_j = distance + gaps_j.
double inverse_power_sum(const std::vector<double>& gaps, double distance, int power) {
  double sum = 0;
  for (const double gap : gaps) sum += std::pow(distance + gap, -power);
  return sum;
}

// How far the saddle point lies to the right of the largest a_j, given gaps_j = a_max - a_j >= 0. Of
// the M terms of sum 1/(2 d_j) = 1 one alone reaches 1 at d = 1/2, and all together not beyond M/2.
double saddle_distance(const std::vector<double>& gaps) {
  const double far = 1 + static_cast<double>(gaps.size()) / 2;
  // Any point to the right of the branch points gives the same integral: half the digits are enough.
  constexpr int digits = std::numeric_limits<double>::digits / 2;
  boost::uintmax_t iterations = 100;
  // The reciprocal of the sum, a harmonic mean, is concave: from the left the steps never pass the root.
  return boost::math::tools::newton_raphson_iterate(
      [&](double x) {
        const double sum = inverse_power_sum(gaps, x, 1);
        return std::pair(2 / sum - 1, 2 * inverse_power_sum(gaps, x, 2) / (sum * sum));
      },
      0.5, 0.5, far, digits, iterations);
}

// The integrand over its value at the saddle point, along s = s_0 + i t - bend t^2, for real t.
class SaddleIntegrand {
public:
  SaddleIntegrand(const std::vector<double>& gaps, double distance) : inverse_(gaps.size()) {
    std::transform(gaps.begin(), gaps.end(), inverse_.begin(),
                   [&](double gap) { return 1 / (distance + gap); });
    const double squares = inverse_power_sum(gaps, distance, 2);
    width_ = std::sqrt(2 / squares);
    bend_ = inverse_power_sum(gaps, distance, 3) / (3 * squares);
  }

  // Deviation of the Gaussian that the integrand resembles.
  [[nodiscard]] double width() const { return width_; }

  // Re[e^(phi(s) - phi(s_0)) ds / (i dt)]; `modulus` of the exponential, to know when to stop.
  double operator()(double t, double& modulus) const {
    const std::complex<double> u(-bend_ * t * t, t);
    std::complex<double> logs = 0;
    for (const double inverse : inverse_) logs += std::log(1.0 + u * inverse);
    const std::complex<double> exponent = u - 0.5 * logs;
    modulus = std::exp(exponent.real());
    return modulus * (std::cos(exponent.imag()) - 2 * bend_ * t * std::sin(exponent.imag()));
  }

private:
  std::vector<double> inverse_;  // 1 / (s_0 - a_j)
  double width_ = 0, bend_ = 0;
};

// Sum of the integrand at t = first, first + step, ... until nothing is left of it.
double tail_sum(const SaddleIntegrand& integrand, double first, double step) {
  double sum = 0, modulus = 1;
  for (double k = 0; modulus > 1e-19; ++k) sum += integrand(first + k * step, modulus);
  return sum;
}

// (1/pi) times the integral over t from 0 to infinity. The rule's error falls as e^(-c / step), so it is
// about squared when the step is halved: the last difference bounds the square root of what is left.
double integrate(const SaddleIntegrand& integrand) {
  constexpr int most_halvings = 12;
  constexpr double enough = 1e-9;
  double step = 0.8 * integrand.width();
  double coarse = (0.5 + tail_sum(integrand, step, step)) * step;
  for (int i = 0; i < most_halvings; ++i) {
    const double fine = (coarse + step * tail_sum(integrand, step / 2, step)) / 2;
    step /= 2;
    if (std::abs(fine - coarse) <= enough * fine) return fine / std::numbers::pi;
    coarse = fine;
  }
  throw std::runtime_error(
      fmt::format("log_sphere_average: the trapezoidal rule did not converge (value {} at step {})",
                  coarse, step));
}

}  // namespace

double log_sphere_average(std::span<const double> values) {
  if (values.empty())
    theory::throw_domain_error("log_sphere_average", "values.size()", 0, "at least 1");
  for (const double a : values)
    if (!std::isfinite(a)) theory::throw_domain_error("log_sphere_average", "value", a, "finite");
  const double largest = *std::max_element(values.begin(), values.end());
  std::vector<double> gaps(values.size());
  std::transform(values.begin(), values.end(), gaps.begin(), [&](double a) { return largest - a; });
  const double distance = saddle_distance(gaps);
  double logs = 0;
  for (const double gap : gaps) logs += std::log(distance + gap);
  const double integral = integrate(SaddleIntegrand(gaps, distance));
  return boost::math::lgamma(static_cast<double>(values.size()) / 2) + largest + distance -
         logs / 2 + std::log(integral);
}

double log_likelihood_ratio(std::span<const double> eigenvalues, std::size_t rows, double excess) {
  constexpr const char* function = "log_likelihood_ratio";
  if (eigenvalues.empty())
    theory::throw_domain_error(function, "eigenvalues.size()", 0, "at least 1");
  for (const double lambda : eigenvalues)
    if (!(std::isfinite(lambda) && lambda >= 0))
      theory::throw_domain_error(function, "eigenvalue", lambda, "finite and >= 0");
  if (rows < 1) theory::throw_domain_error(function, "rows", 0, "at least 1");
  if (!(std::isfinite(excess) && excess > -1))
    theory::throw_domain_error(function, "excess", excess, "finite and > -1");
  if (excess == 0) return 0;
  const double half = static_cast<double>(rows) / 2;
  std::vector<double> values(eigenvalues.begin(), eigenvalues.end());
  for (double& a : values) a *= half * excess / (1 + excess);
  return log_sphere_average(values) - half * std::log1p(excess);
}

}  // namespace rmtlab::inference

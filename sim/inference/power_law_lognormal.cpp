// SPDX-License-Identifier: MIT
// The lognormal alternative.
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include <boost/math/tools/roots.hpp>

#include "sim/inference/power_law_excess.hpp"

namespace rmtlab::inference {
namespace {

constexpr const char* law_name = "lognormal";
constexpr double infinity = std::numeric_limits<double>::infinity();

// Of a standard normal variate given that it exceeds z: its mean excess h, w = 1 - z h, and
// defect = 1 - h (h + z), where h + z is the hazard.
struct NormalExcess {
  double h, w, defect;

  // variance / mean^2 of the excess
  [[nodiscard]] double squared_cv() const { return defect / (h * h); }
};

constexpr double is_far = 1;  // z from which the continued fraction is used

// h = hazard - z. From z = 1 on by Laplace's continued fraction 1/(z + 2/(z + 3/(z + ...))): hazard - z
// and 1 - z h would cancel. The number of terms was found sufficient for full precision.
NormalExcess normal_excess(double z) {
  if (z < is_far) {
    const double hazard = std::exp(-0.5 * z * z) * std::numbers::inv_sqrtpi * std::numbers::sqrt2 /
                          std::erfc(z / std::numbers::sqrt2);
    const double h = hazard - z;
    return {h, 1 - z * h, 1 - h * hazard};
  }
  const int terms = static_cast<int>(500 / (z * z)) + 11;
  double rest = 0;
  for (int k = terms; k >= 2; --k) rest = k / (z + rest);
  const double h = 1 / (z + rest);
  return {h, h * rest, h * rest - h * h};
}

// ln p_power_law - ln p_lognormal at y = e mean(y), the power law having mean(y) as well.
class LogRatio {
public:
  explicit LogRatio(double z)
      : z_(z),
        excess_(normal_excess(z)),
        constant_(z < is_far ? std::log(std::sqrt(0.5 * std::numbers::pi) *
                                        std::erfc(z / std::numbers::sqrt2) / excess_.h)
                             : -std::log1p(-excess_.defect)) {}

  double operator()(double e) const {
    if (z_ < is_far) {  // the normal density as it stands: z + h e is small where it peaks
      const double u = z_ + excess_.h * e;
      return constant_ - e + 0.5 * u * u;
    }
    const double u = excess_.h * e;  // the exponent z^2 / 2 taken out of density and Q(z)
    return constant_ - excess_.w * e + 0.5 * u * u;
  }

  // Standard deviation of the normal law, in units of mean(y).
  [[nodiscard]] double sigma() const { return 1 / excess_.h; }

private:
  double z_;
  NormalExcess excess_;
  double constant_;
};

// z whose excess has this coefficient of variation, squared, in (0, 1); infinite if it is nearer to
// 1 than any finite z that matters (R < m z^-4).
double find_cut(double squared_cv) {
  constexpr double largest = 1e6;
  const auto f = [&](double z) { return normal_excess(z).squared_cv() - squared_cv; };
  if (f(largest) <= 0) return infinity;
  double lower = -1;
  while (f(lower) > 0) lower *= 2;
  double upper = 1;
  while (f(upper) < 0) upper *= 2;
  std::uintmax_t steps = 200;
  const auto bracket = boost::math::tools::toms748_solve(
      f, lower, upper, boost::math::tools::eps_tolerance<double>(53), steps);
  return 0.5 * (bracket.first + bracket.second);
}

}  // namespace

Alternative lognormal_alternative(const CountedValues& sample, const PowerLawFit& fit) {
  const TailExcess tail = tail_excess(sample, fit, "lognormal_alternative");
  const double z = tail.squared_cv < 1 ? find_cut(tail.squared_cv) : infinity;
  Alternative result = same_as_power_law(tail, fit, law_name);
  result.parameters = {{"mu", -infinity}, {"sigma", infinity}};
  if (std::isinf(z)) return result;
  const LogRatio log_ratio_at(z);
  std::vector<double> difference(tail.y.size());
  for (std::size_t k = 0; k < difference.size(); ++k)
    difference[k] = log_ratio_at(tail.y[k] / tail.mean);
  Alternative better = compared(tail, fit, law_name, LikelihoodTest::half_chi_square, difference);
  if (better.is_power_law) return result;
  const double s = tail.mean * log_ratio_at.sigma();
  better.parameters = {{"mu", std::log(fit.xmin) - z * s}, {"sigma", s}};
  return better;
}

double lognormal_survival(double m, double s, double y) {
  const double cut = -m / s;
  const double z = cut + y / s;
  if (cut < is_far)
    return std::erfc(z / std::numbers::sqrt2) / std::erfc(cut / std::numbers::sqrt2);
  // Q(z) = phi(z) / (h + z); the exponents of the two densities cancel.
  return (normal_excess(cut).h + cut) / (normal_excess(z).h + z) *
         std::exp(-0.5 * (z - cut) * (z + cut));
}

}  // namespace rmtlab::inference

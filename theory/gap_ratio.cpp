// SPDX-License-Identifier: MIT
/// \file
/// \brief Ratio of consecutive level spacings: repulsion without unfolding.
///
/// Why the angle works: 1 + r + r^2 = (3/4) / cos^2(phi) with r + 1/2 = (sqrt 3 / 2) tan(phi), and
/// cos(phi) (1 - (4/3) cos^2(phi)) = -cos(3 phi) / 3 turns the density into a power of one cosine of
/// 3 phi; eta = 3 (phi - pi/6) starts at r = 0.
#include "theory/gap_ratio.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/special_functions/beta.hpp>

#include "theory/domain_check.hpp"

namespace rmtlab::theory {

namespace {

using std::numbers::pi;
using std::numbers::sqrt3;

constexpr double infinity = std::numeric_limits<double>::infinity();

double beta_parameter(const GapRatio& law) { return (law.dyson_index() + 1) / 2.0; }

/// sin^2(eta/2) for 0 <= r <= 1.
double beta_variable(double r) {
  const double s = std::sin(1.5 * std::atan(sqrt3 * r / (r + 2)));
  return s * s;
}

/// P(R <= r) for r <= 1, where it is at most 1/2.
double left_mass(const GapRatio& law, double r) {
  const double b = beta_parameter(law);
  return boost::math::ibeta(b, b, beta_variable(r));
}

}  // namespace

GapRatio::GapRatio(int dyson_index) : dyson_index_(dyson_index) {
  if (dyson_index != 1 && dyson_index != 2 && dyson_index != 4)
    throw_domain_error("GapRatio", "dyson_index", dyson_index, "1, 2 or 4");
}

double pdf(const GapRatio& law, double r) {
  check_not_nan("pdf", "r", r);
  if (r <= 0 || std::isinf(r)) return 0;
  if (r > 1) return pdf(law, 1 / r) / r / r;  // no overflow of the powers
  const int beta = law.dyson_index();
  const double normaliser = beta == 1   ? 8.0 / 27
                            : beta == 2 ? 4 * pi / (81 * sqrt3)
                                        : 4 * pi / (729 * sqrt3);
  return std::pow(r + r * r, beta) / std::pow(1 + r + r * r, 1 + 1.5 * beta) / normaliser;
}

double cdf(const GapRatio& law, double r) {
  check_not_nan("cdf", "r", r);
  if (r <= 0) return 0;
  return r <= 1 ? left_mass(law, r) : 1 - left_mass(law, 1 / r);
}

double sf(const GapRatio& law, double r) {
  check_not_nan("sf", "r", r);
  if (r <= 0) return 1;
  return r <= 1 ? 1 - left_mass(law, r) : left_mass(law, 1 / r);
}

double quantile(const GapRatio& law, double p) {
  check_probability("quantile", "p", p);
  if (p == 0) return 0;
  if (p == 0.5) return 1;
  if (p > 0.5) return 1 / quantile(law, 1 - p);  // 1 - p is exact; 1/0 is infinity
  const double b = beta_parameter(law);
  const double t = std::tan(2.0 / 3 * std::asin(std::sqrt(boost::math::ibeta_inv(b, b, p))));
  return 2 * t / (sqrt3 - t);
}

double quantile_sf(const GapRatio& law, double q) {
  check_probability("quantile_sf", "q", q);
  return 1 / quantile(law, q);
}

double mean(const GapRatio& law) {
  if (law.dyson_index() == 1) return 1.75;
  return (law.dyson_index() == 2 ? 27 * sqrt3 / 8 : 243 * sqrt3 / 80) / pi - 0.5;
}

double variance(const GapRatio& law) {
  if (law.dyson_index() == 1) return infinity;
  const double second = law.dyson_index() == 2 ? 4.0 : 2.5 - 81 * sqrt3 / (80 * pi);
  return second - mean(law) * mean(law);
}

double mean_folded(const GapRatio& law) {
  if (law.dyson_index() == 1) return 4 - 2 * sqrt3;
  return (law.dyson_index() == 2 ? 2 * sqrt3 : 32 * sqrt3 / 15) / pi - 0.5;
}

}  // namespace rmtlab::theory

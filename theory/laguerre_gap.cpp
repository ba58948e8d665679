// SPDX-License-Identifier: MIT
/// \file
/// \brief Probability that a matrix of noise has no eigenvalue above, or below, a given point.
///
/// w(t) = t^a e^-t; phi_k, w^(1/2) times a polynomial of degree k with positive leading coefficient, are
/// orthonormal on the part I of the half line where eigenvalues are allowed, (0, x) here. Complex
/// matrices have the determinant of the Gram matrix of 1, t, ..., t^(p-1), which is the product of
/// h_k, over its value on the whole half line.
///
/// Real ones have the joint density |Vandermonde| times w^(1/2) t^(-1/2) of every eigenvalue, and by
/// de Bruijn's formula the product of h_k^(1/2) times the Pfaffian of
///
///     <f, g> = int_I dt int_(s < t) ds (f(s) g(t) - g(s) f(t))     over psi_k = t^(-1/2) phi_k, k < p,
///
/// with a last row of integrals int psi_k if p is odd. Instead of psi_0 .. psi_(p-1) take psi_0 and
/// f_j = (t^(1/2) phi_j)', j <= p - 2, which span the same. With D = t d/dt + 1/2, n_ij = int phi_i D
/// phi_j and theta_k = x^(1/2) phi_k(x), integration by parts gives n_ij + n_ji = theta_i theta_j (D is
/// skew but for the end point) and <f_i, f_j> = n_ij - n_ji. By degree n_ij vanishes for i > j + 1, and by
/// the leading coefficients it is -b_i^(1/2) / 2 for i = j + 1. So, above the diagonal,
///
///     <f_i, f_j> = theta_i theta_j + [j = i + 1] b_j^(1/2),    <psi_0, f_j> = Psi theta_j - 2 [j = 0],
///     last row: int f_j = theta_j, int psi_0 = Psi.
///
/// The Pfaffian of products v_i v_j (i < j) plus one more diagonal is the sum over all ways to pair
/// neighbours by that diagonal, a continuant; for both parities of p it is Z_p in
///
///     Z_0 = 1,  Z_1 = Psi,  Z_2 = theta_0 Psi - 2,  Z_k = theta_(k-2) Z_(k-1) + b_(k-2)^(1/2) Z_(k-2).
///
/// The signs alternate from Z_2 on. Two ways to evaluate it keep all digits:
///  - where the gap is likely theta is small: 1 - eta_k, with eta_k = |Z_k| over what it is with every
///    theta = 0, is a sum of positive terms;
///  - where it is unlikely |Z_k| is the decreasing solution, and the ratios
///    rho_k = |Z_k / Z_(k-1)| = b_(k-1)^(1/2) / (theta_(k-1) + rho_(k+1)) form a continued fraction.
///
/// On (x, infinity) the boundary term of D has the other sign and theta_k alternates; the same
/// recursion holds with |theta_k|.
///
/// Derivatives by x: x (b_k^(1/2))' = b_k^(1/2) (theta_k^2 - theta_(k-1)^2) / 2 and x theta_k' =
/// (b_k^(1/2) theta_(k-1) - b_(k+1)^(1/2) theta_(k+1)) / 2, up to the sign of the side, from which by
/// induction x Z_k' = ((theta_(k-1)^2 - theta_0^2) Z_k - theta_(k-1) Z_(k+1)) / 2. So x times the hazard
/// is S = sum of theta_k^2 over k < p (complex) or (S + theta_(p-1) rho_(p+1)) / 2 (real).
#include "theory/laguerre_gap.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>

#include "theory/domain_check.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::theory {

namespace {

constexpr double tiny = 1e-290;  // below it logarithms are formed without the number

/// The ensemble, and the side of x that is to be empty.
struct Setting {
  SpectrumEdge edge;
  int order;
  double a;
  [[nodiscard]] bool upper() const { return edge == SpectrumEdge::upper; }
  /// Direction from x to where eigenvalues are allowed.
  [[nodiscard]] double inwards() const { return upper() ? -1 : 1; }
};

/// log of w(x + d) / w(x).
double log_weight_ratio(double a, double x, double d) { return a * std::log1p(d / x) - d; }

/// b_k^(1/2) on the half line, where the polynomials are Laguerre's.
double laguerre_root_b(double k, double a) { return std::sqrt(k * (k + a)); }

/// Psi on the half line, 2^((a+1)/2) Gamma((a+1)/2) / Gamma(a+1)^(1/2), by the duplication formula.
double psi_of_half_line(double a) {
  return std::sqrt(2 * std::sqrt(std::numbers::pi) *
                   boost::math::tgamma_delta_ratio((a + 1) / 2, 0.5));
}

/// log of w(x) / Gamma(a + 1).
double log_weight(double a, double x) {
  const double weight = boost::math::gamma_p_derivative(a + 1, x);
  return weight > tiny ? std::log(weight) : a * std::log(x) - x - std::lgamma(a + 1);
}

/// log P(s, y), also where the function underflows (y far below s then).
double log_lower_gamma(double s, double y) {
  const double direct = boost::math::gamma_p(s, y);
  if (direct > tiny) return std::log(direct);
  double term = 1, sum = 1;  // y^s e^-y / Gamma(s + 1) times sum y^k / (s + 1)_k
  for (int k = 1; term > 1e-17 * sum; ++k) sum += term *= y / (s + k);
  return s * std::log(y) - y - std::lgamma(s + 1) + std::log(sum);
}

/// log Q(s, y), also where the function underflows (y far above s then).
double log_upper_gamma(double s, double y) {
  const double direct = boost::math::gamma_q(s, y);
  if (direct > tiny) return std::log(direct);
  double fraction = 0;  // y^s e^-y / Gamma(s) / (y + 1 - s - 1 (1 - s) / (y + 3 - s - ...))
  for (int k = 400; k >= 1; --k) fraction = k * (k - s) / (y + 2 * k + 1 - s - fraction);
  return s * std::log(y) - y - std::lgamma(s) - std::log(y + 1 - s - fraction);
}

/// log of the part of a Gamma law of shape s inside of y.
double log_inside(const Setting& setting, double s, double y) {
  return setting.upper() ? log_lower_gamma(s, y) : log_upper_gamma(s, y);
}

// --- Where the gap is unlikely -------------------------------------------------------------------

/// Degrees up to which the continued fraction needs coefficients where it is used.
int highest_degree(SpectrumEdge edge, int order) {
  const int margin = edge == SpectrumEdge::upper ? 20 : 40;
  return order + margin + static_cast<int>(6 * std::cbrt(order));
}

int inside_points(SpectrumEdge edge, int order) {
  const int degrees = highest_degree(edge, order);
  return edge == SpectrumEdge::upper ? 2 * degrees + 40 : 3 * degrees + 60;
}

/// What belongs to the functions on the inside of x, from degree 0 up.
struct Truncated {
  std::vector<double> root_b;  ///< b_k^(1/2); [0] is 0
  std::vector<double> theta;   ///< absolute values
  double log_r0;
};

/// Distance from x, inwards, at which the weight times any polynomial of that degree is negligible.
///
/// The zeros of degree k fill the interval between x and x / q^2 (equilibrium measure with a wall at x),
/// a (q - 1) - x (1 - 1 / q^2) / 2 = +-2 k, q > 1 below x and q < 1 above. Beyond them the functions
/// decay like Airy's; where those of degree k + 10 k^(1/3) have their last zero, 1e-18 is left. Towards
/// the origin comes the power law t^a.
double inside_range(const Setting& setting, double degree, double x) {
  const double a = setting.a, goal = 2 * (degree + 10 * std::cbrt(degree) + 10);
  if (setting.upper()) {
    if (a == 0) return x;
    double low = 1, high = 2 + (goal + x / 2) / a;
    for (int step = 0; step < 60; ++step) {
      const double q = (low + high) / 2;
      (a * (q - 1) - x * (1 - 1 / (q * q)) / 2 < goal ? low : high) = q;
    }
    return x * (1 - std::exp(-42 / a) / (high * high));
  }
  double low = 0, high = 2 * (goal + a);
  for (int step = 0; step < 60; ++step) {
    const double range = (low + high) / 2;
    (range / 2 - a * (1 - 1 / std::sqrt(1 + range / x)) < goal ? low : high) = range;
  }
  return high;
}

/// Stieltjes' procedure on a quadrature rule for the functions phi_k themselves (polynomials and
/// weight apart would leave the range of doubles), in the distance from x so that nothing is lost
/// where a and x are large.
Truncated truncated_functions(const Setting& setting, const GaussLegendre& rule, double x) {
  const double a = setting.a, sign = setting.inwards();
  const int degrees = highest_degree(setting.edge, setting.order);
  const std::size_t size = rule.nodes.size();
  const double range = inside_range(setting, degrees, x);
  const bool has_peak = (x < a) != setting.upper();  // of the weight, inside, at t = a
  const double log_peak = !has_peak ? 0 : a == 0 ? x : log_weight_ratio(a, x, a - x);
  std::vector<double> position(size), before(size, 0.0), current(size);
  double mass = 0;
  for (std::size_t i = 0; i < size; ++i) {
    // Zeros are dense at x if what lies inside is unbounded: there the nodes are those of a square.
    position[i] = setting.upper() ? rule.nodes[i] : rule.nodes[i] * rule.nodes[i];
    const double width = setting.upper() ? rule.weights[i] : 2 * rule.nodes[i] * rule.weights[i];
    const double d = sign * range * position[i];
    current[i] = std::sqrt(width) * std::exp((log_weight_ratio(a, x, d) - log_peak) / 2);
    mass += current[i] * current[i];
  }
  for (double& value : current) value /= std::sqrt(mass);
  Truncated result{{0.0}, {}, log_inside(setting, a + 1, x)};
  double end_before = 0, root = 0;  // the functions at x
  double end = std::exp(-log_peak / 2) * std::sqrt(x / (mass * range));
  for (int k = 0;; ++k) {
    result.theta.push_back(end);
    if (k == degrees) return result;
    double center = 0, norm = 0;
    for (std::size_t i = 0; i < size; ++i) center += position[i] * current[i] * current[i];
    for (std::size_t i = 0; i < size; ++i) {
      before[i] = (center - position[i]) * current[i] - root * before[i];
      norm += before[i] * before[i];
    }
    end_before = center * end - root * end_before;
    root = std::sqrt(norm);
    end_before /= root;
    for (double& value : before) value /= root;
    std::swap(before, current);
    std::swap(end_before, end);
    result.root_b.push_back(range * root);
  }
}

/// rho_(K+2), where theta_K and b_K are the last known.
///
/// A wrong start puts an error of alternating sign into rho_k, which dies out slowly where theta is
/// small. The solution itself is smooth in k: the start is chosen so that the difference of order 10,
/// 1024 times the alternating part and little of the smooth one, vanishes at the end.
double continued_fraction_start(const std::vector<double>& root_b,
                                const std::vector<double>& theta) {
  constexpr int order = 10;
  const std::size_t last = theta.size() - 1;
  const auto roughness = [&](double rho) {
    double sum = rho, binomial = 1;
    for (int j = 1; j <= order; ++j) {
      const std::size_t k = last + 1 - static_cast<std::size_t>(j);
      rho = root_b[k] / (theta[k] + rho);
      binomial *= -double(order + 1 - j) / j;
      sum += binomial * rho;
    }
    return sum;
  };
  // Where the coefficients are constant: rho (theta + rho) = b^(1/2).
  double rho =
      2 * root_b[last] / (theta[last] + std::sqrt(theta[last] * theta[last] + 4 * root_b[last]));
  for (int step = 0; step < 4; ++step) {
    const double h = 1e-6 * rho, value = roughness(rho);
    const double change = h * value / (roughness(rho + h) - value);
    rho = std::clamp(rho - change, rho / 2, 2 * rho);
  }
  return rho;
}

GapPoint unlikely_gap(const Setting& setting, int dyson_index, const GaussLegendre& rule,
                      double x) {
  const int p = setting.order;
  const double a = setting.a;
  const auto [root_b, theta, log_r0] = truncated_functions(setting, rule, x);
  double log_r = log_r0, log_product = log_r0, squares = theta[0] * theta[0];
  for (int k = 1; k < p; ++k) {
    log_r += 2 * std::log(root_b[k] / laguerre_root_b(k, a));
    log_product += log_r;
    squares += theta[k] * theta[k];
  }
  if (dyson_index == 2) return {log_product, std::log1p(-std::exp(log_product)), squares / x};

  double log_z = 0, rho_beyond = 0;  // Z over its value on the half line, but for Psi
  double rho = continued_fraction_start(root_b, theta);
  for (int k = static_cast<int>(theta.size()); k >= 2; --k) {
    rho = root_b[k - 1] / (theta[k - 1] + rho);
    if (k == p + 1) rho_beyond = rho;
    if (k <= p) log_z += std::log(rho);
  }
  for (int k = p - 2; k >= 1; k -= 2) log_z -= std::log(laguerre_root_b(k, a));
  if (p % 2 == 0) log_z += std::log(psi_of_half_line(a) / 2);
  const double log_psi = log_inside(setting, (a + 1) / 2, x / 2) - log_r0 / 2;
  const double log_gap = (log_product + log_r0 - log_r) / 2 + log_psi + log_z;
  return {log_gap, std::log1p(-std::exp(log_gap)), (squares + theta[p - 1] * rho_beyond) / (2 * x)};
}

// --- Where it is likely --------------------------------------------------------------------------

/// Orthonormal Laguerre polynomials at t over the one of degree 0, times exp(-the returned value).
double laguerre(double t, double a, std::vector<double>& q) {
  constexpr double large = 1e150;
  double log_factor = 0, before = 0;
  q[0] = 1;
  for (std::size_t k = 0; k + 1 < q.size(); ++k) {
    const auto n = static_cast<double>(k);
    q[k + 1] =
        ((t - (2 * n + a + 1)) * q[k] - laguerre_root_b(n, a) * before) / laguerre_root_b(n + 1, a);
    if (std::abs(q[k + 1]) > large) {
      for (std::size_t j = 0; j <= k + 1; ++j) q[j] /= large;
      log_factor += std::log(large);
    }
    before = q[k];
  }
  return log_factor;
}

/// Laguerre functions of degrees 0 .. p from x outwards, in a unit of their size at x.
struct Beyond {
  double log_unit;              ///< of the root of their squares' sum at x
  std::vector<double> at_x;     ///< phi_k(x) / unit
  std::vector<double> overlap;  ///< int phi_j phi_k / unit^2 beyond x; rows of p + 1, j >= k only
};

/// Distance beyond x at which log_kernel has fallen by 44, or x itself towards the origin.
template <class Function>
double beyond_range(const Setting& setting, double x, Function log_kernel) {
  const double goal = log_kernel(0.0) - 44;
  double low = 0, high = setting.upper() ? 1 : x / 1024;
  while (log_kernel(high) > goal) {
    low = high;
    high *= 2;
    if (!setting.upper() && high >= x) return x;
  }
  for (int step = 0; step < 5; ++step) {
    const double middle = (low + high) / 2;
    (log_kernel(middle) > goal ? low : high) = middle;
  }
  return high;
}

Beyond functions_beyond(const Setting& setting, const GaussLegendre& rule, double x) {
  const double a = setting.a, sign = -setting.inwards();
  std::vector<double> q(static_cast<std::size_t>(setting.order) + 1);
  const std::size_t size = q.size();
  const auto log_kernel = [&](double distance) {
    const double d = sign * distance, log_factor = laguerre(x + d, a, q);
    double sum = 0;
    for (const double value : q) sum += value * value;
    return 2 * log_factor + std::log(sum) + log_weight_ratio(a, x, d);
  };
  const double range = beyond_range(setting, x, log_kernel), log_start = log_kernel(0.0);
  Beyond result{(log_weight(a, x) + log_start) / 2, {}, std::vector<double>(size * size, 0.0)};
  for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
    const double d = sign * range * rule.nodes[i], log_factor = laguerre(x + d, a, q);
    const double factor =
        range * rule.weights[i] * std::exp(2 * log_factor + log_weight_ratio(a, x, d) - log_start);
    for (std::size_t j = 0; j < size; ++j)
      for (std::size_t k = 0; k <= j; ++k) result.overlap[j * size + k] += factor * q[j] * q[k];
  }
  const double factor = std::exp(laguerre(x, a, q) - log_start / 2);
  for (double& value : q) value *= factor;
  result.at_x = std::move(q);
  return result;
}

/// What separates the functions inside from those on the half line, in a unit that may underflow.
struct Losses {
  double log_unit, unit;
  std::vector<double> r;
  std::vector<double> loss;    ///< (1 - r_k) / unit^2 >= 0
  std::vector<double> theta;   ///< absolute values / unit
  std::vector<double> root_b;  ///< b_k^(1/2); [0] is 0
};

/// Elimination on the Gram matrix 1 - overlap with the 1 kept apart: the pivots are r_k, and what is
/// added to the diagonal of the overlaps is positive.
Losses eliminate(Beyond beyond, double x, double a) {
  const std::size_t size = beyond.at_x.size();
  Losses result{beyond.log_unit, std::exp(beyond.log_unit), {}, {}, {}, {}};
  const double square = result.unit * result.unit;
  std::vector<double>& overlap = beyond.overlap;
  for (std::size_t k = 0; k < size; ++k) {
    const double loss = overlap[k * size + k], r = 1 - square * loss;
    const double root_b = laguerre_root_b(static_cast<double>(k), a);
    result.root_b.push_back(k == 0 ? 0 : root_b * std::sqrt(r / result.r.back()));
    result.loss.push_back(loss);
    result.r.push_back(r);
    result.theta.push_back(std::abs(beyond.at_x[k]) * std::sqrt(x / r));
    for (std::size_t i = k + 1; i < size; ++i) {
      const double factor = square * overlap[i * size + k] / r;
      beyond.at_x[i] += factor * beyond.at_x[k];
      for (std::size_t j = k + 1; j <= i; ++j)
        overlap[i * size + j] += factor * overlap[j * size + k];
    }
  }
  return result;
}

/// -log(1 - unit y) / unit, down to unit = 0.
double scaled_log(double y, double unit) {
  const double small = unit * y;
  return small < 1e-17 ? y : -std::log1p(-small) / unit;
}

/// -log of the gap probability of the one eigenvalue that odd p leave over.
double scaled_single(const Setting& setting, double x, const Losses& losses) {
  const double s = (setting.a + 1) / 2, y = x / 2;
  const double loss = setting.upper() ? boost::math::gamma_q(s, y) : boost::math::gamma_p(s, y);
  if (loss > tiny) return -std::log1p(-loss) / losses.unit;
  const double log_loss = setting.upper() ? log_upper_gamma(s, y) : log_lower_gamma(s, y);
  return std::exp(log_loss - losses.log_unit);
}

/// The point with -log gap = exp(log_scale) scaled.
GapPoint point_with(double log_scale, double scaled, double hazard) {
  const double minus_log = std::exp(log_scale) * scaled;
  return {-minus_log,
          minus_log > tiny ? std::log(-std::expm1(-minus_log)) : log_scale + std::log(scaled),
          hazard};
}

/// Not a number, or a small probability, where the other method has to be used.
GapPoint likely_gap(const Setting& setting, int dyson_index, const GaussLegendre& rule, double x) {
  const int p = setting.order;
  const double a = setting.a;
  const Losses losses = eliminate(functions_beyond(setting, rule, x), x, a);
  const double unit = losses.unit, square = unit * unit;
  double squares = 0;
  for (int k = 0; k < p; ++k) squares += square * losses.theta[k] * losses.theta[k];
  if (dyson_index == 2) {
    double sum = 0;
    for (int k = 0; k < p; ++k) sum += scaled_log(losses.loss[k], square);
    return point_with(2 * losses.log_unit, sum, squares / x);
  }

  // (1 - eta_k) / unit for k = p - 1, p, p + 1, and |Z_(k-1) / Z_k| with every theta = 0.
  const double psi = psi_of_half_line(a) * std::exp(log_inside(setting, (a + 1) / 2, x / 2)) /
                     std::sqrt(losses.r[0]);
  double ratio = psi / 2, before = 0, loss = 0, next = losses.theta[0] * ratio;
  for (int k = 2; k <= p; ++k) {
    before = std::exchange(loss, next);
    ratio = 1 / (losses.root_b[k - 1] * ratio);
    next = before + losses.theta[k - 1] * ratio * (1 - unit * loss);
  }
  const double rho_beyond = (1 - unit * next) / ((1 - unit * loss) * ratio);

  double sum = scaled_log(loss, unit);
  for (int k = p - 2; k >= 0; k -= 2) sum += unit * scaled_log(losses.loss[k], square);
  if (p % 2 == 1) sum += scaled_single(setting, x, losses);
  return point_with(losses.log_unit, sum,
                    (squares + unit * losses.theta[p - 1] * rho_beyond) / (2 * x));
}

int checked_order(int order) {
  if (!(order >= 1 && order <= LaguerreGap::largest_order))
    throw_domain_error("LaguerreGap", "order", order, ">= 1 and <= 200");
  return order;
}

}  // namespace

LaguerreGap::LaguerreGap(SpectrumEdge edge, int order, double exponent, int dyson_index)
    : edge_(edge),
      order_(checked_order(order)),
      dyson_index_(dyson_index),
      exponent_(exponent),
      inside_(inside_points(edge, order)),
      beyond_(48) {
  if (!(std::isfinite(exponent) && exponent >= 0 && exponent == std::floor(exponent)))
    throw_domain_error("LaguerreGap", "exponent", exponent, "an integer >= 0");
  if (dyson_index != 1 && dyson_index != 2)
    throw_domain_error("LaguerreGap", "dyson_index", dyson_index, "1 or 2");
}

/// Whether the gap may have a probability above 0.05: a coarse bound that saves time only.
bool LaguerreGap::is_likely(double x) const {
  const double p = order_, n = p + exponent_;
  if (edge_ == SpectrumEdge::upper) return edge_z(upper_edge_scaling(n, p, n), x) > -5;
  return exponent_ == 0 ? x * p < 8 : edge_z(lower_edge_scaling(n, p, n), x) > -6;
}

GapPoint LaguerreGap::at(double x) const {
  check_positive("LaguerreGap::at", "x", x);
  if (x > 1e100) {  // nothing but the exponential counts, to all digits
    const double decay = dyson_index_ / 2.0;
    if (edge_ == SpectrumEdge::upper) return {0, -decay * x, 0};
    return {-decay * order_ * x, 0, decay * order_};
  }
  const Setting setting{edge_, order_, exponent_};
  if (is_likely(x)) {
    const GapPoint point = likely_gap(setting, dyson_index_, beyond_, x);
    if (point.log_gap > -3) return point;
  }
  return unlikely_gap(setting, dyson_index_, inside_, x);
}

}  // namespace rmtlab::theory

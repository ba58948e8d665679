// SPDX-License-Identifier: MIT
/// \file
/// \brief Where the extreme eigenvalues of pure noise lie: centers, scales and p-values.
#include "theory/wishart_edge.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include "theory/domain_check.hpp"
#include "theory/tracy_widom.hpp"

namespace rmtlab::theory {

namespace {

void check_dyson_index(std::string_view function, int dyson_index) {
  if (dyson_index != 1 && dyson_index != 2)
    throw_domain_error(function, "dyson_index", dyson_index, "1 or 2");
}

void check_shape(std::string_view function, double rows, double cols, double variance,
                 int dyson_index) {
  constexpr auto constraint = "finite and >= 1";
  if (!(std::isfinite(rows) && rows >= 1)) throw_domain_error(function, "rows", rows, constraint);
  if (!(std::isfinite(cols) && cols >= 1)) throw_domain_error(function, "cols", cols, constraint);
  check_positive(function, "variance", variance);
  check_dyson_index(function, dyson_index);
}

/// Center and scale of the largest eigenvalue of W^* W at unit variance, with (a, b) for (N, M).
EdgeScaling upper_edge(double a, double b) {
  const double sum = std::sqrt(a) + std::sqrt(b);
  return {sum * sum, sum * std::cbrt(1 / std::sqrt(a) + 1 / std::sqrt(b))};
}

EdgeScaling weighted_upper_edge(double rows, double cols) {
  const auto [c1, s1] = upper_edge(rows - 0.5, cols + 0.5);
  const auto [c2, s2] = upper_edge(rows + 0.5, cols - 0.5);
  const double r1 = 1 / std::sqrt(s1), r2 = 1 / std::sqrt(s2), gamma = c1 * r1 / (c2 * r2);
  return {(r1 + r2) / (r1 / c1 + r2 / c2), (1 + gamma) / (1 / s1 + gamma / s2)};
}

EdgeScaling upper_edge(double rows, double cols, EdgeConstants constants, int dyson_index) {
  if (dyson_index == 2)
    return constants == EdgeConstants::ma ? weighted_upper_edge(rows, cols)
                                          : upper_edge(rows, cols);
  if (constants == EdgeConstants::ma) return upper_edge(rows - 0.5, cols - 0.5);
  const double a = std::max(rows, cols) - 1, b = std::min(rows, cols);
  if (!(a > 0))
    throw_domain_error("upper_edge_scaling", "rows", rows,
                       "> 1, or cols be, for Johnstone's constants");
  return upper_edge(a, b);
}

}  // namespace

EdgeScaling upper_edge_scaling(double rows, double cols, double variance, EdgeConstants constants,
                               int dyson_index) {
  check_shape("upper_edge_scaling", rows, cols, variance, dyson_index);
  const EdgeScaling edge = upper_edge(rows, cols, constants, dyson_index);
  const double unit = variance / rows;
  return {unit * edge.center, unit * edge.scale};
}

LogEdgeScaling lower_edge_scaling(double rows, double cols, double variance, int dyson_index) {
  check_shape("lower_edge_scaling", rows, cols, variance, dyson_index);
  if (!(rows > cols))
    throw_domain_error("lower_edge_scaling", "rows", rows,
                       "> cols: a square matrix has a hard edge at zero");
  const double shift = dyson_index == 1 ? 0.5 : 0;
  const double root_a = std::sqrt(rows - shift), root_b = std::sqrt(cols - shift);
  // sqrt(a) - sqrt(b) without cancellation when N is close to M.
  const double difference = (rows - cols) / (root_a + root_b);
  const double scale = std::cbrt(difference / (root_a * root_b)) / difference;
  return {std::log(variance / rows) + 2 * std::log(difference) + scale * scale / 8, scale};
}

double edge_z(const EdgeScaling& edge, double lambda) {
  check_not_nan("edge_z", "lambda", lambda);
  return (lambda - edge.center) / edge.scale;
}

double edge_z(const LogEdgeScaling& edge, double lambda) {
  if (!(lambda >= 0)) throw_domain_error("edge_z", "lambda", lambda, ">= 0");
  return (edge.center - std::log(lambda)) / edge.scale;
}

double edge_p_value(double z, int dyson_index) {
  check_dyson_index("edge_p_value", dyson_index);
  return sf(TracyWidom(dyson_index), z);
}

double edge_log_p_value(double z, int dyson_index) {
  check_dyson_index("edge_log_p_value", dyson_index);
  return log_sf(TracyWidom(dyson_index), z);
}

// --- Kurtosis ------------------------------------------------------------------------------------

namespace {

/// (sqrt N +- sqrt M)^2 / (N M) = lambda_+- / M.
double edge_over_cols(std::string_view function, double rows, double cols, double excess_kurtosis,
                      SpectrumEdge edge) {
  check_shape(function, rows, cols, 1, 1);
  if (!(std::isfinite(excess_kurtosis) && excess_kurtosis >= -2))
    throw_domain_error(function, "excess_kurtosis", excess_kurtosis, "finite and >= -2");
  if (edge == SpectrumEdge::lower && rows == cols)
    throw_domain_error(function, "rows", rows, "other than cols: at a hard edge nothing moves");
  const double root_a = std::sqrt(rows), root_b = std::sqrt(cols);
  const double root =
      edge == SpectrumEdge::upper ? root_a + root_b : (rows - cols) / (root_a + root_b);
  return root * root / rows / cols;
}

}  // namespace

double edge_kurtosis_shift(double rows, double cols, double excess_kurtosis, SpectrumEdge edge) {
  return excess_kurtosis *
         std::cbrt(edge_over_cols("edge_kurtosis_shift", rows, cols, excess_kurtosis, edge));
}

double edge_kurtosis_displacement(double rows, double cols, double excess_kurtosis, double variance,
                                  SpectrumEdge edge) {
  constexpr auto name = "edge_kurtosis_displacement";
  check_positive(name, "variance", variance);
  const double outwards = variance * excess_kurtosis *
                          edge_over_cols(name, rows, cols, excess_kurtosis, edge) *
                          std::sqrt(cols / rows);
  return edge == SpectrumEdge::upper ? outwards : -outwards;
}

// --- Trace ratio ---------------------------------------------------------------------------------

namespace {

/// log E T^theta with k T of Gamma law of shape k, and its first two derivatives. theta >= 0.
struct LogMoment {
  double value, slope, curvature;
};

LogMoment log_moment(double k, double theta) {
  LogMoment moment{0, boost::math::digamma(k + theta) - std::log(k),
                   boost::math::trigamma(k + theta)};
  if (k < 50) {
    moment.value = std::lgamma(k + theta) - std::lgamma(k) - theta * std::log(k);
    return moment;
  }
  // Stirling's series, term by term in the difference: the functions themselves cancel.
  const double ratio = theta / k, above = k + theta;
  moment.value = (above - 0.5) * std::log1p(ratio) - theta - theta / (12 * k * above) +
                 (1 / (k * k * k) - 1 / (above * above * above)) / 360;
  moment.slope = std::log1p(ratio) - 1 / (2 * above) - 1 / (12 * above * above) +
                 1 / (120 * above * above * above * above);
  return moment;
}

/// Tail of the Tracy-Widom law at z: hazard f / (1 - F) and its derivative.
struct Hazard {
  double value, slope;
};

Hazard hazard(const TracyWidom& limit, double z) {
  const double tail = sf(limit, z);
  if (tail < 1e-290) {  // from log(1 - F) = -beta (2/3 z^(3/2) + 3/4 log z) + ...
    const double beta = limit.dyson_index();
    return {beta * (std::sqrt(z) + 0.75 / z), beta * (0.5 / std::sqrt(z) - 0.75 / (z * z))};
  }
  const double value = pdf(limit, z) / tail;
  return {value, pdf_derivative(limit, z) / tail + value * value};
}

/// The saddle point at z'.
struct Saddle {
  double z;       ///< of the trace ratio that belongs to it
  double log_sf;  ///< there
  double loss;    ///< K'' times the slope of theta in log lambda; the method needs it below 1
};

Saddle saddle(const TraceRatioEdge& law, double z) {
  const TracyWidom limit(law.dyson_index());
  const double lambda = law.relative_center() + z;  // in units of the scale
  const auto [value, slope] = hazard(limit, z);
  const double theta = lambda * value;
  const LogMoment moment = log_moment(law.trace_shape(), theta);
  const double loss = moment.curvature * lambda * (value + lambda * slope);
  return {lambda * std::exp(-moment.slope) - law.relative_center(),
          log_sf(limit, z) + theta * moment.slope - moment.value - std::log1p(-loss) / 2, loss};
}

/// Up to here the saddle point is used. (Its loss tends to 3/2, since no trace ratio exceeds M.)
constexpr double largest_loss = 0.75;

/// lambda = 0, or where F is 0 to double precision.
double lowest_z(const TraceRatioEdge& law) { return std::max(-20.0, -law.relative_center()); }

double last_saddle(const TraceRatioEdge& law) {
  double low = 2, high = 1e12;
  for (int step = 0; step < 60; ++step) {
    const double middle = std::sqrt(low * high);
    (saddle(law, middle).loss < largest_loss ? low : high) = middle;
  }
  return low;
}

}  // namespace

TraceRatioEdge::TraceRatioEdge(double rows, double cols, int dyson_index)
    : rows_(rows), cols_(cols), dyson_index_(dyson_index) {
  constexpr auto name = "TraceRatioEdge", constraint = "finite and >= 2";
  if (!(std::isfinite(rows) && rows >= 2)) throw_domain_error(name, "rows", rows, constraint);
  if (!(std::isfinite(cols) && cols >= 2)) throw_domain_error(name, "cols", cols, constraint);
  check_dyson_index(name, dyson_index);
  const EdgeScaling edge = upper_edge(rows, cols, EdgeConstants::ma, dyson_index);
  relative_center_ = edge.center / edge.scale;
  if (!(variance_reduction() < 1))
    throw_domain_error(name, "variance reduction", variance_reduction(),
                       "< 1: the matrix is too small for this law");
  last_saddle_ = theory::last_saddle(*this);
}

double log_sf(const TraceRatioEdge& law, double z) {
  check_not_nan("log_sf", "z", z);
  if (z <= lowest_z(law)) return 0;
  const TracyWidom limit(law.dyson_index());
  const Saddle last = saddle(law, law.last_saddle());
  if (z >= last.z) return last.log_sf + log_sf(limit, z) - log_sf(limit, last.z);
  // z rises with z', with slope (1 - loss) e^(-K') between 0 and 1.
  double low = z, high = law.last_saddle();
  for (int step = 0; step < 200 && high - low > 1e-15 * (1 + std::abs(high)); ++step) {
    const double middle = low + (high - low) / 2;
    (saddle(law, middle).z < z ? low : high) = middle;
  }
  return std::min(saddle(law, high).log_sf, 0.0);
}

double sf(const TraceRatioEdge& law, double z) { return std::exp(log_sf(law, z)); }

double cdf(const TraceRatioEdge& law, double z) { return -std::expm1(log_sf(law, z)); }

namespace {

/// The z with log sf = goal, between the least z and what the Tracy-Widom law would give, `widest`: the
/// law of the trace ratio is the narrower one.
double solve(const TraceRatioEdge& law, double goal, double widest) {
  double low = lowest_z(law), high = std::max(widest, 0.0);
  for (int step = 0; step < 100 && high - low > 1e-14 * (1 + std::abs(high)); ++step) {
    const double middle = low + (high - low) / 2;
    (log_sf(law, middle) > goal ? low : high) = middle;
  }
  return high;
}

}  // namespace

double quantile_sf(const TraceRatioEdge& law, double q) {
  if (!(q > 0 && q < 1)) throw_domain_error("quantile_sf", "q", q, "> 0 and < 1");
  return solve(law, std::log(q), quantile_sf(TracyWidom(law.dyson_index()), q));
}

double quantile(const TraceRatioEdge& law, double p) {
  if (!(p > 0 && p < 1)) throw_domain_error("quantile", "p", p, "> 0 and < 1");
  return solve(law, std::log1p(-p), quantile(TracyWidom(law.dyson_index()), p));
}

}  // namespace rmtlab::theory

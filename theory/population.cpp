// SPDX-License-Identifier: MIT
/// \file
/// \brief Continuous laws of the eigenvalues of a population covariance.
#include "theory/population.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string_view>
#include <utility>

#include <boost/math/special_functions/gamma.hpp>

#include "theory/domain_check.hpp"

namespace rmtlab::theory {

namespace {

using std::numbers::pi;
using Complex = std::complex<double>;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Step of the trapezoidal rule over the angle of the path: the error is exp(-2 pi / 0.14) = 3e-20 times
/// what poles of higher order contribute.
constexpr double step_per_angle = 0.14;
/// Nodes whose weight is below this share of the largest one are left out.
constexpr double negligible = 1e-20;

void check_range(std::string_view function, std::string_view name, double value, double low,
                 double high, std::string_view constraint) {
  if (!(value >= low && value <= high)) throw_domain_error(function, name, value, constraint);
}

/// w - (e^w - 1), without cancellation for small w.
Complex log_minus_linear(Complex w) {
  if (std::abs(w) > 0.5) return w - (std::exp(w) - 1.0);
  Complex power = w * w / 2.0, sum = -power;
  for (int k = 3; std::abs(power) > 1e-18 * std::abs(sum) && k < 40; ++k) {
    power *= w / static_cast<double>(k);
    sum -= power;
  }
  return sum;
}

}  // namespace

struct Population::Family {
  virtual ~Family() = default;
  /// The density up to a constant factor.
  [[nodiscard]] virtual Complex relative_density(Complex tau) const = 0;
  [[nodiscard]] virtual double below(double tau) const = 0;  ///< tau inside the support
  [[nodiscard]] virtual double above(double tau) const = 0;  ///< tau inside the support
  [[nodiscard]] virtual double moment(int k) const = 0;
  /// By the rule; overridden where a closed form does not cancel.
  [[nodiscard]] virtual double variance(const std::vector<Node>& nodes) const {
    Complex sum = 0;
    for (const auto& [value, weight] : nodes)
      sum += weight * (value - moment(1)) * (value - moment(1));
    return sum.real();
  }

  [[nodiscard]] Complex point(Complex sigma) const {
    return lower + scale * (std::isinf(upper) ? sigma : sigma / (1.0 + sigma));
  }
  /// d tau / d log sigma.
  [[nodiscard]] Complex speed(Complex sigma) const {
    return scale * sigma / (std::isinf(upper) ? 1.0 : (1.0 + sigma) * (1.0 + sigma));
  }

  double lower = 0, upper = infinity;
  double scale = 1;       ///< of the path: of sigma, or the length of the interval
  double angle = pi / 4;  ///< psi
  double log_peak = 0;    ///< t where the weights are about largest
};

namespace {

struct PowerLaw final : Population::Family {
  PowerLaw(double alpha_, double minimum, double maximum) : alpha(alpha_) {
    lower = minimum;
    upper = maximum;
    scale = std::isinf(maximum) ? minimum / (alpha - 1) : maximum - minimum;
    log_peak = std::min(std::log(minimum / (alpha - 1) / scale), 0.0);
    log_ratio = std::log(maximum / minimum);
  }

  [[nodiscard]] Complex relative_density(Complex tau) const override {
    return std::exp(-alpha * std::log(tau / lower));
  }
  /// int_0^t a e^(-a s) ds / int_0^log_ratio, s = log(tau / lower), a = alpha - 1.
  [[nodiscard]] double below(double tau) const override {
    return std::expm1((1 - alpha) * std::log(tau / lower)) / std::expm1((1 - alpha) * log_ratio);
  }
  [[nodiscard]] double above(double tau) const override {
    const double s = std::log(tau / lower);
    const double tail = std::exp((1 - alpha) * s);
    if (std::isinf(upper)) return tail;
    return tail * std::expm1((1 - alpha) * (log_ratio - s)) / std::expm1((1 - alpha) * log_ratio);
  }
  [[nodiscard]] double moment(int k) const override {
    const double a = alpha - 1;
    if (std::isinf(upper)) return k < a ? a / (a - k) * std::pow(lower, k) : infinity;
    const double exponent = (k - a) * log_ratio;
    const double growth = exponent == 0 ? log_ratio : std::expm1(exponent) / (k - a);
    return std::pow(lower, k) * growth * a / -std::expm1(-a * log_ratio);
  }
  [[nodiscard]] double variance(const std::vector<Population::Node>& nodes) const override {
    const double a = alpha - 1, mean = moment(1);
    if (upper < 100 * lower) return Family::variance(nodes);
    // Beyond a = 20 a maximum at least 100 minima away no longer counts.
    if (std::isinf(upper) || a > 20)
      return a > 2 ? lower * lower * a / ((a - 1) * (a - 1) * (a - 2)) : infinity;
    return moment(2) - mean * mean;
  }

  double alpha, log_ratio;
};

struct Gamma final : Population::Family {
  Gamma(double shape_, double scale_) : shape(shape_), theta(scale_) {
    scale = shape * theta;
    angle = std::min(pi / 4, 1 / std::sqrt(shape));
  }

  /// (tau / mean)^shape e^(shape (1 - tau / mean)) / tau.
  [[nodiscard]] Complex relative_density(Complex tau) const override {
    return std::exp(shape * log_minus_linear(std::log(tau / scale))) / (tau / scale);
  }
  [[nodiscard]] double below(double tau) const override {
    return boost::math::gamma_p(shape, tau / theta);
  }
  [[nodiscard]] double above(double tau) const override {
    return boost::math::gamma_q(shape, tau / theta);
  }
  [[nodiscard]] double moment(int k) const override {
    double product = 1;
    for (int j = 0; j < k; ++j) product *= theta * (shape + j);
    return product;
  }
  [[nodiscard]] double variance(const std::vector<Population::Node>&) const override {
    return shape * theta * theta;
  }

  double shape, theta;
};

struct Lognormal final : Population::Family {
  Lognormal(double sigma_, double scale_) : sigma(sigma_) {
    scale = scale_;
    angle = std::min(pi / 4, sigma);
  }

  [[nodiscard]] Complex relative_density(Complex tau) const override {
    const Complex z = std::log(tau / scale) / sigma;
    return std::exp(-z * z / 2.0) / (tau / scale);
  }
  [[nodiscard]] double standardized(double tau) const {
    return std::log(tau / scale) / (sigma * std::numbers::sqrt2);
  }
  [[nodiscard]] double below(double tau) const override {
    return std::erfc(-standardized(tau)) / 2;
  }
  [[nodiscard]] double above(double tau) const override { return std::erfc(standardized(tau)) / 2; }
  [[nodiscard]] double moment(int k) const override {
    return std::pow(scale, k) * std::exp(k * sigma * k * sigma / 2);
  }
  [[nodiscard]] double variance(const std::vector<Population::Node>&) const override {
    return scale * scale * std::expm1(sigma * sigma) * std::exp(sigma * sigma);
  }

  double sigma;
};

struct Uniform final : Population::Family {
  Uniform(double minimum, double maximum) {
    lower = minimum;
    upper = maximum;
    scale = maximum - minimum;
    angle = pi / 2;
  }

  [[nodiscard]] Complex relative_density(Complex) const override { return 1; }
  [[nodiscard]] double below(double tau) const override { return (tau - lower) / scale; }
  [[nodiscard]] double above(double tau) const override { return (upper - tau) / scale; }
  [[nodiscard]] double moment(int k) const override {
    double sum = 0;  // sum of lower^i upper^(k - i)
    for (int i = 0; i <= k; ++i) sum = sum * lower + std::pow(upper, i);
    return sum / (k + 1);
  }
  [[nodiscard]] double variance(const std::vector<Population::Node>&) const override {
    return scale * scale / 12;
  }
};

/// The weights fall to both sides of the peak: stop on each side where nothing is left.
std::vector<Population::Node> path(const Population::Family& family) {
  const double step = step_per_angle * family.angle;
  std::vector<Population::Node> nodes;
  double largest = 0;
  const auto add = [&](int i) {
    const Complex sigma = std::exp(Complex(family.log_peak + i * step, -family.angle));
    const Complex tau = family.point(sigma);
    const Complex weight = family.relative_density(tau) * family.speed(sigma) * step;
    nodes.push_back({tau, weight});
    largest = std::max(largest, std::abs(weight));
    return std::abs(weight) > negligible * largest;
  };
  for (int i = -1; add(i); --i) {
  }
  std::reverse(nodes.begin(), nodes.end());
  for (int i = 0; add(i); ++i) {
  }
  return nodes;
}

bool inside(const Population& population, double tau) {
  return tau > population.lower() && tau < population.upper();
}

void check_interval(std::string_view function, double minimum, double maximum) {
  check_positive(function, "minimum", minimum);
  if (!(maximum > 1.0001 * minimum))
    throw_domain_error(function, "maximum", maximum, "> 1.0001 minimum");
}

}  // namespace

Population::Population(std::shared_ptr<const Family> family)
    : family_(std::move(family)),
      lower_(family_->lower),
      upper_(family_->upper),
      typical_(family_->point(std::exp(family_->log_peak)).real()),
      nodes_(path(*family_)) {
  Complex sum = 0;
  for (const Node& node : nodes_) sum += node.weight;
  for (Node& node : nodes_) node.weight /= sum;
  normalization_ = 1 / sum.real();
}

Population Population::power_law(double alpha, double minimum, double maximum) {
  check_range("power_law", "alpha", alpha, 1.05, 1e4, ">= 1.05 and <= 1e4");
  check_interval("power_law", minimum, maximum);
  return Population(std::make_shared<PowerLaw>(alpha, minimum, maximum));
}

Population Population::gamma(double shape, double scale) {
  check_range("gamma", "shape", shape, 0.1, 1e6, ">= 0.1 and <= 1e6");
  check_positive("gamma", "scale", scale);
  return Population(std::make_shared<Gamma>(shape, scale));
}

Population Population::lognormal(double sigma, double scale) {
  check_range("lognormal", "sigma", sigma, 1e-3, 5, ">= 1e-3 and <= 5");
  check_positive("lognormal", "scale", scale);
  return Population(std::make_shared<Lognormal>(sigma, scale));
}

Population Population::uniform(double minimum, double maximum) {
  check_interval("uniform", minimum, maximum);
  check_positive("uniform", "maximum", maximum);
  return Population(std::make_shared<Uniform>(minimum, maximum));
}

double Population::angle(Complex x) const {
  const Complex s = (x - lower_) / family_->scale;
  return std::arg(std::isinf(upper_) ? s : s / (1.0 - s)) / family_->angle;
}

Complex density(const Population& population, Complex tau) {
  return population.normalization() * population.family().relative_density(tau);
}

double pdf(const Population& population, double tau) {
  check_not_nan("pdf", "tau", tau);
  return inside(population, tau) ? density(population, tau).real() : 0;
}

double cdf(const Population& population, double tau) {
  check_not_nan("cdf", "tau", tau);
  if (inside(population, tau)) return population.family().below(tau);
  return tau <= population.lower() ? 0 : 1;
}

double sf(const Population& population, double tau) {
  check_not_nan("sf", "tau", tau);
  if (inside(population, tau)) return population.family().above(tau);
  return tau <= population.lower() ? 1 : 0;
}

double moment(const Population& population, int k) {
  if (k < 0) throw_domain_error("moment", "k", k, ">= 0");
  return population.family().moment(k);
}

double mean(const Population& population) { return moment(population, 1); }

double variance(const Population& population) {
  return population.family().variance(population.nodes());
}

}  // namespace rmtlab::theory

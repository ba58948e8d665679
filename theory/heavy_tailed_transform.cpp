// SPDX-License-Identifier: MIT
/// \file
/// \brief Laplace-type integrals of positive stable variables, for complex arguments.
#include "theory/heavy_tailed_transform.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace rmtlab::theory {

namespace {

using std::numbers::pi;
using Complex = std::complex<double>;

/// exp(z) - 1 without cancellation for small z.
Complex expm1(Complex z) {
  const double s = std::sin(z.imag() / 2);
  return {std::expm1(z.real()) * std::cos(z.imag()) - 2 * s * s,
          std::exp(z.real()) * std::sin(z.imag())};
}

}  // namespace

HeavyTailedTransform::HeavyTailedTransform(double a) : a_(a) {
  // exp(-v^(1/a)) is analytic in a strip of t of width a; near a = 1 the decay on the ray weakens.
  const double step = std::min(1.0 / 20, a / 8) * std::min(1.0, 2 * std::cos(pi * a / 2));
  for (double t = -3.7; t < 6.5; t += step) {
    const double log_x = t - std::exp(-t);
    x_.push_back(std::exp(log_x));
    root_.push_back(std::exp(log_x / a));
    weight_.push_back(step * x_.back() * (1 + std::exp(-t)));
  }
}

HeavyTailedTransform::Values HeavyTailedTransform::operator()(Complex y) const {
  const Ray ray = ray_for(y);
  Complex g = 0, dg = 0, h = 0, dh = 0;
  for (std::size_t i = 0; i < x_.size(); ++i) {
    const Complex exponent = root_[i] * ray.root + x_[i] * (y * ray.v);
    if (!(exponent.real() < 700)) break;
    const Complex term = weight_[i] * std::exp(-exponent);
    g += term;
    dg += x_[i] * term;
    h += root_[i] / x_[i] * term;
    dh += root_[i] * term;
  }
  return {ray.v * g / a_, -ray.v * ray.v * dg / a_, ray.root * h / a_, -ray.root * ray.v * dh / a_};
}

Complex HeavyTailedTransform::integral(Complex y) const {
  const bool large = std::abs(y) > 8;
  const Ray ray = ray_for(y);
  Complex sum = 0;
  for (std::size_t i = 0; i < x_.size(); ++i) {
    const Complex first = root_[i] * ray.root, second = x_[i] * (y * ray.v);
    const Complex decaying = large ? second : first, vanishing = large ? first : second;
    if (!(decaying.real() < 700)) break;
    // For large arguments both exponentials at once, lest one of them overflow.
    const Complex difference = std::abs(vanishing) < 1
                                   ? -std::exp(-decaying) * expm1(-vanishing)
                                   : std::exp(-decaying) - std::exp(-decaying - vanishing);
    sum += weight_[i] / x_[i] * difference;
  }
  return large ? (std::log(y) + std::numbers::egamma * (1 - a_) + sum) / a_ : sum / a_;
}

HeavyTailedTransform::Ray HeavyTailedTransform::ray_for(Complex y) const {
  const double size = std::min(std::abs(y), 1e300), balance = a_ / (1 + a_);
  const double small = std::min(0.25, balance), inverse = 1 / size;
  const double blend = 1 / (1 + inverse * inverse * inverse * inverse);
  const double phi = std::arg(y) * (small + (balance - small) * blend);
  const double scale = std::min(1.0, 2 * inverse);
  return {std::polar(scale, -phi), std::polar(std::pow(scale, 1 / a_), -phi / a_)};
}

}  // namespace rmtlab::theory

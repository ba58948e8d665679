// SPDX-License-Identifier: MIT
/// \file
/// \brief Writes the Marchenko-Pastur and semicircle rows of tests/reference/laws.csv.
///
/// Usage   make_law_reference              (a few seconds; the Tracy-Widom rows come from
///                                          make_tracy_widom_table --reference)
///
/// 50 digits, and as plain as can be: the density as it is defined, integrated from either edge by the
/// double exponential rule, which takes square-root ends. Nothing is shared with the library.
#include <iostream>
#include <string>

#include <boost/math/constants/constants.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

namespace {

using Real = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<60>,
                                           boost::multiprecision::et_off>;

const Real& pi() { return boost::math::constants::pi<Real>(); }

// Mass of the density between two points, with the distances to the edges formed without cancellation:
// by the substitution x = a + (b - a) u^2 at either end.
template <class Density>
Real mass(const Density& density, const Real& from, const Real& to) {
  boost::math::quadrature::tanh_sinh<Real> rule(12);
  return rule.integrate(density, from, to, Real("1e-40"));
}

// Q from the law's name; x as a fraction t of the way from the lower to the upper edge.
void marchenko_pastur(const std::string& q_text) {
  const Real q(q_text), root = 1 / sqrt(q);
  const Real lower = (1 - root) * (1 - root), upper = (1 + root) * (1 + root),
             width = upper - lower;
  const Real atom = q < 1 ? Real(1 - q) : Real(0);
  // With x = lower + width s^2 the square roots are smooth.
  const auto by_s = [&](const Real& s) {
    const Real x = lower + width * s * s;
    if (x == 0) return Real(2 * q * width / (2 * pi()));
    return Real(q * width * width * s * s * 2 * sqrt(1 - s * s) / (2 * pi() * x));
  };
  for (const char* t_text : {"0.001", "0.03", "0.2", "0.5", "0.77", "0.97", "0.9995"}) {
    // The double that the library will be given, not the decimal.
    const double x = static_cast<double>(lower + width * Real(t_text));
    const Real s = sqrt((Real(x) - lower) / width);
    const Real left = mass(by_s, Real(0), s), right = mass(by_s, s, Real(1));
    std::cout << "marchenko-pastur,Q=" << q_text << ',' << Real(x).str(25) << ','
              << Real(atom + left).str(25) << ',' << right.str(25) << '\n';
  }
}

void semicircle() {
  for (const char* x_text : {"-1.9375", "-1", "-0.125", "0.5", "1.75", "1.984375"}) {
    const Real x(x_text);
    const auto cdf = [](const Real& y) {
      return Real(0.5) + y * sqrt(4 - y * y) / (4 * pi()) + asin(y / 2) / pi();
    };
    std::cout << "semicircle,sigma=1," << x_text << ',' << cdf(x).str(25) << ',' << cdf(-x).str(25)
              << '\n';
  }
}

}  // namespace

int main() {
  for (const char* q : {"0.25", "0.9", "1", "1.001", "2", "6.125", "100", "10000"})
    marchenko_pastur(q);
  semicircle();
  return 0;
}

// SPDX-License-Identifier: MIT
/// \file
/// \brief Writes theory/tracy_widom_table.hpp: the Tracy-Widom laws as piecewise polynomials.
///
/// Usage   make_tracy_widom_table [nodes] > theory/tracy_widom_table.hpp      (3 minutes of one core)
///         make_tracy_widom_table --reference       rows of tests/reference/laws.csv, 10 seconds
///
/// Not part of the library: a program to be read, and run again by who doubts the table. It works
/// with 110 decimal digits, where the determinants below are plain and nothing has to be clever.
///
/// Let T_t be the integral operator on L2(0, infinity) with kernel Ai(x + y + t) and
/// D-(t) = det(1 - T_t), D+(t) = det(1 + T_t). Then (\cite FerrariSpohn2005)
///
///     F1(t) = D-(t),   F2(t) = D-(t) D+(t),   F4(t) = (D-(t) + D+(t)) / 2,
///
/// the last in the unscaled convention. The determinants are replaced by those of the Nystroem
/// matrices on Gauss-Legendre nodes (\cite Bornemann2010), which converge exponentially.
/// Beyond t = 8 the first traces of T, in closed form by Airy functions, are exact to the digits
/// that are printed, and a variable 1/t^(3/2) takes the table to infinity.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include <boost/math/constants/constants.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

namespace {

using Real = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<110>,
                                           boost::multiprecision::et_off>;

constexpr int laws = 3;          // F1, F2, F4 unscaled
constexpr int terms = 24;        // coefficients of each polynomial
constexpr int samples = 28;      // Chebyshev points of each segment
constexpr int first_edge = -12;  // left table: [-12, 0]
constexpr int right_start = -4;  // right table: [-4, 8]
constexpr int segments = 6;      // of width 2, in either table
constexpr int tail_start = 8;

using Values = std::array<Real, laws>;

/// Ai(z) by its Maclaurin series. The cancellation at z = 33 costs 110 of the 110 + 55 digits that
/// the value would need, so values below 1e-55 count as 0: far below what is printed.
Real airy(const Real& z) {
  static const Real c1 = 1 / (pow(Real(3), Real(2) / 3) * boost::math::tgamma(Real(2) / 3));
  static const Real c2 = 1 / (pow(Real(3), Real(1) / 3) * boost::math::tgamma(Real(1) / 3));
  static const std::vector<std::array<Real, 2>> factors = [] {
    std::vector<std::array<Real, 2>> f(600);
    for (int k = 0; k < 600; ++k)
      f[k] = {Real(1) / (Real(3 * k + 2) * (3 * k + 3)), Real(1) / (Real(3 * k + 3) * (3 * k + 4))};
    return f;
  }();
  if (z > 33) return 0;
  const Real cube = z * z * z;
  const Real small("1e-115");
  Real f = c1, g = c2 * z, sum = f - g;
  for (const auto& [first, second] : factors) {
    f *= cube * first;
    g *= cube * second;
    sum += f - g;
    if (abs(f) < small && abs(g) < small) break;
  }
  return sum;
}

struct Quadrature {
  std::vector<Real> nodes, weights;
};

/// Gauss-Legendre rule on (0, 1): Newton's method on the Legendre polynomial.
Quadrature gauss_legendre(int n) {
  Quadrature rule;
  for (int i = 1; i <= n; ++i) {
    Real x =
        cos(boost::math::constants::pi<Real>() * (Real(i) - Real(0.25)) / (Real(n) + Real(0.5)));
    Real derivative = 1;
    for (int step = 0; step < 9; ++step) {
      Real previous = 1, value = x;
      for (int k = 2; k <= n; ++k) {
        const Real next = ((2 * k - 1) * x * value - (k - 1) * previous) / k;
        previous = value;
        value = next;
      }
      derivative = n * (previous - x * value) / (1 - x * x);
      x -= value / derivative;
    }
    rule.nodes.push_back((1 - x) / 2);
    rule.weights.push_back(1 / ((1 - x * x) * derivative * derivative));
  }
  return rule;
}

/// Determinant of 1 + sign A for a symmetric A whose eigenvalues lie inside (-1, 1): the square of
/// the product of the pivots of Cholesky's factorisation.
Real determinant(const std::vector<std::vector<Real>>& a, int sign) {
  const std::size_t n = a.size();
  std::vector<std::vector<Real>> l(n, std::vector<Real>(n));
  Real product = 1;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      Real sum = sign * a[i][j] + (i == j ? 1 : 0);
      for (std::size_t k = 0; k < j; ++k) sum -= l[i][k] * l[j][k];
      if (i == j) product *= sum;
      l[i][j] = i == j ? sqrt(sum) : sum / l[j][j];
    }
  return product;
}

/// F1, F2, F4 at t by the Nystroem method.
Values fredholm(const Real& t, const Quadrature& rule) {
  // Ai(2L + t) and Ai(L + t)^2 measure what is cut off; both are below 1e-50.
  const Real length = std::max<Real>((32 - t) / 2, 20 - t);
  const std::size_t n = rule.nodes.size();
  std::vector<std::vector<Real>> a(n, std::vector<Real>(n));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      a[i][j] = sqrt(rule.weights[i] * rule.weights[j]) * length *
                airy(length * (rule.nodes[i] + rule.nodes[j]) + t);
  const Real minus = determinant(a, -1), plus = determinant(a, 1);
  return {minus, minus * plus, (minus + plus) / 2};
}

/// log(sf(t) / lead(t)) for t >= 8 as a function of w = t^(-3/2), with the leads
///   sf1: exp(-2u/3) / (4 sqrt(pi) t^(3/4)),  sf2: exp(-4u/3) / (16 pi u),
///   sf4: exp(-4u/3) / (128 pi u^2),  u = t^(3/2).
Values tail(const Real& w) {
  const Real& pi = boost::math::constants::pi<Real>();
  const Real u = 1 / w, t = pow(u, Real(2) / 3), root = sqrt(t);
  // Ai, Ai' and the integral of Ai from t, all times exp(2u/3), along the line of steepest descent;
  // the trapezoidal rule converges exponentially on it.
  const Real step = 1 / (40 * sqrt(root));
  Real a = 0, slope = 0, integral = 0;
  for (int k = 0; k < 700; ++k) {
    const Real y = k * step, phase = y * y * y / 3;
    const Real weight = exp(-root * y * y) * step / pi / (k == 0 ? 2 : 1);
    const Real c = cos(phase), s = sin(phase);
    a += weight * c;
    slope -= weight * (root * c + y * s);
    integral += weight * (root * c - y * s) / (t + y * y);
  }
  const Real square_trace = (2 * t * t * a * a - 2 * t * slope * slope - a * slope) / 3;
  const Real trace = integral / 2;
  const Real decay = exp(-2 * u / 3);
  // sf4 = (square_trace - trace^2) / 2 and sf1 = trace + sf4: the second elementary function.
  const Real second = (square_trace - trace * trace) / 2;
  return {log((trace + decay * second) * 4 * sqrt(pi) * sqrt(u)), log(square_trace * 16 * pi * u),
          log(second * 128 * pi * u * u)};
}

/// Monomial coefficients in x on [-1, 1] of the Chebyshev interpolant, cut after `terms`.
std::vector<Real> fit(const std::vector<Real>& values, Real& dropped) {
  const Real& pi = boost::math::constants::pi<Real>();
  const int n = static_cast<int>(values.size());
  std::vector<Real> chebyshev(n);
  for (int k = 0; k < n; ++k) {
    for (int j = 0; j < n; ++j) chebyshev[k] += values[j] * cos(pi * k * (Real(j) + Real(0.5)) / n);
    chebyshev[k] *= Real(k == 0 ? 1 : 2) / n;
  }
  dropped = 0;
  for (int k = terms; k < n; ++k) dropped = std::max<Real>(dropped, abs(chebyshev[k]));
  std::vector<Real> before(terms), current(terms), sum(terms);  // T_{k-1}, T_k
  before[0] = 1;
  current[1] = 1;
  sum[0] = chebyshev[0];
  for (int k = 1; k < terms; ++k) {
    for (int i = 0; i < terms; ++i) sum[i] += chebyshev[k] * current[i];
    std::vector<Real> next(terms);
    for (int i = 0; i < terms; ++i) next[i] = (i > 0 ? 2 * current[i - 1] : Real(0)) - before[i];
    before = current;
    current = next;
  }
  return sum;
}

void print(const std::vector<Real>& coefficients) {
  std::cout << "     {";
  for (int i = 0; i < terms; ++i)
    std::cout << (i == 0       ? ""
                  : i % 4 == 0 ? ",\n      "
                               : ", ")
              << std::scientific << std::setprecision(17) << coefficients[i];
  std::cout << "}";
}

/// One table of `count` segments per law; `evaluate(segment, x)` gives the three values.
template <class Evaluate>
void print_table(const std::string& name, const std::string& what, int count, Evaluate evaluate) {
  const Real& pi = boost::math::constants::pi<Real>();
  std::array<std::vector<std::vector<Real>>, laws> table;
  Real worst = 0;
  for (int segment = 0; segment < count; ++segment) {
    std::array<std::vector<Real>, laws> values;
    for (int j = 0; j < samples; ++j) {
      const Values v = evaluate(segment, Real(cos(pi * (Real(j) + Real(0.5)) / samples)));
      for (int law = 0; law < laws; ++law) values[law].push_back(v[law]);
    }
    for (int law = 0; law < laws; ++law) {
      Real dropped;
      table[law].push_back(fit(values[law], dropped));
      worst = std::max(worst, dropped);
    }
    std::cerr << name << ' ' << segment << ": dropped " << worst.str(3) << '\n';
  }
  std::cout << "\n/// " << what << "\ninline constexpr double " << name << "[" << laws << "]["
            << count << "][" << terms << "] = {\n";
  for (int law = 0; law < laws; ++law) {
    std::cout << "    {\n";
    for (int segment = 0; segment < count; ++segment) {
      print(table[law][segment]);
      std::cout << (segment + 1 < count ? ",\n" : "\n");
    }
    std::cout << (law + 1 < laws ? "    },\n" : "    }\n");
  }
  std::cout << "};\n";
}

/// Values between the points that the polynomials were fitted at, to test what is made of them.
void print_reference(const Quadrature& rule) {
  const std::array<const char*, laws> parameters = {"beta=1", "beta=2",
                                                    "beta=4;convention=unscaled"};
  for (const char* t : {"-9.3", "-7.7", "-6.1", "-4.65", "-3.2", "-2", "-1.25", "-0.4", "0", "0.7",
                        "1.9", "3.3", "5.1", "7.2"}) {
    const Values f = fredholm(Real(t), rule);
    for (std::size_t law = 0; law < laws; ++law)
      std::cout << "tracy-widom," << parameters[law] << ',' << t << ',' << f[law].str(25) << ','
                << Real(1 - f[law]).str(25) << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc > 1 && std::string(argv[1]) == "--reference") {
    print_reference(gauss_legendre(120));
    return 0;
  }
  const int nodes = argc > 1 ? std::atoi(argv[1]) : 120;
  const Quadrature rule = gauss_legendre(nodes);

  std::cout << "// SPDX-License-Identifier: MIT\n"
               "/// \\file\n"
               "/// \\brief Piecewise polynomials of the Tracy-Widom laws F1, F2, F4 (unscaled), "
               "in that order.\n"
               "///\n"
               "/// Written by theory/tables/make_tracy_widom_table.cpp ("
            << nodes
            << " nodes, 110 digits); do not edit.\n"
               "/// Each row holds monomial coefficients, constant first, in a local variable on "
               "[-1, 1].\n"
               "#pragma once\n\nnamespace rmtlab::theory::tracy_widom_table {\n\n"
               "inline constexpr int segments = "
            << segments << ", terms = " << terms
            << ";\n"
               "inline constexpr double left_start = "
            << first_edge << ", right_start = " << right_start << ", tail_start = " << tail_start
            << ";\n";

  print_table("log_cdf", "log F(t) on [-12, 0], segments of width 2.", segments,
              [&](int segment, const Real& x) {
                Values v = fredholm(first_edge + 2 * segment + 1 + x, rule);
                for (Real& f : v) f = log(f);
                return v;
              });
  print_table("log_sf", "log(1 - F(t)) on [-4, 8], segments of width 2.", segments,
              [&](int segment, const Real& x) {
                Values v = fredholm(right_start + 2 * segment + 1 + x, rule);
                for (Real& f : v) f = log(1 - f);
                return v;
              });
  const Real last = pow(Real(tail_start), Real(-3) / 2);
  print_table(
      "log_tail",
      "log((1 - F(t)) / lead(t)) for t >= 8 in x = 2 (t / 8)^(-3/2) - 1; leads in the generator.",
      1, [&](int, const Real& x) { return tail(last * (1 + x) / 2); });
  std::cout << "\n}  // namespace rmtlab::theory::tracy_widom_table\n";

  // The two methods must meet where the tail begins.
  const Values f = fredholm(Real(tail_start), rule), g = tail(last);
  const Real u = 1 / last;
  const Real& pi = boost::math::constants::pi<Real>();
  std::cerr << "seam at " << tail_start << ": "
            << Real(log(1 - f[0]) + 2 * u / 3 + log(4 * sqrt(pi) * sqrt(u)) - g[0]).str(3) << ' '
            << Real(log(1 - f[1]) + 4 * u / 3 + log(16 * pi * u) - g[1]).str(3) << ' '
            << Real(log(1 - f[2]) + 4 * u / 3 + log(128 * pi * u * u) - g[2]).str(3) << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << "make_tracy_widom_table: " << error.what() << '\n';
  return 1;
}

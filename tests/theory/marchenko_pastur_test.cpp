// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/marchenko_pastur.hpp.
#include "theory/marchenko_pastur.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"
#include "theory/gauss_legendre.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;
using std::numbers::pi;

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// What rounding Q and lambda once does to f(Q, lambda), relative to f: no code can do better when
/// they come from elsewhere as rounded numbers.
double conditioning(double (*f)(const MarchenkoPastur&, double), double aspect_ratio,
                    double variance, double lambda) {
  const double h = 1e-8;
  const MarchenkoPastur law(aspect_ratio, variance), moved(aspect_ratio * (1 + h), variance);
  const double value = f(law, lambda);
  return (std::abs(f(moved, lambda) - value) + std::abs(f(law, lambda * (1 + h)) - value)) /
         (h * value);
}

/// Integral of f over the bulk. lambda = a + (b - a) sin^2(t/2) makes the integrand smooth and even
/// at both ends, so the midpoint rule converges geometrically.
double integrate(const MarchenkoPastur& law, const std::function<double(double)>& f) {
  const double a = law.lower_edge(), width = law.upper_edge() - a;
  const int n = 4000;
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    const double t = pi * (i + 0.5) / n, s = std::sin(t / 2);
    sum += f(a + width * s * s) * width * std::sin(t) / 2;
  }
  return sum * pi / n;
}

}  // namespace

TEST_CASE("marchenko_pastur: density and both tails match reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/mp.csv")) {
    const double gamma = row.number("gamma"), variance = row.number("sigma2");
    const double x = row.number("x"), q = 1 / gamma;
    const double f = row.number("cdf"), s = row.number("sf"), density = row.number("pdf");
    CAPTURE(gamma, variance, x);
    const MarchenkoPastur law(q, variance);
    // The bound stated in the header.
    CHECK_THAT(cdf(law, x), WithinAbs(f, 2e-15));
    CHECK_THAT(sf(law, x), WithinAbs(s, 2e-15));
    // Relative: a few roundings of the value, and one of the arguments (1/gamma, lambda).
    if (density > 0)
      CHECK_THAT(pdf(law, x),
                 WithinRel(density, eps * (8 + 2 * conditioning(pdf, q, variance, x))));
    if (f > 0 && f < 0.5)
      CHECK_THAT(cdf(law, x), WithinRel(f, eps * (8 + 2 * conditioning(cdf, q, variance, x))));
    if (s > 0 && s < 0.5)
      CHECK_THAT(sf(law, x), WithinRel(s, eps * (8 + 2 * conditioning(sf, q, variance, x))));
  }
}

TEST_CASE("marchenko_pastur: quantiles and moments match reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/mp_quantiles.csv")) {
    const double gamma = row.number("gamma"), p = row.number("p"), x = row.number("x");
    const MarchenkoPastur law(1 / gamma, row.number("sigma2"));
    CAPTURE(gamma, p);
    // At p = atom the quantile jumps to the edge: one rounding of p decides, so not compared.
    if (std::abs(p - law.atom()) < 4 * eps) continue;
    if (x == 0) {
      CHECK(quantile(law, p) == 0);
      continue;
    }
    // Besides a few roundings: what rounding Q = 1/gamma once does, which is much beside Q = 1.
    const double h = 1e-8;
    const MarchenkoPastur moved((1 + h) / gamma, law.variance());
    const double condition = std::abs(quantile(moved, p) / x - 1) / h;
    CHECK_THAT(quantile(law, p), WithinRel(x, eps * (16 + condition)));
  }
  for (const auto& row : tests::reference_rows("reference/rmt/mp_moments.csv")) {
    const double gamma = row.number("gamma"), value = row.number("value");
    const std::string& quantity = row.text("quantity");
    const MarchenkoPastur law(1 / gamma, row.number("sigma2"));
    CAPTURE(gamma, quantity);
    const double condition = gamma == 1 ? 0 : 4 / std::abs(1 - gamma);
    if (quantity == "lambda_plus") CHECK_THAT(law.upper_edge(), WithinRel(value, 4 * eps));
    if (quantity == "lambda_minus")
      CHECK_THAT(law.lower_edge(), WithinRel(value, eps * (4 + condition)));
    if (quantity.starts_with("E[x^") && quantity[4] != '-') {
      const int k = std::stoi(quantity.substr(4));
      CHECK_THAT(moment(law, k), WithinRel(value, 4 * k * eps));
    }
    // 1 - gamma loses the digits that rounding Q = 1/gamma costs.
    if (quantity == "E[1/x]")
      CHECK_THAT(inverse_moment(law, 1), WithinRel(value, eps * (8 + condition)));
    if (quantity == "E[log x]")
      CHECK_THAT(mean_log(law),
                 WithinRel(value, 8 * eps * (1 + std::abs(std::log(condition + 1)))));
  }
}

TEST_CASE("marchenko_pastur: inverse moments and the mean of the logarithm", "[theory][property]") {
  for (const double q : {1.05, 1.5, 2.0, 3.999, 4.0, 25.0, 1e6}) {
    const MarchenkoPastur law(q, 1.7);
    CAPTURE(q);
    // The substitution lambda = mid - half cos t smooths both edges; 400 nodes.
    const GaussLegendre rule(400);
    double first = 0, second = 0, third = 0, logarithm = 0;
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
      const double t = pi * rule.nodes[i], width = law.upper_edge() - law.lower_edge();
      const double lambda = law.lower_edge() + width * std::pow(std::sin(t / 2), 2);
      // The density without rounding of lambda at the edges: sqrt of both distances is sin(t) / 2.
      const double mass =
          rule.weights[i] * pi * q / (2 * pi * 1.7 * lambda) * std::pow(width * std::sin(t) / 2, 2);
      first += mass / lambda;
      second += mass / (lambda * lambda);
      third += mass / (lambda * lambda * lambda);
      logarithm += mass * std::log(lambda / 1.7);
    }
    CHECK_THAT(inverse_moment(law, 1), WithinRel(first, 1e-12));
    CHECK_THAT(inverse_moment(law, 2), WithinRel(second, 1e-11));
    CHECK_THAT(inverse_moment(law, 3), WithinRel(third, 1e-11));
    CHECK_THAT(mean_log(law) - std::log(1.7), WithinRel(logarithm, 1e-8 * std::min(q, 1e2)));
    CHECK(inverse_moment(law, 0) == 1);
  }
  // The two forms of the logarithm, and its first terms.
  CHECK_THAT(mean_log(MarchenkoPastur(4)), WithinRel(-1 - 3 * std::log(0.75), 16 * eps));
  CHECK_THAT(mean_log(MarchenkoPastur(1e8)), WithinRel(-0.5e-8 - 1e-16 / 6, 4 * eps));
  CHECK_THAT(mean_log(MarchenkoPastur(1, 3)), WithinRel(std::log(3.0) - 1, 4 * eps));
  CHECK(std::isinf(inverse_moment(MarchenkoPastur(1), 1)));
  CHECK(std::isinf(inverse_moment(MarchenkoPastur(0.5), 2)));
  CHECK(mean_log(MarchenkoPastur(0.5)) == -std::numeric_limits<double>::infinity());
  CHECK_THROWS_WITH(inverse_moment(MarchenkoPastur(2), -1),
                    ContainsSubstring("inverse_moment: k = -1 (must be >= 0)"));
  CHECK_THROWS_AS(inverse_moment(MarchenkoPastur(1.0001), 200), std::domain_error);
}

TEST_CASE("marchenko_pastur: values of this project's own", "[theory][accuracy]") {
  // mpmath 1.3, 40 digits: numerical quadrature of the density, not the closed form.
  struct Row {
    double aspect_ratio, variance, x, pdf, cdf, sf;
  };
  const auto row = GENERATE(
      Row{4.0, 1.0, 1.0, 0.61640444406149980556, 0.55339008127533609917, 0.44660991872466390083},
      Row{4.0, 1.0, 2.2, 0.090356572822190504104, 0.99699995202214748596, 0.0030000479778525140437},
      Row{4.0, 2.0, 0.6, 0.33130743368136575832, 0.023842582581881135651, 0.97615741741811886435},
      Row{1.25, 1.0, 0.0125, 1.1076715253941190138, 0.0010464616565169286119,
          0.99895353834348307139},
      Row{1.25, 0.5, 1.5, 0.17595240992206098715, 0.96671171722647937436, 0.033288282773520625638},
      Row{16.0, 1.0, 1.5, 0.41093629604099987038, 0.98293547665493952005, 0.017064523345060479952},
      Row{100.0, 1.0, 0.85, 2.2468933142385218917, 0.0624237322636317803, 0.9375762677363682197},
      Row{100.0, 1.0, 1.2, 0.82826858420341627736, 0.99446844774765080936,
          0.0055315522523491906381},
      Row{1024.0, 1.0, 1.0, 10.184672883988139828, 0.50331580893782451654, 0.49668419106217548346},
      Row{0.25, 1.0, 5.0, 0.031830988618379067154, 0.92346722985407038014, 0.076532770145929619863},
      Row{0.5, 3.0, 1.0, 0.07502635967975883913, 0.5311564456568033865, 0.4688435543431966135},
      Row{1.0, 1.0, 0.001, 10.064584111945569353, 0.020130845990134506317, 0.97986915400986549368},
      Row{1.0, 1.0, 3.99, 0.0079677130284491955671, 0.99994690851019194295,
          0.000053091489808057050207});
  CAPTURE(row.aspect_ratio, row.variance, row.x);
  const MarchenkoPastur law(row.aspect_ratio, row.variance);
  CHECK_THAT(pdf(law, row.x), WithinRel(row.pdf, 16 * eps));
  CHECK_THAT(cdf(law, row.x), WithinAbs(row.cdf, 2e-15));
  CHECK_THAT(sf(law, row.x), WithinAbs(row.sf, 2e-15));
}

TEST_CASE("marchenko_pastur: a law: mass one, density the derivative, moments by quadrature",
          "[theory][property]") {
  const double q = GENERATE(1e-4, 0.1, 0.5, 0.999, 1.0, 1.001, 2.0, 10.0, 12.0, 1e4);
  const double sigma2 = GENERATE(1.0, 0.37);
  CAPTURE(q, sigma2);
  const MarchenkoPastur law(q, sigma2);
  // Q beside 1 has a pole of the integrand at distance 1e-3: the rule then leaves exp(-2 n 5e-4).
  const double tolerance = std::abs(q - 1) < 0.01 && q != 1 ? 0.03 : 1e-12;
  CHECK_THAT(integrate(law, [&](double x) { return pdf(law, x); }),
             WithinAbs(1 - law.atom(), tolerance));
  for (int k = 1; k <= 4; ++k) {
    const double by_quadrature =
        integrate(law, [&](double x) { return std::pow(x, k) * pdf(law, x); });
    CHECK_THAT(moment(law, k), WithinRel(by_quadrature, 1e-12));
  }
  CHECK(moment(law, 0) == 1);
  CHECK_THAT(mean(law), WithinRel(moment(law, 1), 4 * eps));
  CHECK_THAT(variance(law), WithinRel(moment(law, 2) - mean(law) * mean(law),
                                      8 * eps * (1 + q)));  // cancellation when Q is large

  double before = law.atom();
  const double width = law.upper_edge() - law.lower_edge();
  for (int i = 1; i < 200; ++i) {
    const double x = law.lower_edge() + width * i / 200, h = 1e-5 * width;
    const double f = cdf(law, x);
    CHECK(f >= before);
    CHECK_THAT(f + sf(law, x), WithinAbs(1, 8 * eps));  // two methods, 7e-16 measured
    before = f;
    // Central difference: truncation (h / width)^2 times a third derivative that is about
    // (width / distance from the edge)^3, rounding eps / 1e-5.
    if (i >= 20 && i <= 180)
      CHECK_THAT((cdf(law, x + h) - cdf(law, x - h)) / (2 * h),
                 WithinRel(pdf(law, x), 1e-6 + 1e-10 / (pdf(law, x) * width)));
  }
}

TEST_CASE("marchenko_pastur: the seams between the methods do not show", "[theory][property]") {
  // A step across the branch points theta = gap, phi = 1, phi = 2 and r = 0.4, y = 1/2 would be seen
  // as a jump of cdf beyond the density times the step.
  for (const double q : {1.0, 1.0001, 1.5, 3.0, 6.2, 6.3, 50.0, 0.5, 0.16}) {
    const MarchenkoPastur law(q);
    const double a = law.lower_edge(), width = law.upper_edge() - a;
    for (int i = 1; i < 5000; ++i) {
      const double x = a + width * i / 5000, next = x + 1e-12 * width;
      const double jump = cdf(law, next) - cdf(law, x) - pdf(law, x) * (next - x);
      CAPTURE(q, x);
      REQUIRE_THAT(jump, WithinAbs(0, 2e-15));
    }
  }
}

TEST_CASE("marchenko_pastur: quantile inverts cdf and sf in both tails", "[theory][property]") {
  const double q = GENERATE(1e-4, 0.3, 0.9999, 1.0, 1.0001, 2.0, 30.0, 1e4, 1e8);
  const MarchenkoPastur law(q, 2.5);
  for (const double p : {1e-12, 1e-6, 1e-3, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999}) {
    CAPTURE(q, p);
    const double x = quantile(law, p), upper = quantile_sf(law, p);
    // One rounding of lambda moves p by eps lambda pdf.
    if (p <= law.atom()) {
      CHECK(x == 0);
    } else {
      CHECK_THAT(cdf(law, x), WithinAbs(p, 4 * eps * (1 + x * pdf(law, x))));
    }
    if (p >= 1 - law.atom()) {
      CHECK(upper == 0);
    } else {
      CHECK_THAT(sf(law, upper), WithinAbs(p, 4 * eps * (p + upper * pdf(law, upper))));
    }
  }
  CHECK(quantile(law, 0) == (q < 1 ? 0 : law.lower_edge()));
  CHECK(quantile(law, 1) == law.upper_edge());
  CHECK(quantile_sf(law, 0) == law.upper_edge());
  CHECK(quantile_sf(law, 1) == (q < 1 ? 0 : law.lower_edge()));
}

TEST_CASE("marchenko_pastur: edges, atom and what lies outside", "[theory][limit]") {
  const MarchenkoPastur square(1.0, 0.5);
  CHECK(square.lower_edge() == 0);
  CHECK(square.upper_edge() == 2);
  CHECK(square.atom() == 0);
  CHECK(cdf(square, 0) == 0);

  const MarchenkoPastur flat(0.25, 1.0);  // edges (1 -+ 2)^2
  CHECK(flat.lower_edge() == 1);
  CHECK(flat.upper_edge() == 9);
  CHECK(flat.atom() == 0.75);
  CHECK(cdf(flat, -1e-300) == 0);
  CHECK(cdf(flat, 0) == 0.75);
  CHECK(cdf(flat, 0.99) == 0.75);
  CHECK(sf(flat, 0.99) == 0.25);
  CHECK(quantile(flat, 0.75) == 0);
  CHECK(quantile(flat, std::nextafter(0.75, 1.0)) >= 1);

  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(cdf(flat, infinity) == 1);
  CHECK(sf(flat, infinity) == 0);
  CHECK(cdf(flat, -infinity) == 0);
  CHECK(sf(flat, -infinity) == 1);
  CHECK(pdf(flat, infinity) == 0);
  CHECK(pdf(flat, flat.lower_edge()) == 0);
  CHECK(pdf(flat, flat.upper_edge()) == 0);

  // Edges beside Q = 1 to full relative accuracy: lambda_- = ((Q-1) / (Q + sqrt Q))^2.
  const double h = std::ldexp(1.0, -30);
  CHECK_THAT(MarchenkoPastur(1 + h).lower_edge(),
             WithinRel(h * h / 4 * (1 - 1.5 * h), 4 * eps));  // h^2 terms are 1e-18
}

TEST_CASE("marchenko_pastur: W and its transpose have the same nonzero spectrum",
          "[theory][property]") {
  // M sf_Q(lambda) = N sf_{1/Q}(Q lambda): the division is by the rows of each.
  for (const double q : {0.25, 0.5, 2.0, 8.0}) {
    const MarchenkoPastur law(q, 1.7), transposed(1 / q, 1.7);
    for (const double t : {0.1, 0.4, 0.8}) {
      const double x = law.lower_edge() + t * (law.upper_edge() - law.lower_edge());
      CHECK_THAT(sf(law, x), WithinRel(q * sf(transposed, q * x), 16 * eps));
    }
  }
}

TEST_CASE("marchenko_pastur: tends to the semicircle as Q grows, with error of order Q^(-1/2)",
          "[theory][limit]") {
  const auto distance = [](double q) {
    const MarchenkoPastur law(q);
    double worst = 0;
    for (int i = -19; i <= 19; ++i) {
      const double t = i / 10.0, s = t / 2;  // semicircle of radius 2
      const double semicircle = 0.5 + (s * std::sqrt(1 - s * s) + std::asin(s)) / pi;
      worst = std::max(worst, std::abs(cdf(law, 1 + 1 / q + t / std::sqrt(q)) - semicircle));
    }
    return worst;
  };
  CHECK_THAT(distance(1e4) / distance(1e6), WithinRel(10.0, 0.02));  // next order Q^-1/2 itself
  // At Q = 1e12 the bulk is 4e-6 wide; lambda keeps 1e-10 of it, and so must the law.
  CHECK_THAT(distance(1e12), WithinAbs(distance(1e6) / 1e3, 1e-9));
}

TEST_CASE("marchenko_pastur: is continuous through Q = 1", "[theory][limit]") {
  for (const double lambda : {1e-3, 0.1, 1.0, 3.9}) {
    const double theta = 2 * std::asin(std::sqrt(lambda / 4));
    const double exact = (theta + std::sin(theta)) / pi;
    CHECK_THAT(cdf(MarchenkoPastur(1.0), lambda), WithinAbs(exact, 4 * eps));
    for (const double h : {-1e-9, 1e-9})  // the derivative in Q is below 1 here
      CHECK_THAT(cdf(MarchenkoPastur(1 + h), lambda), WithinAbs(exact, 2e-9));
  }
}

TEST_CASE("marchenko_pastur: describes a sampled spectrum and rejects a wrong law",
          "[theory][statistical]") {
  // Calibrated on 1000 seeds: M times the Kolmogorov distance is at most 4.1 under the true law and
  // at least 7.3 under Q = 2.8, so a false alarm has probability below 1e-3. Eigenvalues repel: the
  // distance is ~1/M, not ~1/sqrt(M).
  const arma::uword rows = 400, cols = 100;
  core::Stream stream = core::Stream(20240501).child("marchenko_pastur_test");
  arma::mat w(rows, cols);
  for (double& entry : w) entry = stream.normal();
  const arma::vec spectrum = arma::eig_sym(arma::mat(w.t() * w / double(rows)));
  const auto scaled_distance = [&](const MarchenkoPastur& law) {
    double worst = 0;
    for (arma::uword i = 0; i < cols; ++i) {
      const double f = cdf(law, spectrum(i)) * double(cols);
      worst = std::max({worst, f - double(i), double(i + 1) - f});
    }
    return worst;
  };
  CHECK(scaled_distance(MarchenkoPastur(4.0)) < 5.5);
  CHECK(scaled_distance(MarchenkoPastur(2.8)) > 5.5);  // negative control
}

TEST_CASE("marchenko_pastur: names what is outside its domain", "[theory][errors]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(MarchenkoPastur(-0.5), std::domain_error);
  CHECK_THROWS_WITH(
      MarchenkoPastur(-0.5),
      ContainsSubstring("MarchenkoPastur: aspect_ratio = -0.5 (must be finite and > 0)"));
  CHECK_THROWS_WITH(MarchenkoPastur(2, 0),
                    ContainsSubstring("MarchenkoPastur: variance = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(MarchenkoPastur(1e-200, 1e200), ContainsSubstring("finite upper edge"));
  const MarchenkoPastur law(2);
  CHECK_THROWS_WITH(pdf(law, nan), ContainsSubstring("pdf: lambda = nan (must be a number)"));
  CHECK_THROWS_WITH(cdf(law, nan), ContainsSubstring("cdf: lambda = nan (must be a number)"));
  CHECK_THROWS_WITH(sf(law, nan), ContainsSubstring("sf: lambda = nan (must be a number)"));
  CHECK_THROWS_WITH(quantile(law, 1.5),
                    ContainsSubstring("quantile: p = 1.5 (must be >= 0 and <= 1)"));
  CHECK_THROWS_WITH(quantile_sf(law, -1),
                    ContainsSubstring("quantile_sf: q = -1 (must be >= 0 and <= 1)"));
  CHECK_THROWS_WITH(moment(law, -1), ContainsSubstring("moment: k = -1 (must be >= 0)"));
  CHECK_THROWS_WITH(moment(law, 5000), ContainsSubstring("moment: k = 5000 (must be small enough"));
}

// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/tracy_widom.hpp.
#include "theory/tracy_widom.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gsl/gsl_sf_airy.h>

#include "tests/catch.hpp"
#include "tests/theory/fredholm.hpp"
#include "tests/theory/reference_table.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;
using std::numbers::pi;
using Convention = TracyWidomConvention;

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// The laws by the names of the reference tables.
const std::map<std::string, TracyWidom>& laws() {
  static const std::map<std::string, TracyWidom> all = {
      {"TW1", TracyWidom(1)},
      {"TW2", TracyWidom(2)},
      {"TW4_sqrt2", TracyWidom(4)},
      {"TW4_unscaled", TracyWidom(4, Convention::unscaled)},
      {"TW4_beta", TracyWidom(4, Convention::beta)}};
  return all;
}

void check_probability(const TracyWidom& law, double s, const tests::Probability& expected,
                       double relative_sf) {
  CHECK_THAT(cdf(law, s), WithinAbs(expected.cdf, 5e-15));
  CHECK_THAT(sf(law, s), WithinRel(expected.sf, relative_sf));
  CHECK_THAT(pdf(law, s), WithinAbs(expected.pdf, 2e-14));
}

}  // namespace

TEST_CASE("tracy_widom: matches 20-digit reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/tw.csv")) {
    const TracyWidom& law = laws().at(row.text("law"));
    const double s = row.number("s"), f = row.number("cdf"), tail = row.number("sf");
    const double density = row.number("pdf"), log_f = row.number("log_cdf");
    CAPTURE(row.text("law"), s);
    // The bounds stated in the header.
    CHECK_THAT(cdf(law, s), WithinAbs(f, 3e-16));
    CHECK_THAT(sf(law, s), WithinAbs(tail, 3e-16));
    CHECK_THAT(pdf(law, s), WithinAbs(density, 3e-16));
    CHECK_THAT(sf(law, s), WithinRel(tail, 2e-14));
    CHECK_THAT(cdf(law, s), WithinRel(f, 2e-14 + eps * std::abs(log_f)));
    CHECK_THAT(pdf(law, s),
               WithinRel(density, 2e-14 + eps * std::abs(log_f) + eps * std::abs(std::log(tail))));
    // Above the median log F is -sf (1 + ...), with the error of sf. The table's log_cdf has 40 decimal
    // places; where that is less than 15 digits, its sf is the reference.
    CHECK_THAT(log_cdf(law, s),
               WithinRel(tail < 1e-16 ? -tail : log_f, tail < 0.5 ? 2e-14 : 1e-14));
    CHECK_THAT(log_sf(law, s), WithinAbs(std::log(tail), 2e-14 * (1 + std::abs(std::log(tail)))));
  }
}

TEST_CASE("tracy_widom: quantiles match 18-digit reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/tw_quantiles.csv")) {
    const TracyWidom& law = laws().at(row.text("law"));
    const std::string& p = row.text("p");
    CAPTURE(row.text("law"), p);
    const bool is_upper = p.starts_with("sf=");
    const double value =
        is_upper ? quantile_sf(law, std::stod(p.substr(3))) : quantile(law, std::stod(p));
    const double s = row.number("s");
    // Rounding of s, and of p where it is close to 1.
    const double from_p = is_upper ? 0 : eps * std::stod(p) / pdf(law, s);
    CHECK_THAT(value, WithinAbs(s, 4 * eps * (1 + std::abs(s)) + from_p));
  }
}

TEST_CASE("tracy_widom: agrees with Fredholm determinants evaluated at run time",
          "[theory][accuracy]") {
  const TracyWidom f1(1), f2(2), f4(4, Convention::unscaled);
  for (int i = 0; i <= 104; ++i) {
    const double s = -5 + i / 8.0;
    CAPTURE(s);
    const tests::FredholmValues expected = tests::fredholm(s);
    // Limited by the determinants: see fredholm.hpp.
    check_probability(f1, s, expected.f1, 5e-14);
    check_probability(f2, s, expected.f2, 5e-14);
    check_probability(f4, s, expected.f4, s < 4 ? 1e-11 : 1e-9);
  }
  // Negative control: the two scales of beta = 4 are not interchangeable at this tolerance.
  CHECK(std::abs(cdf(TracyWidom(4), -2.0) - tests::fredholm(-2.0).f4.cdf) > 0.1);
}

TEST_CASE("tracy_widom: F4 = (F1 + F2/F1) / 2, exactly", "[theory][property]") {
  const TracyWidom f1(1), f2(2), f4(4, Convention::unscaled);
  for (double s = -9.9; s < 6; s += 0.37) {
    CAPTURE(s);
    // D- = F1, D+ = F2/F1; each keeps 2e-14 relative.
    CHECK_THAT(cdf(f4, s), WithinRel((cdf(f1, s) + cdf(f2, s) / cdf(f1, s)) / 2, 6e-14));
  }
}

TEST_CASE("tracy_widom: q = 2 (log F1)' - (log F2)' solves Painleve II", "[theory][property]") {
  const TracyWidom f1(1), f2(2);
  const auto q = [&](double s) { return 2 * pdf(f1, s) / cdf(f1, s) - pdf(f2, s) / cdf(f2, s); };
  for (double s = -7; s < 2; s += 0.31) {
    CAPTURE(s);
    // Central differences of order 4: truncation h^4, rounding 1e-14 / h^2.
    const double h = 0.01;
    const double second =
        (-q(s + 2 * h) + 16 * q(s + h) - 30 * q(s) + 16 * q(s - h) - q(s - 2 * h)) / (12 * h * h);
    CHECK_THAT(second, WithinAbs(s * q(s) + 2 * std::pow(q(s), 3), 1e-8));
    // The determinants lose digits further left (fredholm.hpp).
    if (s > -3) CHECK_THAT(q(s), WithinAbs(tests::fredholm(s).painleve, 1e-13));
  }
  // Hastings and McLeod's boundary condition: q ~ Ai; the correction is of order exp(-4/3 s^1.5).
  CHECK_THAT(q(5) / gsl_sf_airy_Ai(5, GSL_PREC_DOUBLE), WithinAbs(1, 1e-6));
}

TEST_CASE("tracy_widom: derivative of the density", "[theory][property]") {
  const TracyWidom f1(1), f2(2), f4(4, Convention::unscaled);
  for (double s = -11.93; s < 13; s += 0.17) {
    CAPTURE(s);
    // (log F2)'' = -q^2 and (log F1)'' = (q' - q^2) / 2; q' from Painleve II's first integral
    // q'^2 = s q^2 + q^4 + (log F2)', which cancels on the left.
    const double b1 = pdf(f1, s) / cdf(f1, s), b2 = pdf(f2, s) / cdf(f2, s), q = 2 * b1 - b2;
    const double density2 = cdf(f2, s) * (b2 * b2 - q * q);
    CHECK_THAT(pdf_derivative(f2, s), WithinAbs(density2, 4e-15));
    if (s > -3) {
      const double dq = -std::sqrt(s * q * q + q * q * q * q + b2);
      const double density1 = cdf(f1, s) * (b1 * b1 + (dq - q * q) / 2);
      CHECK_THAT(pdf_derivative(f1, s), WithinAbs(density1, 1e-13));
    }
    // F4 = (F1 + F2 / F1) / 2, differentiated twice.
    const double ratio = cdf(f2, s) / cdf(f1, s), slope = b2 - b1;
    const double d2 = pdf_derivative(f2, s) / cdf(f2, s) - b2 * b2,
                 d1 = pdf_derivative(f1, s) / cdf(f1, s) - b1 * b1;
    CHECK_THAT(pdf_derivative(f4, s),
               WithinAbs((pdf_derivative(f1, s) + ratio * (slope * slope + d2 - d1)) / 2, 4e-14));
  }
  for (const auto& [name, law] : laws()) {
    CAPTURE(name);
    // By parts: int F'' = 0, int s F'' = -1, int s^2 F'' = -2 mean. As the test of the moments.
    std::array<double, 3> raw{};
    for (double s = -16; s <= 30; s += 1.0 / 16)
      for (int k = 0; k < 3; ++k) raw[k] += pdf_derivative(law, s) * std::pow(s, k) / 16;
    CHECK_THAT(raw[0], WithinAbs(0, 1e-14));
    CHECK_THAT(raw[1], WithinAbs(-1, 1e-14));
    CHECK_THAT(raw[2], WithinAbs(-2 * mean(law), 4e-14));
    // Differences of order 4, on both sides and across the ends of the table: relative truncation
    // (h f'/f)^4 / 30, with |f'/f| up to 56.
    for (const double t : {-15.0, -12.0, -8.0, 0.0, 6.0, 8.0, 20.0}) {
      const double s = t / law.argument_scale(), h = 1e-3 / law.argument_scale();
      CAPTURE(t);
      const double difference =
          (8 * (pdf(law, s + h) - pdf(law, s - h)) - (pdf(law, s + 2 * h) - pdf(law, s - 2 * h))) /
          (12 * h);
      CHECK_THAT(pdf_derivative(law, s),
                 WithinAbs(difference, 1e-6 * (std::abs(difference) + pdf(law, s))));
    }
    CHECK(pdf_derivative(law, -1e101) == 0);
    CHECK(pdf_derivative(law, std::numeric_limits<double>::infinity()) == 0);
  }
  CHECK_THROWS_WITH(pdf_derivative(f1, std::nan("")),
                    ContainsSubstring("pdf_derivative: s = nan (must be a number)"));
}

TEST_CASE("tracy_widom: moments by quadrature of the density", "[theory][property]") {
  for (const auto& [name, law] : laws()) {
    CAPTURE(name);
    // The trapezoidal rule on an analytic density that decays faster than exponentially converges
    // geometrically: what is left is rounding. The range holds all but 1e-20.
    std::array<double, 5> raw{};
    const double step = 1.0 / 16;
    const double center = mean(law);
    for (double s = -14; s <= 22; s += step)
      for (int k = 0; k < 5; ++k) raw[k] += step * pdf(law, s) * std::pow(s - center, k);
    CHECK_THAT(raw[0], WithinAbs(1, 1e-14));
    CHECK_THAT(raw[1], WithinAbs(0, 1e-14));
    CHECK_THAT(raw[2], WithinRel(variance(law), 2e-14));
    CHECK_THAT(raw[3] / std::pow(raw[2], 1.5), WithinRel(skewness(law), 1e-13));
    CHECK_THAT(raw[4] / (raw[2] * raw[2]) - 3, WithinRel(kurtosis_excess(law), 1e-12));
  }
  for (const auto& row : tests::reference_rows("reference/rmt/tw_moments.csv")) {
    const TracyWidom& law = laws().at(row.text("law"));
    const std::map<std::string, double> values = {{"mean", mean(law)},
                                                  {"variance", variance(law)},
                                                  {"std", std::sqrt(variance(law))},
                                                  {"skewness", skewness(law)},
                                                  {"excess_kurtosis", kurtosis_excess(law)}};
    CAPTURE(row.text("law"), row.text("quantity"));
    CHECK_THAT(values.at(row.text("quantity")), WithinRel(row.number("value"), 4 * eps));
  }
}

TEST_CASE("tracy_widom: consistent, monotone, and without seams", "[theory][property]") {
  for (const auto& [name, law] : laws()) {
    double before = 0, log_before = -std::numeric_limits<double>::infinity();
    for (double s = -16; s < 14; s += 0.01) {
      CAPTURE(name, s);
      const double f = cdf(law, s), g = sf(law, s);
      CHECK((f >= before && f <= 1));
      CHECK(log_cdf(law, s) >= log_before);
      CHECK_THAT(f + g, WithinAbs(1, 2 * eps));
      before = f;
      log_before = log_cdf(law, s);
    }
    // Every point where one piece ends, and the switches near the median, in the unscaled argument.
    for (const double t : {-12., -10., -8., -6., -4., -3.3, -2., -1.8, -1.3, 0., 2., 4., 6., 8.}) {
      const double s = t / law.argument_scale(), h = 1e-9;
      CAPTURE(name, t);
      const double left = log_cdf(law, s - h), right = log_cdf(law, s + h);
      const double sf_left = log_sf(law, s - h), sf_right = log_sf(law, s + h);
      const double slope = pdf(law, s) / cdf(law, s), sf_slope = -pdf(law, s) / sf(law, s);
      // On its own side a logarithm has relative error of a few eps; on the other it comes from an
      // exponential, whose relative error is eps times the other logarithm.
      const double own = 1 + std::min(std::abs(left), std::abs(sf_left));
      const double scale = own * (1 + std::max(std::abs(left), std::abs(sf_left)));
      CHECK_THAT(right - left, WithinAbs(2 * h * slope, 8 * eps * std::abs(left) * scale));
      CHECK_THAT(sf_right - sf_left,
                 WithinAbs(2 * h * sf_slope, 8 * eps * std::abs(sf_left) * scale));
      // The slope, too: relative change over 2h is 2h |f'/f| < 2h * 40.
      CHECK_THAT(pdf(law, s + h) / pdf(law, s - h), WithinAbs(1, 2 * h * 40));
    }
  }
}

TEST_CASE("tracy_widom: quantile inverts cdf and sf to the far tails", "[theory][property]") {
  for (const auto& [name, law] : laws()) {
    for (const double p :
         {1e-300, 1e-100, 1e-20, 1e-8, 1e-3, 0.1, 0.3, 0.499, 0.5, 0.501, 0.7, 0.9, 0.999}) {
      CAPTURE(name, p);
      // In logarithms, where the equations are solved: a rounding of s is eps |s| d(log)/ds.
      const double s = quantile(law, p);
      CHECK_THAT(log_cdf(law, s), WithinAbs(std::log(p), 8 * eps * (1 + std::abs(s)) *
                                                             (1 + pdf(law, s) / cdf(law, s) +
                                                              std::abs(std::log(p)))));
      const double upper = quantile_sf(law, p);
      CHECK_THAT(log_sf(law, upper),
                 WithinAbs(std::log(p),
                           8 * eps * (1 + std::abs(upper)) *
                               (1 + pdf(law, upper) / sf(law, upper) + std::abs(std::log(p)))));
    }
  }
}

TEST_CASE("tracy_widom: the right tail to infinity", "[theory][limit]") {
  const TracyWidom f1(1), f2(2), f4(4, Convention::unscaled);
  for (const double s : {100.0, 800.0, 1000.0, 1e6, 1e10}) {
    const double u = s * std::sqrt(s);
    CAPTURE(s);
    // Leading exponentials with two corrections; the next is of order 5 / u^3.
    const double rest = 10 / (u * u * u);
    CHECK_THAT(log_sf(f1, s), WithinAbs(-2 * u / 3 - std::log(4 * std::sqrt(pi * u)) +
                                            std::log1p(-41 / (48 * u) + 9241 / (4608 * u * u)),
                                        rest + 4 * eps * u));
    CHECK_THAT(log_sf(f2, s), WithinAbs(-4 * u / 3 - std::log(16 * pi * u) +
                                            std::log1p(-35 / (24 * u) + 3745 / (1152 * u * u)),
                                        rest + 4 * eps * u));
    CHECK_THAT(log_sf(f4, s),
               WithinAbs(-4 * u / 3 - std::log(128 * pi * u * u), 10 / u + 4 * eps * u));
  }
  // sf runs into the subnormal numbers and 0 without a step.
  CHECK(sf(f1, 105) > 0);
  CHECK(sf(f1, 200) == 0);
  CHECK(cdf(f1, 200) == 1);
  CHECK(log_cdf(f1, 20) == -sf(f1, 20));
}

TEST_CASE("tracy_widom: the left tail to infinity", "[theory][limit]") {
  // The constants of log F1 and log F2 (Baik, Buckingham and DiFranco 2008; Deift, Its and
  // Krasovsky 2008), reached as x^(-3/2) / (24 sqrt 2) and 3 / (64 x^3).
  const double x = 300, cube = x * x * x, power = std::pow(x, 1.5);
  const double zeta = -0.165421143700450929214;  // zeta'(-1)
  const double f2_constant = std::log(2.0) / 24 + zeta,
               f1_constant = -11 * std::log(2.0) / 48 + zeta / 2;
  const double rounding = 4 * eps * cube / 12;
  CHECK_THAT(log_cdf(TracyWidom(2), -x) + cube / 12 + std::log(x) / 8,
             WithinAbs(f2_constant, 1e-8 + rounding));
  CHECK_THAT(log_cdf(TracyWidom(1), -x) + cube / 24 + power / (3 * std::sqrt(2.0)) +
                 std::log(x) / 16 + 1 / (24 * std::sqrt(2.0) * power),
             WithinAbs(f1_constant, 1e-8 + rounding));

  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto& [name, law] : laws()) {
    CAPTURE(name);
    CHECK(cdf(law, -1000) == 0);
    CHECK(sf(law, -1000) == 1);
    CHECK(pdf(law, -1000) == 0);
    CHECK(std::isfinite(log_cdf(law, -1e10)));
    CHECK(std::isfinite(log_cdf(law, -1e100)));
    CHECK(std::isfinite(log_sf(law, 1e100)));
    CHECK(cdf(law, -infinity) == 0);
    CHECK(cdf(law, infinity) == 1);
    CHECK(sf(law, infinity) == 0);
    CHECK(pdf(law, infinity) == 0);
    CHECK(log_cdf(law, -infinity) == -infinity);
    CHECK(log_sf(law, infinity) == -infinity);
    CHECK(log_cdf(law, infinity) == 0);
    CHECK(log_sf(law, -infinity) == 0);
  }
}

TEST_CASE("tracy_widom: the conventions of beta = 4 differ by a factor of the argument",
          "[theory][property]") {
  const TracyWidom sqrt2(4), unscaled(4, Convention::unscaled), beta(4, Convention::beta);
  CHECK_THAT(cdf(sqrt2, -2), WithinRel(cdf(unscaled, -2 * std::sqrt(2.0)), 1e-14));
  CHECK_THAT(cdf(beta, -2), WithinRel(cdf(unscaled, -2 * std::cbrt(4.0)), 1e-14));
  CHECK_THAT(mean(unscaled) / mean(sqrt2), WithinRel(std::sqrt(2.0), 4 * eps));
  CHECK_THAT(mean(unscaled) / mean(beta), WithinRel(std::cbrt(4.0), 4 * eps));
  CHECK(TracyWidom(1, Convention::beta).argument_scale() == 1);
}

TEST_CASE("tracy_widom: gives the same bits on every thread", "[theory][property]") {
  const auto values = [] {
    std::vector<double> result;
    for (double s = -14; s < 14; s += 0.125) {
      result.push_back(cdf(TracyWidom(1), s));
      result.push_back(log_sf(TracyWidom(4), s));
    }
    return result;
  };
  std::array<std::vector<double>, 4> results;
  std::vector<std::thread> threads;
  for (auto& result : results) threads.emplace_back([&] { result = values(); });
  for (auto& thread : threads) thread.join();
  for (const auto& result : results) CHECK(result == values());
}

TEST_CASE("tracy_widom: names what is outside its domain", "[theory][errors]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(TracyWidom(3), std::domain_error);
  CHECK_THROWS_WITH(TracyWidom(3),
                    ContainsSubstring("TracyWidom: dyson_index = 3 (must be 1, 2 or 4)"));
  const TracyWidom law;
  CHECK(law.dyson_index() == 1);
  CHECK_THROWS_WITH(pdf(law, nan), ContainsSubstring("pdf: s = nan (must be a number)"));
  CHECK_THROWS_WITH(cdf(law, nan), ContainsSubstring("cdf: s = nan (must be a number)"));
  CHECK_THROWS_WITH(sf(law, nan), ContainsSubstring("sf: s = nan (must be a number)"));
  CHECK_THROWS_WITH(log_cdf(law, nan), ContainsSubstring("log_cdf: s = nan (must be a number)"));
  CHECK_THROWS_WITH(log_sf(law, nan), ContainsSubstring("log_sf: s = nan (must be a number)"));
  CHECK_THROWS_WITH(quantile(law, 0), ContainsSubstring("quantile: p = 0 (must be > 0 and < 1)"));
  CHECK_THROWS_WITH(quantile(law, 1), ContainsSubstring("quantile: p = 1 (must be > 0 and < 1)"));
  CHECK_THROWS_WITH(quantile_sf(law, nan),
                    ContainsSubstring("quantile_sf: q = nan (must be > 0 and < 1)"));
}

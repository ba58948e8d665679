// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/number_variance.hpp and of the sine integrals it rests on.
#include "theory/number_variance.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <stdexcept>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <gsl/gsl_sf_expint.h>

#include "tests/catch.hpp"
#include "tests/theory/law_checks.hpp"
#include "theory/sine_integral.hpp"
#include "theory/spacing.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {

using std::numbers::pi;
constexpr double eps = std::numeric_limits<double>::epsilon();

/// Cluster functions from their definition, with the sine integral of GSL.
double cluster(int dyson_index, double r) {
  const auto s = [](double x) { return std::sin(pi * x) / (pi * x); };
  const auto slope = [&](double x) { return (std::cos(pi * x) - s(x)) / x; };
  if (dyson_index == 1) return s(r) * s(r) + slope(r) * (0.5 - gsl_sf_Si(pi * r) / pi);
  if (dyson_index == 2) return s(r) * s(r);
  return s(2 * r) * s(2 * r) - 2 * slope(2 * r) * gsl_sf_Si(2 * pi * r) / (2 * pi);
}

/// L - 2 int (L - r) Y2 over panels of half a spacing.
double integrated_variance(int dyson_index, double length) {
  const int panels = static_cast<int>(std::ceil(2 * length));
  double sum = 0;
  for (int k = 0; k < panels; ++k)
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
        [&](double r) { return (length - r) * cluster(dyson_index, r); }, length * k / panels,
        length * (k + 1) / panels, 5, 1e-14);
  return length - 2 * sum;
}

}  // namespace

TEST_CASE("sine_integral: matches 20-digit values", "[theory][accuracy]") {
  // mpmath 1.3, 40 digits.
  struct Row {
    double x, si, cin, f, g;
  };
  const auto row = GENERATE(
      Row{1e-8, 1.0000000000000000154e-8, 2.5000000000000000942e-17, 0, 0},
      Row{0.3, 0.29850404380704315045, 0.022415793546758611287, 0, 0},
      Row{2, 1.6054129768026948486, 0.84738201668661317433, 0, 0},
      Row{3.999, 1.7583922814762951401, 2.1040781667293270923, 0.22924225658597402802,
          0.049698969438295294859},
      Row{4, 1.7582031389490530581, 2.1044917239083538911, 0.22919256802452697974,
          0.049678155593656750529},
      Row{7.5, 1.5106815309433858782, 2.4764854822058633467, 0.12930185331814712058,
          0.01630512495587176137},
      Row{31.4, 1.5390331178945978197, 4.0255377944098438269, 0.031783296068230596744,
          0.0010081880509805747099},
      Row{1000.25, 1.5704551499008311063, 7.4842811810189817837, 0.00099974806400759852144,
          9.994941935535865274e-7},
      Row{1e6, 1.5707953900431190815, 14.392726572860245887, 9.99999999998e-7, 9.99999999994e-13});
  CAPTURE(row.x);
  CHECK_THAT(sine_integral(row.x), WithinRel(row.si, 4 * eps));
  CHECK_THAT(entire_cosine_integral(row.x), WithinRel(row.cin, 8 * eps));
  CHECK(sine_integral(-row.x) == -sine_integral(row.x));
  CHECK(entire_cosine_integral(-row.x) == entire_cosine_integral(row.x));
  if (row.x < 3) return;
  const auto [f, g] = sine_integral_auxiliary(row.x);
  CHECK_THAT(f, WithinRel(row.f, 8 * eps));
  CHECK_THAT(g, WithinAbs(row.g, 8 * eps * row.f));
}

TEST_CASE("sine_integral: another implementation and the ends", "[theory][property]") {
  for (double x = 0.1; x < 60; x *= 1.1) {
    CAPTURE(x);
    CHECK_THAT(sine_integral(x), WithinRel(gsl_sf_Si(x), 1e-14));  // GSL's own error
    CHECK_THAT(std::numbers::egamma + std::log(x) - entire_cosine_integral(x),
               WithinAbs(gsl_sf_Ci(x), 2e-15 * (1 + std::log(1 + x))));
  }
  CHECK(sine_integral(0) == 0);
  CHECK(sine_integral(std::numeric_limits<double>::infinity()) == pi / 2);
  CHECK_THROWS_AS(sine_integral(std::nan("")), std::domain_error);
  CHECK_THROWS_WITH(entire_cosine_integral(std::numeric_limits<double>::infinity()),
                    ContainsSubstring("entire_cosine_integral: x = inf (must be finite)"));
  CHECK_THROWS_WITH(sine_integral_auxiliary(1),
                    ContainsSubstring("x = 1 (must be finite and >= 3)"));
}

TEST_CASE("number_variance: matches 20-digit values", "[theory][accuracy]") {
  // mpmath 1.3, 60 digits; the closed forms there agree with quadrature of the cluster function.
  struct Row {
    double length, goe, gue, gse;
  };
  const auto row = GENERATE(
      Row{1e-6, 9.999990000005482661e-7, 9.999989999999999553e-7, 9.9999899999999995475e-7},
      Row{0.01, 0.0099005482951691420751, 0.0099000054828249477356, 0.0099000000007695592736},
      Row{0.3, 0.22444993122257888952, 0.21423789740778772848, 0.21050373275823339161},
      Row{0.63662, 0.35977268482025112879, 0.30482563405145509484, 0.26334583689112253068},
      Row{1, 0.44633362426090694334, 0.34416259351403818535, 0.25877892947718632533},
      Row{1.3, 0.4978483533516475063, 0.37244082167987313449, 0.28598060645821807815},
      Row{5, 0.76838538757201491469, 0.50899054476009933759, 0.34964577302562186155},
      Row{10.25, 0.91369625050604202292, 0.58182226104288110331, 0.38851102457184702984},
      Row{100.5, 1.3762562592173081942, 0.81312812960355663211, 0.50430523664587109411},
      Row{12345.678, 2.3511486440838724119, 1.300574322032458703, 0.74790285583993090416},
      Row{1000000.125, 3.2416502656121334125, 1.745825132806062325, 0.9705278038337615191},
      Row{1e9, 4.6414541226379885392, 2.4457270613189942696, 1.320478777033173425});
  CAPTURE(row.length);
  CHECK_THAT(number_variance(1, row.length), WithinRel(row.goe, 1e-14));  // measured 7e-16
  CHECK_THAT(number_variance(2, row.length), WithinRel(row.gue, 1e-14));
  CHECK_THAT(number_variance(4, row.length), WithinRel(row.gse, 1e-14));
  CHECK(number_variance(0, row.length) == row.length);
}

TEST_CASE("number_variance: the integral of the cluster function", "[theory][property]") {
  const int beta = GENERATE(1, 2, 4);
  CAPTURE(beta);
  for (const double r : {0.01, 0.2, 0.31, 0.7, 1.0, 1.4, 3.3, 20.2}) {
    CAPTURE(r);
    // The definition cancels like eps / r^2 in s'.
    CHECK_THAT(two_level_cluster(beta, r),
               WithinAbs(cluster(beta, r), 4 * eps * (1 + 1 / (r * r))));
    CHECK(two_level_cluster(beta, -r) == two_level_cluster(beta, r));
  }
  CHECK(two_level_cluster(beta, 0) == 1);
  for (const double length : {0.05, 0.4, 1.0, 2.7, 6.0, 25.0}) {
    CAPTURE(length);
    CHECK_THAT(number_variance(beta, length), WithinRel(integrated_variance(beta, length), 1e-12));
    // Negative control: the check tells ensembles apart.
    const double other = integrated_variance(beta == 2 ? 1 : 2, length);
    CHECK(std::abs(number_variance(beta, length) / other - 1) > 1e-7);
  }
}

TEST_CASE("number_variance: counts from the exact spacing laws", "[theory][property]") {
  // With p_n the probability of n levels, p_0 = E(L), sum p_n = 1 and sum n p_n = L give
  // Sigma^2 = 2 E - 2 + 3 L - L^2 + 2 p_3 + 6 p_4 + ..., and three levels in a short interval are
  // rare: p_3 is of order L^(3 + 3 beta).
  struct Row {
    int beta;
    double length;
  };
  const auto row = GENERATE(Row{1, 0.1}, Row{2, 0.2}, Row{4, 0.3});
  CAPTURE(row.beta, row.length);
  const auto three = [&](double l) {
    return (number_variance(row.beta, l) -
            (2 * gap_probability(LevelSpacing(row.beta), l) - 2 + 3 * l - l * l)) /
           2;
  };
  const double here = three(row.length), twice = three(2 * row.length);
  CHECK(here > 0);
  CHECK(here < 1e-4 * row.length);
  // p_3 itself has the power law that the repulsion of three levels gives; the next term takes off up to
  // 30 %.
  CHECK_THAT(std::log2(twice / here), WithinAbs(3 + 3 * row.beta, 0.5));
}

TEST_CASE("number_variance: small and large lengths", "[theory][limit]") {
  // Sigma^2 = L - L^2 + ...: the next terms pi^2 L^3/18, pi^2 L^4/18 and 16 pi^4 L^6/2025 follow
  // from Y2 = 1 - pi^2 r / 6, 1 - pi^2 r^2 / 3, 1 - 16 pi^4 r^4 / 135.
  const double l = 0.01;
  CHECK_THAT((number_variance(1, l) - l + l * l) / (pi * pi * l * l * l / 18), WithinAbs(1, 0.03));
  CHECK_THAT((number_variance(2, l) - l + l * l) / (pi * pi * std::pow(l, 4) / 18),
             WithinAbs(1, 1e-3));
  CHECK_THAT((number_variance(4, 0.05) - 0.05 + 0.0025) /
                 (16 * std::pow(pi, 4) / 135 / 15 * std::pow(0.05, 6)),
             WithinAbs(1, 0.03));
  for (const int beta : {0, 1, 2, 4}) CHECK(number_variance(beta, 0) == 0);

  for (const double length : {50.0, 100.0, 1000.0}) {
    CAPTURE(length);
    const auto left = [&](int beta, double at) {
      return number_variance(beta, at) - number_variance_asymptotic(beta, at);
    };
    // GUE: -cos(x) / (pi x)^2; GOE twice that and cos^2(pi L) / (pi^4 L^2); relative errors 1/L.
    const double x = 2 * pi * length;
    CHECK_THAT(left(2, length) * x * x * pi * pi, WithinAbs(-1, 5 / length));
    CHECK_THAT(left(1, length) * x * x * pi * pi, WithinAbs(2, 5 / length));
    CHECK_THAT(left(1, length + 0.5) * x * x * pi * pi, WithinAbs(2, 10 / length));
    // GSE: the lattice term -cos(2 pi L) / (8 pi^2 L), of either sign.
    CHECK_THAT(left(4, length) * 8 * pi * pi * length, WithinAbs(-1, 2 / length));
    CHECK_THAT(left(4, length + 0.5) * 8 * pi * pi * length, WithinAbs(1, 2 / length));
  }
  // GSE is every other level of a GOE: 4 Sigma_4^2(L) = Sigma_1^2(2 L) + Si(2 pi L) / pi.
  for (const double length : {0.2, 1.0, 7.3})
    CHECK_THAT(4 * number_variance(4, length),
               WithinRel(number_variance(1, 2 * length) + gsl_sf_Si(2 * pi * length) / pi, 1e-14));
}

TEST_CASE("number_variance: spectral rigidity", "[theory][accuracy]") {
  // mpmath 1.3: adaptive quadrature at 20 digits.
  struct Row {
    double length, goe, gue, gse;
  };
  const auto row =
      GENERATE(Row{0.1, 0.00665885869694632826, 0.00666575692545792475, 0.00666665577442321949},
               Row{1, 0.0605476984373719927, 0.0606608712916250642, 0.0620629609105885438},
               Row{4.5, 0.16489730339078248, 0.13530664183137927, 0.113376555252996156},
               Row{20, 0.301415014681467635, 0.21079413413484903, 0.153552571301608555});
  CAPTURE(row.length);
  CHECK_THAT(spectral_rigidity(1, row.length), WithinRel(row.goe, 1e-13));  // measured 5e-16
  CHECK_THAT(spectral_rigidity(2, row.length), WithinRel(row.gue, 1e-13));
  CHECK_THAT(spectral_rigidity(4, row.length), WithinRel(row.gse, 1e-13));
  CHECK_THAT(spectral_rigidity(0, row.length), WithinRel(row.length / 15, 1e-15));
  CHECK_THAT(spectral_rigidity(2, 1e-4), WithinRel(1e-4 / 15, 2e-4));
  CHECK(spectral_rigidity(1, 0) == 0);
}

TEST_CASE("number_variance: rigidity of long intervals", "[theory][limit]") {
  const double length = 300;
  const auto left = [&](int beta) {
    return spectral_rigidity(beta, length) - spectral_rigidity_asymptotic(beta, length);
  };
  CHECK_THAT(left(1) * length * pi * pi, WithinAbs(1, 0.02));
  CHECK_THAT(left(2), WithinAbs(0, 1 / (length * length)));
  CHECK_THAT(left(4) * length * 8 * pi * pi, WithinAbs(-1, 0.02));
  CHECK(spectral_rigidity_asymptotic(0, 15) == 1);
}

TEST_CASE("number_variance: names what is outside its domain", "[theory][errors]") {
  CHECK_THROWS_WITH(number_variance(3, 1),
                    ContainsSubstring("number_variance: dyson_index = 3 (must be 0, 1, 2 or 4)"));
  CHECK_THROWS_WITH(number_variance(1, -1),
                    ContainsSubstring("number_variance: length = -1 (must be finite and >= 0)"));
  CHECK_THROWS_AS(number_variance(1, std::nan("")), std::domain_error);
  CHECK_THROWS_AS(two_level_cluster(1, std::nan("")), std::domain_error);
  CHECK_THROWS_AS(number_variance_asymptotic(1, 0), std::domain_error);
  CHECK_THROWS_AS(spectral_rigidity_asymptotic(1, 0), std::domain_error);
  CHECK_THROWS_WITH(spectral_rigidity(1, 1e6),
                    ContainsSubstring("length = 1000000 (must be >= 0 and <= 1e5)"));
}

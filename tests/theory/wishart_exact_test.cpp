// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/wishart_exact.hpp and theory/laguerre_gap.hpp.
#include "theory/wishart_exact.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <boost/math/special_functions/gamma.hpp>

#include "tests/catch.hpp"
#include "tests/theory/law_checks.hpp"
#include "tests/theory/reference_table.hpp"
#include "tests/theory/wishart_determinants.hpp"
#include "theory/log_gamma_q.hpp"
#include "theory/tracy_widom.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// Law of the eigenvalue of W^* W itself: the variance undoes the division by N.
WishartExtremeEigenvalue undivided(int rows, int cols, int dyson_index,
                                   SpectrumEdge edge = SpectrumEdge::upper) {
  return {rows, cols, dyson_index, double(rows), edge};
}

}  // namespace

TEST_CASE("wishart_exact: largest eigenvalue against 20-digit values", "[theory][accuracy]") {
  double with_other_beta = 1, with_one_row_less = 1;
  for (const auto& row : tests::reference_rows("reference/rmt/wishart_exact.csv")) {
    const int beta = std::stoi(row.text("beta")), n = std::stoi(row.text("n_dof")),
              p = std::stoi(row.text("p"));
    const double x = row.number("x"), exact = row.number("cdf_lambda_max");
    CAPTURE(beta, n, p, x);
    const auto law = undivided(n, p, beta);
    CHECK_THAT(cdf(law, x), WithinAbs(exact, 1e-14));
    CHECK_THAT(sf(law, x), WithinAbs(1 - exact, 1e-14));
    // The transpose has the same nonzero eigenvalues.
    CHECK_THAT(cdf(undivided(p, n, beta), x), WithinAbs(exact, 1e-14));
    // Units: lambda = sigma^2 t / N.
    CHECK_THAT(cdf(WishartExtremeEigenvalue(n, p, beta, 2.5), 2.5 * x / n),
               WithinAbs(exact, 1e-13));
    if (exact < 0.01 || exact > 0.99) continue;
    // Negative controls: the table tells beta and N apart.
    with_other_beta =
        std::min(with_other_beta, std::abs(cdf(undivided(n, p, 3 - beta), x) - exact));
    if (n > p)
      with_one_row_less =
          std::min(with_one_row_less, std::abs(cdf(undivided(n - 1, p, beta), x) - exact));
  }
  CHECK(with_other_beta > 1e-3);
  CHECK(with_one_row_less > 1e-3);
}

TEST_CASE("wishart_exact: both tails of both edges against determinants and Pfaffians",
          "[theory][accuracy]") {
  // Even and odd p, a hard and two soft lower edges; x from far inside to far outside the spectrum.
  const auto [n, p] = GENERATE(std::pair{1, 1}, std::pair{2, 2}, std::pair{3, 3}, std::pair{7, 4},
                               std::pair{40, 5}, std::pair{8, 8}, std::pair{10, 7});
  const int beta = GENERATE(1, 2);
  const auto edge = GENERATE(SpectrumEdge::upper, SpectrumEdge::lower);
  const LaguerreGap law(edge, p, n - p, beta);
  const double center = std::pow(std::sqrt(n) + std::sqrt(p), 2);
  const double soft = std::pow(std::sqrt(n) - std::sqrt(p), 2), lower = n == p ? 1.0 / n : soft;
  for (const double factor : {0.01, 0.1, 0.4, 0.8, 1.0, 1.5, 3.0, 8.0}) {
    const double x = factor * (edge == SpectrumEdge::upper ? center : lower);
    CAPTURE(n, p, beta, int(edge), x);
    const auto [gap, loss] = tests::expected_gap(edge, n, p, beta, x);
    const GapPoint point = law.at(x);
    // Bounds of the header; log(1 - gap) and log(gap) are the numbers of which each tail is the exp.
    CHECK_THAT(std::exp(point.log_gap), WithinAbs(double(gap), 5e-15));
    CHECK(std::abs(point.log_gap - std::log(gap)) < 5e-14L * (1 + std::abs(std::log(gap))));
    CHECK(std::abs(point.log_loss - std::log(loss)) < 5e-14L * (1 + std::abs(std::log(loss))));
  }
}

TEST_CASE("wishart_exact: at min(N, M) = 60 and 200", "[theory][accuracy]") {
  // tests/theory/wishart_determinants.cpp with 600 digits (1000 at 199 and 200): P(lambda_max <= x) and
  // one minus it, for eigenvalues of W^* W.
  struct Row {
    int beta, n, p;
    double x, cdf, sf;
  };
  const auto row = GENERATE(
      Row{1, 60, 60, 193.73183738987143, 7.3252123252207086995e-04, 9.9926747876747792913e-01},
      Row{1, 60, 60, 252.75605420337618, 9.7684258651063704100e-01, 2.3157413489362958994e-02},
      Row{1, 60, 60, 356.04843362700944, 9.9999999999952355164e-01, 4.7644835793003171590e-13},
      Row{1, 60, 60, 95.2, 4.4129127171705240832e-114, 1.0000000000000000000},
      Row{1, 62, 59, 228.12467608561036, 5.1831798046786686783e-01, 4.8168201953213313216e-01},
      Row{1, 62, 59, 535.907945468366, 1.0000000000000000000, 2.3060812831754786880e-39},
      Row{1, 600, 60, 974.243689383625, 2.3291909882167018794e-02, 9.7670809011783298120e-01},
      Row{1, 600, 60, 1090.2922688890603, 9.9829103274133669182e-01, 1.7089672586633081774e-03},
      Row{1, 600, 60, 1572.3402145270227, 1.0000000000000000000, 3.2876636715811536753e-46},
      Row{2, 60, 60, 170.94606191874686, 8.6680416891387777339e-17, 9.9999999999999991331e-01},
      Row{2, 60, 60, 205.47303095937343, 1.3681956757300166596e-02, 9.8631804324269983340e-01},
      Row{2, 60, 60, 235.0675758513391, 9.1758268160275766409e-01, 8.2417318397242335904e-02},
      Row{2, 60, 60, 269.59454489196565, 9.9999650229960504085e-01, 3.4977003949591416201e-06},
      Row{2, 62, 59, 217.23236678925053, 1.9162541307186845339e-01, 8.0837458692813154660e-01},
      Row{2, 62, 59, 301.315853986817, 9.9999999998797883390e-01, 1.2021166090182391219e-11},
      Row{1, 200, 200, 709.6569861485495, 9.9246043477085891748e-07, 9.9999900753956522914e-01},
      Row{1, 200, 200, 746.4665752533206, 2.2607961624272126520e-02, 9.7739203837572787347e-01},
      Row{1, 200, 200, 780.33139722971, 5.2026429942413868505e-01, 4.7973570057586131494e-01},
      Row{1, 200, 200, 842.1715069257255, 9.9822865219144547334e-01, 1.7713478085545266554e-03},
      Row{1, 200, 200, 1092.4767128381689, 9.9999999999999999999e-01, 4.4237122455093539874e-26},
      Row{2, 230, 200, 768.3780590936627, 2.2603024118063906575e-09, 9.9999999773969758819e-01},
      Row{2, 230, 200, 806.1172893840301, 1.7698907670542562381e-02, 9.8230109232945743761e-01},
      Row{2, 230, 200, 840.837381251168, 7.4372387466048922292e-01, 2.5627612533951077707e-01},
      Row{2, 230, 200, 904.2392881389852, 9.9999679205444779059e-01, 3.2079455522094085713e-06},
      Row{2, 230, 200, 1160.8660541134834, 1.0000000000000000000, 1.2460833327447745333e-51},
      Row{1, 1201, 199, 2239.6601111555356, 1.7330657171476420674e-06, 9.9999826693428285235e-01},
      Row{1, 1201, 199, 2296.1842662629765, 2.4342804509206850713e-02, 9.7565719549079314928e-01},
      Row{1, 1201, 199, 2348.186488961822, 5.2120909106817136065e-01, 4.7879090893182863934e-01},
      Row{1, 1201, 199, 2443.147069542322, 9.9827904982497608308e-01, 1.7209501750239169194e-03});
  CAPTURE(row.beta, row.n, row.p, row.x);
  const auto law = undivided(row.n, row.p, row.beta);
  const double grown = row.p > 100 ? 4 : 1;  // the bounds of the header, at p = 200
  CHECK_THAT(cdf(law, row.x), WithinAbs(row.cdf, 2e-14 * grown));
  CHECK_THAT(sf(law, row.x), WithinRel(row.sf, row.sf < 0.9 ? 5e-14 * grown : 2e-14 * grown));
  CHECK_THAT(log_cdf(law, row.x), WithinAbs(row.cdf > 0.9 ? std::log1p(-row.sf) : std::log(row.cdf),
                                            (row.cdf < 0.05 ? 2e-13 * grown : 5e-14 * grown) *
                                                (1 + std::abs(std::log(row.cdf)))));
}

TEST_CASE("wishart_exact: one column is a chi-square law", "[theory][accuracy]") {
  for (const int n : {1, 2, 7, 20}) {
    for (const int beta : {1, 2}) {
      // beta lambda N / 2 follows a Gamma law of shape beta n / 2; with one column both edges are one.
      const double shape = beta * n / 2.0;
      const auto law = undivided(n, 1, beta), lowest = undivided(n, 1, beta, SpectrumEdge::lower);
      for (const double x : {1e-6, 0.01, 0.5, 2.0, 10.0, 60.0, 400.0}) {
        CAPTURE(n, beta, x);
        const double t = beta * x / 2;
        const double lower = boost::math::gamma_p(shape, t), upper = boost::math::gamma_q(shape, t);
        for (const auto& both : {law, lowest}) {
          CHECK_THAT(cdf(both, x), WithinRel(lower, 4e-14));
          CHECK_THAT(sf(both, x), WithinRel(upper, 4e-14 * (1 + t)));
          CHECK_THAT(pdf(both, x), WithinRel(beta / 2.0 * boost::math::gamma_p_derivative(shape, t),
                                             4e-14 * (1 + t)));
        }
        // Where the tail is no double any more.
        const double far = 1e4 * (1 + x);
        CHECK_THAT(log_sf(law, far), WithinRel(log_gamma_q(shape, beta * far / 2), 1e-13));
        CHECK_THAT(log_sf(lowest, far), WithinRel(log_gamma_q(shape, beta * far / 2), 1e-13));
      }
    }
  }
}

TEST_CASE("wishart_exact: two columns in closed form", "[theory][accuracy]") {
  for (const int n : {2, 3, 9, 30}) {
    const auto real = undivided(n, 2, 1), complex = undivided(n, 2, 2);
    for (const double factor : {0.3, 0.7, 1.0, 1.5, 3.0}) {
      const double x = factor * (n + 2);
      CAPTURE(n, x);
      // Integrating (a - b) (a b)^((n-3)/2) e^(-(a+b)/2) over b < a < x by parts once.
      const double half = (n - 1) / 2.0;
      const double product = std::exp(half * std::log(x) - x / 2 + half * std::log(2.0) +
                                      std::lgamma(half) - std::lgamma(n - 1)) /
                             2;
      CHECK_THAT(cdf(real, x), WithinAbs(boost::math::gamma_p(n - 1, x) -
                                             product * boost::math::gamma_p(half, x / 2),
                                         2e-14));
      // det of gamma(n - 1 + i + j, x), i, j = 0, 1, over its value at infinity.
      const double g0 = boost::math::gamma_p(n - 1, x), g1 = boost::math::gamma_p(n, x),
                   g2 = boost::math::gamma_p(n + 1, x);
      CHECK_THAT(cdf(complex, x), WithinAbs(n * g0 * g2 - (n - 1) * g1 * g1, 2e-14 * n));
    }
  }
}

TEST_CASE("wishart_exact: three columns by integrating the joint density", "[theory][accuracy]") {
  // n = p + 1 makes the real density polynomial times exponential; the complex one always is.
  const int beta = GENERATE(1, 2), n = 4, p = 3;
  const auto joint = [&](double a, double b, double c) {
    const double spacing = (a - b) * (a - c) * (b - c);
    return beta == 1 ? spacing * std::exp(-(a + b + c) / 2)
                     : spacing * spacing * a * b * c * std::exp(-(a + b + c));
  };
  // Over c < b < a for given a; 100 nodes are exact to rounding.
  const auto density = [&](double a) {
    return tests::integrate(
        [&](double b) { return tests::integrate([&](double c) { return joint(a, b, c); }, b); }, a);
  };
  const double top = beta == 1 ? 110 : 60;
  const double norm = tests::integrate(density, top);
  const auto law = undivided(n, p, beta);
  for (const double a : {2.0, 6.0, 12.0}) {
    CAPTURE(beta, a);
    CHECK_THAT(pdf(law, a), WithinRel(density(a) / norm, 1e-11));
    CHECK_THAT(cdf(law, a), WithinRel(tests::integrate(density, a) / norm, 1e-11));
  }
  const double first = tests::integrate([&](double a) { return a * density(a); }, top) / norm;
  CHECK_THAT(mean(law), WithinRel(first, 1e-11));
}

TEST_CASE("wishart_exact: moments", "[theory][property]") {
  // One column: chi-square with n or 2 n degrees of freedom.
  for (const int n : {1, 5}) {
    const WishartMoments real = moments(undivided(n, 1, 1)), complex = moments(undivided(n, 1, 2));
    CAPTURE(n);
    CHECK_THAT(real.mean, WithinRel(n, 1e-12));
    CHECK_THAT(real.variance, WithinRel(2 * n, 1e-12));
    CHECK_THAT(real.skewness, WithinRel(std::sqrt(8.0 / n), 1e-11));
    CHECK_THAT(real.kurtosis_excess, WithinRel(12.0 / n, 1e-10));
    CHECK_THAT(complex.mean, WithinRel(n, 1e-12));
    CHECK_THAT(complex.variance, WithinRel(n, 1e-12));
  }
  // Two columns: both eigenvalues together are the trace of X and of X^2.
  for (const int beta : {1, 2}) {
    for (const int n : {2, 3, 12}) {
      const WishartExtremeEigenvalue largest(n, 2, beta, 1.7),
          smallest(n, 2, beta, 1.7, SpectrumEdge::lower);
      const WishartMoments a = moments(largest), b = moments(smallest);
      CAPTURE(beta, n);
      CHECK_THAT(a.mean + b.mean, WithinRel(2 * 1.7, 1e-12));
      const double squares = 1.7 * 1.7 * 2 * (n + 2 + (beta == 1 ? 1.0 : 0.0)) / n;
      CHECK_THAT(a.variance + a.mean * a.mean + b.variance + b.mean * b.mean,
                 WithinRel(squares, 1e-12));
      CHECK(mean(largest) == a.mean);
      CHECK(variance(smallest) == b.variance);
    }
  }
}

TEST_CASE("wishart_exact: smallest complex eigenvalue of a square matrix is exponential",
          "[theory][property]") {
  for (const int n : {1, 2, 17, 60}) {
    const auto law = undivided(n, n, 2, SpectrumEdge::lower);
    for (const double y : {1e-9, 0.01, 1.0, 5.0, 50.0}) {
      CAPTURE(n, y);
      CHECK_THAT(log_sf(law, y / n), WithinRel(-y, 1e-13));
      CHECK_THAT(cdf(law, y / n), WithinRel(-std::expm1(-y), 5e-14));
    }
  }
}

TEST_CASE("wishart_exact: approaches Tracy-Widom as min(N, M)^(-2/3)", "[theory][limit]") {
  const int beta = GENERATE(1, 2);
  const TracyWidom limit(beta);
  double previous = 1;
  for (const int m : {10, 20, 40, 80, 160}) {
    const WishartExtremeEigenvalue exact(2 * m, m, beta);
    const EdgeScaling edge = upper_edge_scaling(2 * m, m, 1, EdgeConstants::ma, beta);
    double worst = 0;
    for (double z = 0; z < 5; z += 0.25)  // probabilities above 0.8 (beta = 1) and 0.96 (2)
      worst = std::max(worst, std::abs(sf(exact, edge.center + z * edge.scale) - sf(limit, z)));
    CAPTURE(beta, m, worst, previous);
    CHECK(worst < (beta == 1 ? 0.029 : 0.014) * std::pow(m, -2.0 / 3));
    if (m > 10) CHECK(worst / previous < 0.75);  // 2^(-2/3) = 0.63 in the end
    previous = worst;
  }
  // Negative control: the law of the other beta stays away.
  CHECK(std::abs(sf(TracyWidom(3 - beta), 0.0) - sf(limit, 0.0)) > 0.1);
}

TEST_CASE("wishart_exact: members of each law belong together", "[theory][property]") {
  for (const auto& [rows, cols, beta, edge] :
       {std::tuple{1, 1, 1, SpectrumEdge::upper}, std::tuple{30, 12, 1, SpectrumEdge::upper},
        std::tuple{12, 30, 2, SpectrumEdge::upper}, std::tuple{9, 9, 1, SpectrumEdge::lower},
        std::tuple{60, 7, 1, SpectrumEdge::lower}, std::tuple{20, 13, 2, SpectrumEdge::lower}}) {
    CAPTURE(rows, cols, beta, int(edge));
    const WishartExtremeEigenvalue law(rows, cols, beta, 0.3, edge);
    tests::check_quantiles(law, 1e-11);  // relative, of probabilities down to 1e-200
    double before = 0;
    for (double lambda = 0.01; lambda < 3; lambda *= 1.07) {
      CAPTURE(lambda);
      const double p = cdf(law, lambda);
      CHECK(p >= before);
      CHECK_THAT(p + sf(law, lambda), WithinAbs(1, 8 * eps));
      before = p;
    }
  }
}

TEST_CASE("wishart_exact: without a seam between its two methods", "[theory][property]") {
  // The gap probability is e^-3 where one hands over to the other.
  for (const int beta : {1, 2}) {
    for (const auto edge : {SpectrumEdge::upper, SpectrumEdge::lower}) {
      for (const auto& [n, p] : {std::pair{10, 10}, std::pair{41, 20}, std::pair{300, 33}}) {
        CAPTURE(beta, int(edge), n, p);
        const auto law = undivided(n, p, beta, edge);
        const bool upper = edge == SpectrumEdge::upper;
        const double seam =
            upper ? quantile(law, std::exp(-3.0)) : quantile_sf(law, std::exp(-3.0));
        const double h = 1e-9 * seam;
        const double below = log_cdf(law, seam - h), above = log_cdf(law, seam + h);
        CHECK_THAT(above - below, WithinAbs(2 * h * pdf(law, seam) / cdf(law, seam), 2e-12));
        // |d log pdf / d log lambda| is below 200 here.
        CHECK_THAT(pdf(law, seam + h) / pdf(law, seam - h), WithinAbs(1, 4e-7));
      }
    }
  }
}

TEST_CASE("wishart_exact: ends of the range", "[theory][property]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const auto edge : {SpectrumEdge::upper, SpectrumEdge::lower}) {
    const WishartExtremeEigenvalue law(20, 10, 1, 1, edge);
    CHECK(cdf(law, 0) == 0);
    CHECK(log_cdf(law, -1) == -infinity);
    CHECK(log_sf(law, infinity) == -infinity);
    CHECK(log_sf(law, 0) == 0);
    CHECK(cdf(law, infinity) == 1);
    // P(all < x) ~ x^(NM/2) and P(all > x) ~ e^(-N M x / 2) for real entries of X.
    if (edge == SpectrumEdge::upper)
      CHECK_THAT(log_cdf(law, 1e-12) - log_cdf(law, 1e-13), WithinRel(100 * std::log(10.0), 1e-10));
    else
      CHECK_THAT((log_sf(law, 2e4) - log_sf(law, 1e4)) / 1e4, WithinRel(-100.0, 1e-3));
  }
  // One eigenvalue far out: P ~ e^(-N x / 2) times powers, here to first order in 1/x.
  const WishartExtremeEigenvalue law(20, 10);
  CHECK_THAT((log_sf(law, 2e5) - log_sf(law, 1e5)) / 1e5, WithinRel(-10.0, 1e-4));
  CHECK(sf(law, 1e5) == 0);
  // To the ends of the range of doubles; 20 x 10: t = 20 lambda.
  for (const double lambda : {1e18, 1e90, 1e110, 1e300}) {
    CAPTURE(lambda);
    CHECK_THAT(log_sf(law, lambda), WithinRel(-10 * lambda, 1e-14));
    CHECK_THAT(log_sf(WishartExtremeEigenvalue(20, 10, 2, 1, SpectrumEdge::lower), lambda),
               WithinRel(-200 * lambda, 1e-14));
    CHECK(pdf(law, lambda) == 0);
  }
  CHECK_THAT(log_cdf(law, 1e-250) - log_cdf(law, 1e-251), WithinRel(100 * std::log(10.0), 1e-10));
}

TEST_CASE("wishart_exact: names what is outside its domain", "[theory][errors]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(WishartExtremeEigenvalue(0, 5),
                    ContainsSubstring("WishartExtremeEigenvalue: rows = 0 (must be >= 1)"));
  CHECK_THROWS_WITH(WishartExtremeEigenvalue(5, -1),
                    ContainsSubstring("WishartExtremeEigenvalue: cols = -1 (must be >= 1)"));
  CHECK_THROWS_WITH(
      WishartExtremeEigenvalue(300, 201),
      ContainsSubstring("WishartExtremeEigenvalue: min(rows, cols) = 201 (must be <= 200"));
  CHECK_NOTHROW(WishartExtremeEigenvalue(100000, 3));
  CHECK_THROWS_WITH(WishartExtremeEigenvalue(5, 5, 4),
                    ContainsSubstring("dyson_index = 4 (must be 1 or 2)"));
  CHECK_THROWS_WITH(WishartExtremeEigenvalue(5, 5, 1, 0),
                    ContainsSubstring("variance = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(LaguerreGap(SpectrumEdge::upper, 3, 0.5, 1),
                    ContainsSubstring("LaguerreGap: exponent = 0.5 (must be an integer >= 0)"));
  CHECK_THROWS_WITH(LaguerreGap(SpectrumEdge::upper, 0, 1, 1),
                    ContainsSubstring("LaguerreGap: order = 0 (must be >= 1 and <= 200)"));
  CHECK_THROWS_WITH(LaguerreGap(SpectrumEdge::upper, 3, 1, 1).at(0),
                    ContainsSubstring("LaguerreGap::at: x = 0 (must be finite and > 0)"));
  const WishartExtremeEigenvalue law(6, 3);
  CHECK_THROWS_AS(pdf(law, nan), std::domain_error);
  CHECK_THROWS_AS(cdf(law, nan), std::domain_error);
  CHECK_THROWS_AS(log_sf(law, nan), std::domain_error);
  CHECK_THROWS_WITH(quantile(law, 1.5), ContainsSubstring("quantile: p = 1.5"));
  CHECK_THROWS_WITH(quantile_sf(law, nan), ContainsSubstring("quantile_sf: q = nan"));
}

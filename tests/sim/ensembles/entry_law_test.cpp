// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/entry_law.hpp.
#include "sim/ensembles/entry_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "theory/gauss_legendre.hpp"

namespace {

using namespace rmtlab;
using namespace rmtlab::ensembles;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using core::Stream;

constexpr double infinity = std::numeric_limits<double>::infinity();

EntryLaw heavy(EntryKind kind, double mu, Centring centring = Centring::raw,
               double limit = infinity) {
  return {.kind = kind, .tail_index = mu, .limit = limit, .centring = centring};
}

/// Every kind, with the centrings and truncations that make a difference.
std::vector<EntryLaw> all_laws() {
  using enum EntryKind;
  using enum Centring;
  return {{},
          {.kind = truncated_gaussian, .limit = 2},
          {.kind = truncated_gaussian, .limit = 0.4},
          {.kind = uniform},
          {.kind = rademacher},
          {.kind = sparse, .density = 0.4},
          heavy(student_t, 5),
          heavy(student_t, 0.5),
          heavy(student_t, 3, raw, 6),
          heavy(pareto, 5),
          heavy(pareto, 3, centred),
          heavy(pareto, 2.5, symmetrised),
          heavy(pareto, 0.7),
          heavy(pareto, 1.5, centred, 50),
          heavy(pareto, 1, symmetrised, 1000),
          heavy(lomax, 5, symmetrised),
          heavy(lomax, 2.5, centred),
          heavy(lomax, 1.2),
          heavy(lomax, 0.5, centred, 20),
          heavy(stable, 1.5),
          heavy(stable, 0.8),
          heavy(root_stable, 1.5),
          heavy(root_stable, 0.6)};
}

std::string describe(const EntryLaw& law) {
  return std::string(name(law.kind)) + " mu " + std::to_string(law.tail_index) + " limit " +
         std::to_string(law.limit) + " " + std::string(name(law.centring));
}

/// int_0^inf f by Gauss-Legendre panels in log u, cut at `cuts`, where f may be discontinuous.
template <class F>
double integrate(F f, std::vector<double> cuts) {
  static const theory::GaussLegendre rule(20);
  cuts.insert(cuts.end(), {1e-12, 1e40});
  std::sort(cuts.begin(), cuts.end());
  double sum = 0;
  for (std::size_t c = 0; c + 1 < cuts.size(); ++c) {
    const double low = std::log(cuts[c]), high = std::log(cuts[c + 1]);
    const int panels = 1 + static_cast<int>((high - low) / 0.25);
    const double width = (high - low) / panels;
    for (int i = 0; i < panels; ++i)
      for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
        const double u = std::exp(low + width * (i + rule.nodes[k]));
        sum += rule.weights[k] * width * u * f(u);
      }
  }
  return sum;
}

/// E|w|^k = int k u^(k-1) P(|w| > u) du; independent of the moments' closed forms and densities.
double moment_from_survival(const EntryLaw& law, int k) {
  std::vector<double> cuts;
  const double shift = law.kind == EntryKind::pareto || law.kind == EntryKind::lomax
                           ? mean(EntryLaw{law.kind, law.tail_index, law.limit}).value_or(0)
                           : 0;
  const double edge = law.kind == EntryKind::pareto || law.kind == EntryKind::uniform ||
                              law.kind == EntryKind::rademacher
                          ? 1
                          : 0;
  for (const double cut : {edge, law.limit, shift - edge, law.limit - shift, shift})
    if (cut > 0 && std::isfinite(cut)) cuts.push_back(cut);
  return integrate([&](double u) { return k * std::pow(u, k - 1) * survival(law, u); }, cuts);
}

}  // namespace

TEST_CASE("entry_law: quantiles invert the survival function", "[ensembles][property]") {
  for (const EntryLaw& law : all_laws()) {
    CAPTURE(describe(law));
    const bool bounded = std::isfinite(law.limit) || law.kind == EntryKind::uniform;
    double previous = infinity;
    for (const double q : {1e-12, 1e-6, 1e-3, 0.03, 0.3, 0.8}) {
      CAPTURE(q);
      const double u = survival_quantile(law, q);
      CHECK(u <= previous);
      previous = u;
      CHECK(u <= law.limit);
      if (law.kind == EntryKind::rademacher) {
        CHECK(u == 1);
      } else if (law.kind == EntryKind::sparse && q > law.density) {
        CHECK(u == 0);
      } else {
        // Beside a limit (of truncation, of the uniform law) P is a difference of numbers of order 1.
        CHECK_THAT(survival(law, u), WithinAbs(q, 1e-11 * q + (bounded ? 1e-13 : 0)));
      }
      CHECK(tail_scale(law, 1 / q) == survival_quantile(law, 1 / (1 / q)));
    }
    CHECK(survival_quantile(law, 1) == 0);
    CHECK(survival(law, -1) == 1);
    CHECK(survival(law, infinity) == 0);
    CHECK_THAT(survival(law, 0), WithinAbs(law.kind == EntryKind::sparse ? law.density : 1, 1e-15));
  }
  CHECK_THAT(tail_scale(heavy(EntryKind::pareto, 1.5), 1e6), WithinRel(1e4, 1e-14));
  CHECK_THAT(tail_scale(heavy(EntryKind::lomax, 2), 1e6), WithinRel(999, 1e-14));
  CHECK_THAT(tail_scale({}, 1 / 0.0026997960632601866), WithinRel(3, 1e-13));
  // t with 1 degree of freedom is Cauchy's law: P(|t| > u) = (2/pi) atan(1/u).
  CHECK_THAT(tail_scale(heavy(EntryKind::student_t, 1), 4), WithinRel(1 + std::sqrt(2.0), 1e-13));
  CHECK_THAT(tail_scale(heavy(EntryKind::stable, 1), 4), WithinRel(1 + std::sqrt(2.0), 1e-11));
}

TEST_CASE("entry_law: the distribution function belongs to the survival function",
          "[ensembles][property]") {
  for (const EntryLaw& law : all_laws()) {
    CAPTURE(describe(law));
    double previous = 0;
    for (double x = -4.05; x < 5; x += 0.3) {  // never at an atom
      CAPTURE(x);
      const double p = cdf(law, x);
      CHECK(p >= previous - 1e-15);
      previous = p;
      const double u = std::abs(x);
      CHECK_THAT(1 - cdf(law, u) + cdf(law, -u), WithinAbs(survival(law, u), 1e-12));
      if (is_symmetric(law)) CHECK_THAT(p, WithinAbs(1 - cdf(law, -x), 1e-12));
    }
    CHECK(cdf(law, -infinity) == 0);
    CHECK(cdf(law, infinity) == 1);
  }
  const EntryLaw signs{.kind = EntryKind::rademacher};
  CHECK(cdf(signs, -1.0001) == 0);
  CHECK(cdf(signs, -1) == 0.5);
  CHECK(cdf(signs, 0.9999) == 0.5);
  CHECK(cdf(signs, 1) == 1);
  CHECK_FALSE(is_symmetric(heavy(EntryKind::pareto, 3, Centring::centred)));
  CHECK(is_symmetric(heavy(EntryKind::pareto, 3, Centring::symmetrised)));
}

TEST_CASE("entry_law: moments are integrals of the survival function", "[ensembles][accuracy]") {
  // The quadrature ends at u = 1e40, which for mu close to the order loses up to 1e40^(k - mu).
  for (EntryLaw law : all_laws()) {
    CAPTURE(describe(law));
    const double variance_here = variance(law);
    if (!mean(law)) {
      CHECK(std::isinf(variance_here));
      continue;
    }
    if (law.centring == Centring::raw && !is_symmetric(law)) {
      CHECK_THAT(*mean(law), WithinRel(moment_from_survival(law, 1), 1e-7));
      law.centring = Centring::centred;  // the same variance and kurtosis
    }
    CHECK(*mean(law) == 0);
    if (std::isinf(variance_here)) {
      CHECK(tail_index(law) <= 2);
      CHECK_FALSE(excess_kurtosis(law).has_value());
      continue;
    }
    CHECK(tail_index(law) > 2);
    CHECK_THAT(variance(law), WithinRel(variance_here, 1e-15));
    CHECK_THAT(variance(law), WithinRel(moment_from_survival(law, 2), 1e-11));
    const double excess = *excess_kurtosis(law);
    if (tail_index(law) <= 4)
      CHECK(excess == infinity);
    else
      CHECK_THAT((excess + 3) * variance(law) * variance(law),
                 WithinRel(moment_from_survival(law, 4), 1e-11));
  }
}

TEST_CASE("entry_law: moments in closed form", "[ensembles][accuracy]") {
  using enum EntryKind;
  using enum Centring;
  struct Row {
    EntryLaw law;
    double mean, variance, excess;
  };
  for (const Row& row :
       {Row{{}, 0, 1, 0}, Row{{.kind = uniform}, 0, 1.0 / 3, -1.2},
        Row{{.kind = rademacher}, 0, 1, -2}, Row{{.kind = sparse, .density = 0.1}, 0, 0.1, 27},
        Row{heavy(student_t, 5), 0, 5.0 / 3, 6}, Row{heavy(student_t, 3), 0, 3, infinity},
        Row{heavy(pareto, 5), 1.25, 5.0 / 48, 70.8},
        Row{heavy(pareto, 3, centred), 0, 0.75, infinity},
        Row{heavy(pareto, 5, symmetrised), 0, 5.0 / 3, 5 / (25.0 / 9) - 3},
        Row{heavy(lomax, 3), 0.5, 0.75, infinity},
        Row{heavy(lomax, 6, symmetrised), 0, 0.1, 20 - 3 + 0.0},
        Row{heavy(pareto, 2.5), 5.0 / 3, 2.5 / (2.25 * 0.5), infinity}}) {
    CAPTURE(describe(row.law));
    CHECK_THAT(*mean(row.law), WithinAbs(row.mean, 1e-14));
    CHECK_THAT(variance(row.law), WithinRel(row.variance, 1e-14));
    if (std::isinf(row.excess))
      CHECK(excess_kurtosis(row.law) == row.excess);
    else
      CHECK_THAT(*excess_kurtosis(row.law), WithinAbs(row.excess, 1e-12));
  }
  // Normal law cut at two standard deviations: 1 - 4 phi(2) / (2 Phi(2) - 1).
  const double share =
      4 * std::exp(-2.0) / std::sqrt(2 * std::acos(-1.0)) / std::erf(std::sqrt(2.0));
  CHECK_THAT(variance({.kind = truncated_gaussian, .limit = 2}), WithinRel(1 - share, 1e-14));
  // Truncated Pareto: E y^k = mu l f((mu - k) l) / (1 - L^-mu), l = log L, f(x) = (1 - e^-x) / x.
  for (const double mu : {0.1, 0.5, 1.0, 2.0, 3.7, 9.0, 60.0})
    for (const double limit : {3.0, 100.0, 1e8, 1e60}) {
      CAPTURE(mu, limit);
      const double l = std::log(limit);
      const auto moment = [&](double k) {
        const double x = (mu - k) * l;
        return mu * l * (x == 0 ? 1 : -std::expm1(-x) / x) / -std::expm1(-mu * l);
      };
      CHECK_THAT(*mean(heavy(pareto, mu, raw, limit)), WithinRel(moment(1), 1e-12));
      const EntryLaw law = heavy(pareto, mu, symmetrised, limit);
      CHECK_THAT(variance(law), WithinRel(moment(2), 1e-12));
      CHECK_THAT((*excess_kurtosis(law) + 3) * moment(2) * moment(2), WithinRel(moment(4), 1e-12));
    }
  for (const double mu : {0.3, 0.9, 1.0}) {  // no mean: neither 0 nor infinite
    CHECK_FALSE(mean(heavy(student_t, mu)).has_value());
    CHECK_FALSE(mean(heavy(pareto, mu)).has_value());
    CHECK(variance(heavy(stable, mu)) == infinity);
  }
  // Truncation gives back every moment.
  CHECK(*mean(heavy(pareto, 0.5, centred, 10)) == 0);
}

TEST_CASE("entry_law: slope and constant of the tail", "[ensembles][accuracy]") {
  for (const EntryLaw& law : all_laws()) {
    CAPTURE(describe(law));
    const double mu = tail_index(law);
    // Slope of the survival function between its 1e-9 and 1e-11 quantiles.
    const double slope =
        std::log(100) / std::log(survival_quantile(law, 1e-11) / survival_quantile(law, 1e-9));
    if (std::isinf(mu)) {
      CHECK(slope > 10);
      CHECK_THROWS_AS(tail_constant(law), std::domain_error);
      continue;
    }
    // The next term of the tail is relatively u^-1 at worst (a shift by a mean): 1e9^(-1/mu).
    const double next = 3 * std::pow(1e9, -1 / std::max(mu, 1.0));
    CHECK_THAT(slope, WithinRel(mu, next + 1e-6));
    const double u = survival_quantile(law, 1e-11);
    CHECK_THAT(std::pow(u, mu) * 1e-11, WithinRel(tail_constant(law), 12 * next + 1e-6));
    CHECK(std::abs(slope / (1.2 * mu) - 1) > next + 1e-6);  // negative control
  }
}

TEST_CASE("entry_law: draws follow the distribution function", "[ensembles][statistical]") {
  // DKW on 100 points: the true law is refused with probability below 1e-5, 23 laws.
  constexpr std::size_t n = 40000;
  const double band = std::sqrt(std::log(2e5) / (2 * n));
  for (const EntryLaw& law : all_laws()) {
    CAPTURE(describe(law));
    Stream stream = Stream(20240603).child(describe(law));
    std::vector<double> sample(n);
    EntrySampler(law).fill(sample, stream);
    // z of mean and variance where the fourth moment exists: |z| > 4 has probability 6e-5.
    if (excess_kurtosis(law).value_or(infinity) < infinity) {
      double sum = 0, squares = 0;
      for (const double w : sample) {
        sum += w - *mean(law);
        squares += std::pow(w - *mean(law), 2);
      }
      const double v = variance(law);
      CHECK(std::abs(sum) < 4 * std::sqrt(n * v));
      CHECK(std::abs(squares / n - v) <=
            4 * v * std::sqrt((*excess_kurtosis(law) + 2) / n) + 1e-12);
    }
    // Exceedances at the 1 % and 0.1 % points: 4 binomial standard deviations, 6e-5 each.
    for (const double q : {0.01, 0.001}) {
      const double level = survival_quantile(law, q), p = survival(law, level);
      const auto beyond = std::count_if(sample.begin(), sample.end(),
                                        [&](double w) { return std::abs(w) > level; });
      CHECK(std::abs(static_cast<double>(beyond) - n * p) <= 4 * std::sqrt(n * p * (1 - p)));
    }
    std::sort(sample.begin(), sample.end());
    const auto distance = [&](double scale) {
      double largest = 0;
      for (std::size_t i = n / 200; i < n; i += n / 100) {
        const double x = sample[i] * scale;
        const auto seen = std::upper_bound(sample.begin(), sample.end(), sample[i]);
        const auto share = static_cast<double>(seen - sample.begin()) / n;
        largest = std::max(largest, std::abs(share - cdf(law, x)));
      }
      return largest;
    };
    CHECK(distance(1) < band);
    // Negative control: the scale wrong by a factor 0.7 or 1.4.
    CHECK(std::max(distance(0.7), distance(1.4)) > band);
  }
}

TEST_CASE("entry_law: centring", "[ensembles][statistical]") {
  // The same stream, so the same y: only what is done to it differs.
  for (const EntryKind kind : {EntryKind::pareto, EntryKind::lomax}) {
    Stream a = Stream(9).child("centring"), b = a, c = a;
    const EntryLaw law = heavy(kind, 3);
    const EntrySampler raw(law), centred(heavy(kind, 3, Centring::centred)),
        symmetrised(heavy(kind, 3, Centring::symmetrised));
    double sum = 0;
    for (int i = 0; i < 1000; ++i) {
      const double y = raw(a);
      CHECK(y >= (kind == EntryKind::pareto ? 1 : 0));
      CHECK(centred(b) == y - *mean(law));
    }
    for (int i = 0; i < 20000; ++i) sum += symmetrised(c) > 0 ? 1 : -1;
    CHECK(std::abs(sum) < 4 * std::sqrt(20000.0));  // 6e-5
  }
  // Symmetric laws: centring is nothing.
  Stream a(10), b(10);
  const EntryLaw t = heavy(EntryKind::student_t, 3);
  EntryLaw t_centred = t;
  t_centred.centring = Centring::centred;
  for (int i = 0; i < 100; ++i) CHECK(draw(t, a) == draw(t_centred, b));
}

TEST_CASE("entry_law: filling is drawing one by one", "[ensembles][repro]") {
  for (const EntryLaw& law : all_laws()) {
    CAPTURE(describe(law));
    const EntrySampler sampler(law);
    Stream a = Stream(11).child("fill"), b = a, c = a;
    std::vector<double> x(700), y(700);
    sampler.fill(x, a);
    for (double& w : y) w = sampler(b);
    CHECK(x == y);
    CHECK(a.bits() == b.bits());
    CHECK(draw(law, c) == x[0]);
  }
}

TEST_CASE("entry_law: names", "[ensembles][property]") {
  CHECK(entry_kinds().size() == 10);
  for (const EntryKind kind : entry_kinds()) CHECK(parse_entry_kind(name(kind)) == kind);
  for (const Centring centring : {Centring::raw, Centring::centred, Centring::symmetrised})
    CHECK(parse_centring(name(centring)) == centring);
  CHECK(name(EntryKind::student_t) == "student_t");
  CHECK(name(EntryKind::sparse) == "sparse");
  CHECK_THROWS_WITH(parse_entry_kind("normal"),
                    ContainsSubstring("entry kind: name = normal (must be one of gaussian, "));
  CHECK_THROWS_WITH(
      parse_centring("none"),
      ContainsSubstring("centring: name = none (must be one of raw, centred, symmetrised)"));
}

TEST_CASE("entry_law: refuses what is outside its domain", "[ensembles][errors]") {
  using enum EntryKind;
  const double nan = std::nan("");
  CHECK_THROWS_WITH(validate(heavy(student_t, 0)),
                    ContainsSubstring("entry law: tail_index = 0 (must be finite and >= 0.1 for "
                                      "student_t)"));
  CHECK_THROWS_WITH(validate(heavy(stable, 2)),
                    ContainsSubstring("tail_index = 2 (must be >= 0.1 and <= 1.99 for stable)"));
  CHECK_THROWS_WITH(validate({.tail_index = 3}),
                    ContainsSubstring("tail_index = 3 (must be left out for gaussian)"));
  CHECK_THROWS_WITH(validate(heavy(stable, 1.5, Centring::raw, 10)),
                    ContainsSubstring("limit = 10 (must be left out for stable)"));
  CHECK_THROWS_WITH(validate({.kind = truncated_gaussian}),
                    ContainsSubstring("limit = inf (must be > 0 and <= 1e70)"));
  CHECK_THROWS_WITH(validate(heavy(pareto, 3, Centring::raw, 1)),
                    ContainsSubstring("limit = 1 (must be so large that a hundredth of the law "));
  CHECK_THROWS_WITH(validate({.kind = sparse, .density = 0}),
                    ContainsSubstring("density = 0 (must be > 0 and <= 1)"));
  CHECK_THROWS_WITH(validate({.density = 0.5}), ContainsSubstring("left out for gaussian"));
  CHECK_THROWS_WITH(validate(heavy(pareto, 1, Centring::centred)),
                    ContainsSubstring("tail_index = 1 (must be > 1 for a centred law: there is no "
                                      "mean to subtract)"));
  CHECK_THROWS_AS(validate(heavy(lomax, nan)), std::domain_error);
  CHECK_THROWS_AS(validate(heavy(lomax, 2, Centring::raw, nan)), std::domain_error);
  CHECK_THROWS_AS(EntrySampler(heavy(pareto, -1)), std::domain_error);
  CHECK_THROWS_AS(survival({}, nan), std::domain_error);
  CHECK_THROWS_AS(cdf({}, nan), std::domain_error);
  CHECK_THROWS_WITH(survival_quantile({}, 0),
                    ContainsSubstring("survival_quantile: q = 0 (must be > 0 and <= 1)"));
  CHECK_THROWS_WITH(tail_scale({}, 0.5),
                    ContainsSubstring("tail_scale: n = 0.5 (must be finite and >= 1)"));
  CHECK_THROWS_WITH(tail_constant({}),
                    ContainsSubstring("tail_constant: kind = gaussian (must have a tail that is a "
                                      "power)"));
}

// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/entry_matrix.hpp.
#include "sim/ensembles/entry_matrix.hpp"

#include <cmath>
#include <stdexcept>

#include <armadillo>

#include "tests/catch.hpp"

namespace {

using namespace rmtlab::ensembles;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;

}  // namespace

TEST_CASE("entry_matrix: columns in order, a function of the stream", "[ensembles][repro]") {
  for (const EntryLaw& law : {EntryLaw{}, EntryLaw{.kind = EntryKind::student_t, .tail_index = 3},
                              EntryLaw{.kind = EntryKind::root_stable, .tail_index = 1.2}}) {
    CAPTURE(name(law.kind));
    Stream a = Stream(1).child("matrix"), b = a, c = a;
    const arma::mat wide = entry_matrix(30, 20, law, Scaling::tail, a);
    const arma::mat narrow = entry_matrix(30, 7, law, Scaling::tail, b);
    CHECK(arma::approx_equal(wide.head_cols(7), narrow, "absdiff", 0.0));
    const double factor = scale_factor(law, Scaling::tail, 30);
    CHECK(wide(0, 0) == factor * EntrySampler(law)(c));
    const arma::mat next = entry_matrix(30, 20, law, Scaling::tail, a);
    CHECK_FALSE(arma::approx_equal(wide, next, "absdiff", 1e-12));  // the stream has moved on
  }
}

TEST_CASE("entry_matrix: scalings", "[ensembles][property]") {
  const EntryLaw pareto{.kind = EntryKind::pareto, .tail_index = 1.5};
  CHECK(scale_factor(pareto, Scaling::none, 100) == 1);
  // a_N = N^(1/mu).
  CHECK_THAT(scale_factor(pareto, Scaling::tail, 1000),
             WithinRel(std::sqrt(1000.0) / std::pow(1000.0, 1 / 1.5), 1e-14));
  const EntryLaw student{.kind = EntryKind::student_t, .tail_index = 5};
  CHECK_THAT(scale_factor(student, Scaling::variance, 3), WithinRel(std::sqrt(3.0 / 5), 1e-14));
  // P(|w| > a_N) = 1/N: with `tail` entries above sqrt(N) are one in N. N M = 100,000 entries with
  // N = 100 give 1000 +- 31.5; 4 standard deviations (6e-5).
  Stream stream = Stream(2).child("tail");
  for (const EntryLaw& law :
       {pareto, student, EntryLaw{.kind = EntryKind::stable, .tail_index = 0.7},
        EntryLaw{.kind = EntryKind::root_stable, .tail_index = 1.8}}) {
    CAPTURE(name(law.kind));
    const arma::mat W = arma::abs(entry_matrix(100, 1000, law, Scaling::tail, stream));
    const auto beyond = [&](double level) { return arma::accu(W > level); };
    CHECK(std::abs(static_cast<double>(beyond(10)) - 1000) < 4 * std::sqrt(990.0));
    // Negative control: a_N wrong by a fifth.
    CHECK(std::abs(static_cast<double>(beyond(8)) - 1000) > 4 * std::sqrt(990.0));
  }
}

TEST_CASE("entry_matrix: unit variance and independent entries", "[ensembles][statistical]") {
  // |z| < 4: 6e-5 per comparison.
  const EntryLaw law = GENERATE(
      EntryLaw{}, EntryLaw{.kind = EntryKind::uniform},
      EntryLaw{.kind = EntryKind::truncated_gaussian, .limit = 2},
      EntryLaw{.kind = EntryKind::sparse, .density = 0.2},
      EntryLaw{
          .kind = EntryKind::lomax, .tail_index = 3, .limit = 5, .centring = Centring::centred});
  CAPTURE(name(law.kind));
  Stream stream = Stream(3).child("moments");
  const arma::mat W = entry_matrix(500, 400, law, Scaling::variance, stream);
  const double n = 500 * 400, spread = std::sqrt((*excess_kurtosis(law) + 2) / n);
  CHECK(std::abs(arma::accu(W)) < 4 * std::sqrt(n));
  CHECK(std::abs(arma::accu(arma::square(W)) / n - 1) < 4 * spread);
  CHECK(std::abs(arma::accu(arma::square(1.06 * W)) / n - 1) > 4 * spread);  // negative control
  // Products of neighbours in a column and in a row have variance 1.
  CHECK(std::abs(arma::accu(W.head_rows(499) % W.tail_rows(499))) < 4 * std::sqrt(n));
  CHECK(std::abs(arma::accu(W.head_cols(399) % W.tail_cols(399))) < 4 * std::sqrt(n));
}

TEST_CASE("entry_matrix: large pages change nothing", "[ensembles][property]") {
  Stream a(4), b(4);
  const arma::mat W = entry_matrix(1024, 600, {}, Scaling::none, a);  // 4.9 MB
  arma::mat plain(1024, 600);
  b.fill_normal({plain.memptr(), plain.n_elem});
  CHECK(arma::approx_equal(W, plain, "absdiff", 0.0));
  CHECK(unset_matrix(3, 5).n_rows == 3);
}

TEST_CASE("entry_matrix: names, and what it refuses", "[ensembles][errors]") {
  for (const Scaling scaling : {Scaling::none, Scaling::variance, Scaling::tail})
    CHECK(parse_scaling(name(scaling)) == scaling);
  CHECK_THROWS_WITH(parse_scaling("sd"),
                    ContainsSubstring("scaling: name = sd (must be one of none, variance, tail)"));
  Stream stream(1);
  const EntryLaw heavy{.kind = EntryKind::pareto, .tail_index = 1.5};
  CHECK_THROWS_WITH(entry_matrix(0, 5, {}, Scaling::none, stream),
                    ContainsSubstring("entry_matrix: rows = 0 (must be >= 1)"));
  CHECK_THROWS_WITH(entry_matrix(5, 0, {}, Scaling::none, stream),
                    ContainsSubstring("entry_matrix: cols = 0 (must be >= 1)"));
  CHECK_THROWS_WITH(
      entry_matrix(5, 5, heavy, Scaling::variance, stream),
      ContainsSubstring("scaling = variance (must be tail or none: pareto with tail index 1.5 has "
                        "infinite variance)"));
  CHECK_THROWS_WITH(
      entry_matrix(5, 5, {.kind = EntryKind::sparse, .density = 0.1}, Scaling::tail, stream),
      ContainsSubstring("a_N = 0 with rows = 5"));
  CHECK_THROWS_AS(entry_matrix(5, 5, {.kind = EntryKind::pareto}, Scaling::none, stream),
                  std::domain_error);
}

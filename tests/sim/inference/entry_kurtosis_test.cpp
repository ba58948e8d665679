// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/entry_kurtosis.hpp.
#include "sim/inference/entry_kurtosis.hpp"

#include <cmath>
#include <stdexcept>

#include "sim/ensembles/entry_matrix.hpp"
#include "tests/catch.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using ensembles::EntryKind;
using ensembles::EntryLaw;

arma::mat draw(std::size_t rows, std::size_t cols, const EntryLaw& law, std::uint64_t index) {
  core::Stream stream = core::Stream(2).child("kurtosis").child(ensembles::name(law.kind));
  stream = stream.child(static_cast<std::uint64_t>(law.tail_index)).child(index);
  return ensembles::entry_matrix(rows, cols, law, ensembles::Scaling::variance, stream);
}

TEST_CASE("entry_kurtosis: samples worked out elsewhere", "[inference][reference]") {
  // The example in the documentation of the spreadsheet function KURT, which is the same estimator.
  const arma::mat sample = arma::vec{3, 4, 5, 2, 3, 4, 5, 6, 4, 7};
  CHECK_THAT(entry_kurtosis(sample).excess_kurtosis, WithinAbs(-0.151799637, 5e-10));
  // 1 ... 5: m2 = 2, m4 = 34/5, so g2 = -1.3 and 4/6 (6 g2 + 6) = -1.2.
  const EntryKurtosis five = entry_kurtosis(arma::mat(arma::vec{1, 2, 3, 4, 5}));
  CHECK_THAT(five.excess_kurtosis, WithinRel(-1.2, 1e-13));
  CHECK_THAT(five.variance, WithinRel(2.5, 1e-14));
  CHECK(five.mean == 3);
  CHECK_THAT(five.top_share, WithinRel(16.0 / 34, 1e-14));
  // By the formula: (z^2 - 1.7)^2 - 1.19 at z^2 = 2, .5, 0, .5, 2.
  const double sum =
      2 * std::pow(0.09 - 1.19, 2) + 2 * std::pow(1.44 - 1.19, 2) + std::pow(2.89 - 1.19, 2);
  CHECK_THAT(five.standard_error, WithinRel(std::sqrt(sum) / 5, 1e-13));
  CHECK_FALSE(five.edge_unreliable);
}

TEST_CASE("entry_kurtosis: units, offset and orientation do not matter", "[inference]") {
  const arma::mat W = draw(30, 20, {.kind = EntryKind::student_t, .tail_index = 5}, 0);
  const EntryKurtosis plain = entry_kurtosis(W);
  for (const double unit : {1e-140, 1e140}) {
    const EntryKurtosis scaled = entry_kurtosis(unit * (W.t() + 1));
    // The offset of one standard deviation costs a digit.
    CHECK_THAT(scaled.excess_kurtosis, WithinRel(plain.excess_kurtosis, 1e-12));
    CHECK_THAT(scaled.standard_error, WithinRel(plain.standard_error, 1e-12));
    CHECK_THAT(scaled.edge_shift, WithinRel(plain.edge_shift, 1e-12));
    CHECK_THAT(scaled.mean, WithinRel(unit * (plain.mean + 1), 1e-12));
  }
  CHECK_THAT(plain.edge_shift,
             WithinRel(theory::edge_kurtosis_shift(30, 20, plain.excess_kurtosis), 1e-14));
  arma::mat spike = W;
  spike(3, 4) = 1e3;
  CHECK(entry_kurtosis(spike).top_share > 0.99);
  CHECK(entry_kurtosis(spike).correction_unreliable);
}

TEST_CASE("entry_kurtosis: unbiased, with the standard error it says", "[inference][statistical]") {
  // 400 matrices: the mean within 4.5 standard errors (7e-6); the spread of 400 values has a relative
  // standard error of 4 %, so the two standard deviations agree within 18 %.
  const bool normal = GENERATE(true, false);
  const EntryLaw law{.kind = normal ? EntryKind::gaussian : EntryKind::uniform};
  arma::vec found(400), variance(400);
  for (arma::uword r = 0; r < found.n_elem; ++r) {
    const EntryKurtosis k = entry_kurtosis(draw(60, 40, law, r));
    found[r] = k.excess_kurtosis;
    variance[r] = k.standard_error * k.standard_error;
  }
  const double error = arma::stddev(found) / 20, truth = normal ? 0 : -1.2;
  CAPTURE(arma::mean(found), error);
  CHECK_THAT(arma::mean(found), WithinAbs(truth, 4.5 * error));
  CHECK(std::abs(arma::mean(found) - truth - 0.1) > 4.5 * error);  // negative control
  CHECK_THAT(std::sqrt(arma::mean(variance)), WithinRel(arma::stddev(found), 0.18));
  if (normal) CHECK_THAT(arma::stddev(found), WithinRel(std::sqrt(24.0 / 2400), 0.18));
}

TEST_CASE("entry_kurtosis: warns of t(8) and t(5), seldom of t(10), never of normal entries",
          "[inference][statistical]") {
  // 784 x 128, 6 matrices each. Measured rates of the warning: 0 of 1000 normal, 0.013 for t(10), so 3 or more
  // of 6 are a 4e-5 event; t(8) and t(5) were warned of in all of 300, so fewer than 4 of 6 are a 2e-5
  // event even at a rate of 0.99, the 95 % bound. Of the correction: 0 of 1000 for t(10), all of 300 for t(5).
  struct Warned {
    int edge = 0, correction = 0;
  };
  const auto warned = [](const EntryLaw& law) {
    Warned count;
    for (std::uint64_t r = 0; r < 6; ++r) {
      const EntryKurtosis k = entry_kurtosis(draw(784, 128, law, r));
      count.edge += k.edge_unreliable;
      count.correction += k.correction_unreliable;
    }
    return count;
  };
  const auto t = [](double mu) { return EntryLaw{.kind = EntryKind::student_t, .tail_index = mu}; };
  CHECK(warned({}).edge == 0);
  CHECK(warned({.kind = EntryKind::rademacher}).edge == 0);
  const Warned light = warned(t(10)), heavy = warned(t(5));
  CHECK(light.edge <= 2);
  CHECK(light.correction <= 1);
  CHECK(warned(t(8)).edge >= 4);
  CHECK(heavy.edge >= 4);
  CHECK(heavy.correction >= 4);
}

TEST_CASE("entry_kurtosis: refuses matrices without a kurtosis", "[inference][errors]") {
  CHECK_THROWS_WITH(entry_kurtosis(arma::mat(1, 3, arma::fill::ones)),
                    ContainsSubstring("entry_kurtosis: entries = 3 (must be at least 4)"));
  CHECK_THROWS_WITH(entry_kurtosis(arma::mat(3, 3, arma::fill::ones)),
                    ContainsSubstring("all entries of W = 1 (must differ)"));
  arma::mat W = draw(4, 3, {}, 0);
  W(2, 1) = arma::datum::nan;
  CHECK_THROWS_WITH(entry_kurtosis(W), ContainsSubstring("W(2, 1) = nan (must be finite)"));
}

}  // namespace
}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/row_profile.hpp.
#include "sim/ensembles/row_profile.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"
#include "theory/general_mp.hpp"
#include "theory/marchenko_pastur.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using rmtlab::core::Stream;
using namespace rmtlab;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

}  // namespace

TEST_CASE("row_profile: rows are scaled by their standard deviations", "[ensembles][property]") {
  const arma::mat scaled = row_profile(arma::mat{{1, 2}, {3, 4}, {5, 6}}, {4, 0, 0.25});
  CHECK(arma::all(arma::vectorise(scaled == arma::mat{{2, 4}, {0, 0}, {2.5, 3}})));
  CHECK_THROWS_WITH(row_profile(arma::mat(3, 2), {1, 2}),
                    ContainsSubstring("row_profile: 2 variances for noise of shape 3 x 2"));
  CHECK_THROWS_WITH(row_profile(arma::mat(2, 2), {1, -1}),
                    ContainsSubstring("row_profile: variance = -1 (must be finite and >= 0)"));
}

TEST_CASE("row_profile: the spectrum follows the law of the transpose",
          "[ensembles][statistical]") {
  // N/M lambda follows GeneralMp(1/Q) of the row variances beyond its atom. The distance in units of
  // log M / M (0.5 for white noise), mean of 4; the law without profile is at a fixed distance.
  const double q = 2;
  for (const std::size_t cols : {40U, 80U, 160U}) {
    const auto m = static_cast<double>(cols);
    const auto rows = static_cast<std::size_t>(q * m);
    Stream stream = Stream(20240653).child(cols);
    arma::vec variances(rows, arma::fill::value(0.2));
    variances.head(rows / 4).fill(3.4);  // mean 1
    const theory::GeneralMp law(1 / q, {0.2, 3.4}, {0.75, 0.25});
    double seen = 0, wrong = 0;
    for (int i = 0; i < 4; ++i) {
      const arma::vec values =
          spectrum(row_profile(gaussian_matrix(rows, cols, 1.0, stream), variances));
      seen += m / std::log(m) / 4 * ks_distance(values, [&](double x) {
                return (cdf(law, q * x) - law.atom()) / (1 - law.atom());
              });
      wrong += m / std::log(m) / 4 *
               ks_distance(values, [&](double x) { return cdf(theory::MarchenkoPastur(q), x); });
    }
    CAPTURE(cols, seen, wrong);
    CHECK(seen < 1);
    CHECK(wrong > 1.3);
  }
}

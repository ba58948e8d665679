// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/dead_units.hpp.
#include "sim/ensembles/dead_units.hpp"

#include <cmath>
#include <stdexcept>

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

TEST_CASE("dead_units: the stated units die and no others", "[ensembles][property]") {
  const UnitAxis axis = GENERATE(UnitAxis::rows, UnitAxis::columns);
  const bool columns = axis == UnitAxis::columns;
  CAPTURE(columns);
  const arma::mat noise(8, 5, arma::fill::ones);
  Stream stream = Stream(20240657).child(columns ? 1 : 0);
  const arma::uword units = columns ? 5 : 8;
  arma::vec chosen(units, arma::fill::zeros);
  const int draws = 2000;
  for (int d = 0; d < draws; ++d) {
    const auto [W, dead] =
        with_dead_units(noise, {.fraction = 0.4, .axis = axis, .scale = 0.5}, stream);
    REQUIRE(dead.n_elem == (columns ? 2 : 3));
    REQUIRE(dead.is_sorted());
    arma::mat expected = noise;
    if (columns)
      expected.cols(dead) *= 0.5;
    else
      expected.rows(dead) *= 0.5;
    REQUIRE(arma::all(arma::vectorise(W == expected)));
    chosen.elem(dead) += 1;
  }
  // Each unit is chosen equally often: chi-squared with `units` - 1 degrees of freedom, less for
  // drawing without replacement; 4 and 7 degrees exceed 27 and 32 with probability below 2e-5, 4e-5.
  const double mean = arma::mean(chosen);
  CHECK(arma::accu(arma::square(chosen - mean)) / mean < (columns ? 27 : 32));
  CHECK(with_dead_units(noise, {}, stream).dead.is_empty());
}

TEST_CASE("dead_units: the spectrum follows the laws of the header", "[ensembles][statistical]") {
  // Distances in units of log M / M (0.5 for white noise), mean of 4; negative control: the other axis.
  const double q = 2, f = 0.25;
  const theory::MarchenkoPastur fewer_columns(q / (1 - f)), fewer_rows(q * (1 - f), 1 - f);
  const theory::GeneralMp weak_columns(q, {0.01, 1}, {f, 1 - f});
  for (const std::size_t cols : {40U, 80U, 160U}) {
    const auto m = static_cast<double>(cols);
    Stream stream = Stream(20240658).child(cols);
    const auto distance = [&](const DeadUnits& units, auto cdf_of) {
      double sum = 0;
      for (int i = 0; i < 4; ++i)
        sum += ks_distance(
            spectrum(
                with_dead_units(gaussian_matrix(2 * cols, cols, 1.0, stream), units, stream).W),
            cdf_of);
      return m / std::log(m) * sum / 4;
    };
    // f M zeros are an atom; rounding may put them on either side of 0.
    const auto columns = [&](double x) { return f + (1 - f) * cdf(fewer_columns, x); };
    const auto rows = [&](double x) { return cdf(fewer_rows, x); };
    const auto weak = [&](double x) { return cdf(weak_columns, x); };
    const DeadUnits dead_rows{.fraction = f, .axis = UnitAxis::rows};
    const DeadUnits weak_units{.fraction = f, .axis = UnitAxis::columns, .scale = 0.1};
    CAPTURE(cols);
    CHECK(distance(dead_rows, rows) < 1);
    CHECK(distance(dead_rows, columns) > 1.3);
    CHECK(distance(weak_units, weak) < 1);
    CHECK(distance(weak_units, rows) > 1.3);
    const auto dead_columns = with_dead_units(gaussian_matrix(2 * cols, cols, 1.0, stream),
                                              {.fraction = f, .axis = UnitAxis::columns}, stream);
    const arma::vec values = spectrum(dead_columns.W);
    CHECK(arma::accu(values < 1e-12) == cols / 4);
    const arma::vec living = values.tail(cols - cols / 4);
    CHECK(m / std::log(m) * ks_distance(living, [&](double x) { return cdf(fewer_columns, x); }) <
          1.5);
  }
}

TEST_CASE("dead_units: refuses impossible parameters", "[ensembles][errors]") {
  Stream stream(1);
  CHECK_THROWS_WITH(with_dead_units(arma::mat(2, 2), {.fraction = 2}, stream),
                    ContainsSubstring("with_dead_units: fraction = 2 (must be >= 0 and <= 1)"));
  CHECK_THROWS_WITH(with_dead_units(arma::mat(2, 2), {.scale = -1}, stream),
                    ContainsSubstring("scale = -1 (must be finite and >= 0)"));
}

// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/null_atlas.hpp and null_simulation.hpp.
#include "sim/inference/null_atlas.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <armadillo>
#include <fmt/format.h>

#include "sim/ensembles/ensemble.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/inference/bulk_variance.hpp"
#include "sim/inference/null_simulation.hpp"
#include "sim/inference/outlier_count.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using core::Stream;

std::span<const double> view(const arma::vec& values) { return {values.memptr(), values.n_elem}; }

std::string header() {
  std::string text = "rows,cols,excess_kurtosis,draws,test";
  for (const double tail : tabulated_tails) text += fmt::format(",tail_{}", tail);
  return text + "\n";
}

// One line: quantiles first, first + 1, ...
std::string line(int rows, int cols, double kurtosis, BulkTest test, double first) {
  std::string text = fmt::format("{},{},{},{},{}", rows, cols, kurtosis, 1000, name(test));
  for (std::size_t i = 0; i < tabulated_tails.size(); ++i)
    text += fmt::format(",{}", first + static_cast<double>(i));
  return text + "\n";
}

// All tests of a cell, the first quantile of each being its index more.
std::string cell(int rows, int cols, double kurtosis, double first) {
  std::string text;
  for (const BulkTest test : all_bulk_tests)
    text += line(rows, cols, kurtosis, test, first + static_cast<double>(test));
  return text;
}

// M = 40 and 160, Q = 1 and 4; signs at M = 40 only.
std::string small_table() {
  return header() + cell(40, 40, 0, 100) + cell(160, 40, 0, 110) + cell(160, 160, 0, 120) +
         cell(640, 160, 0, 150) + cell(40, 40, -2, 101) + cell(160, 40, -2, 113);
}

// Statistics of a bulk after the whole procedure, entries declared as what they are.
BulkStatistics judged(const arma::vec& values, std::size_t rows, double kurtosis,
                      std::size_t& removed) {
  removed = count_outliers(view(values), rows, {.excess_kurtosis = kurtosis}).count;
  return statistics_of_bulk(view(values), rows, removed, kurtosis);
}

double p_value(BulkTest test, const BulkStatistics& statistics, std::size_t rows, std::size_t cols,
               std::size_t removed, double kurtosis) {
  const BulkShape shape(rows, cols, removed);
  return NullAtlas::standard().p_value(test, statistics[test], shape.rows, shape.cols, kurtosis);
}

double distance_to_uniform(std::vector<double> p) {
  std::sort(p.begin(), p.end());
  const auto n = static_cast<double>(p.size());
  double distance = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    distance = std::max({distance, std::abs(p[i] - static_cast<double>(i) / n),
                         std::abs(p[i] - static_cast<double>(i + 1) / n)});
  return distance;
}

TEST_CASE("null_atlas: cells are given back, between them quantiles are linear", "[inference]") {
  const NullAtlas atlas(small_table());
  CHECK(atlas.smallest_cols() == 40);
  CHECK(atlas.largest_cols() == 160);
  for (const BulkTest test : all_bulk_tests) {
    if (test == BulkTest::number_variance) continue;  // has a test of its own, below
    CAPTURE(name(test));
    const auto index = static_cast<double>(test);
    const auto first = [&](double rows, double cols, double kurtosis) {
      const TailQuantiles q = atlas.quantiles(test, rows, cols, kurtosis);
      for (std::size_t i = 1; i < q.size(); ++i) CHECK_THAT(q[i] - q[i - 1], WithinAbs(1, 1e-10));
      return q[0] - index;
    };
    CHECK_THAT(first(40, 40, 0), WithinAbs(100, 1e-10));
    CHECK_THAT(first(160, 40, 0), WithinAbs(110, 1e-10));
    CHECK_THAT(first(640, 160, 0), WithinAbs(150, 1e-10));
    CHECK_THAT(first(40, 40, -2), WithinAbs(101, 1e-10));
    // Halfway in log M: 80; halfway in Q^(-1/2): 0.75; both.
    CHECK_THAT(first(80, 80, 0), WithinAbs(110, 1e-10));
    CHECK_THAT(first(40 / 0.5625, 40, 0), WithinAbs(105, 1e-10));
    CHECK_THAT(first(80 / 0.5625, 80, 0), WithinAbs(120, 1e-10));
    // Half the kurtosis, half of what it changes; at M = 160 half of what it changes at M = 40.
    CHECK_THAT(first(160, 40, -1), WithinAbs(111.5, 1e-10));
    CHECK_THAT(first(640, 160, -2), WithinAbs(151.5, 1e-10));
    CHECK_THAT(first(160, 160, -2), WithinAbs(120.5, 1e-10));
    // Beyond the last kurtosis and the last Q, the last.
    CHECK_THAT(first(40, 40, 5), WithinAbs(100, 1e-10));
    CHECK_THAT(first(4000, 40, 0), WithinAbs(110, 1e-10));
    // Beyond the last M, its growth.
    const double growth = test == BulkTest::ks ? std::numbers::sqrt2 / std::numbers::pi
                          : test == BulkTest::cramer_von_mises ? std::pow(std::numbers::pi, -2)
                                                               : 0;
    CHECK_THAT(first(1600, 1600, 0), WithinAbs(120 + growth * std::log(10), 1e-10));
  }
}

TEST_CASE("null_atlas: the number variance narrows with M", "[inference]") {
  // Cells are given back; between and beyond them sqrt(M) (q - 1) is linear in log M and constant.
  const NullAtlas atlas(small_table());
  const auto first = [&](double cols) {
    return atlas.quantiles(BulkTest::number_variance, cols, cols, 0)[0];
  };
  CHECK_THAT(first(40), WithinRel(104, 1e-12));
  CHECK_THAT(first(160), WithinRel(124, 1e-12));
  CHECK_THAT(
      first(80),
      WithinRel(1 + (103 * std::sqrt(40) + 123 * std::sqrt(160)) / 2 / std::sqrt(80), 1e-12));
  CHECK_THAT(first(1600), WithinRel(1 + 123 / std::sqrt(10), 1e-12));
}

TEST_CASE("null_atlas: large cells are pooled", "[inference]") {
  // Q shifts every quantile by 2, M by 5, and one cell of M = 640 of few draws is off by 8: the additive
  // fit gives it back a share of that, and leaves M = 320, the first that counts, alone.
  const auto with_draws = [](std::string text, int draws) {
    for (auto at = text.find(",1000,"); at != std::string::npos; at = text.find(",1000,", at))
      text.replace(at, 6, fmt::format(",{},", draws));
    return text;
  };
  const NullAtlas atlas(header() + cell(320, 320, 0, 100) + cell(1280, 320, 0, 102) +
                        cell(640, 640, 0, 105) + with_draws(cell(2560, 640, 0, 115), 10));
  const auto first = [&](double rows, double cols) {
    return atlas.quantiles(BulkTest::gap_ratio, rows, cols, 0)[0] - 3;
  };
  CHECK_THAT(first(640, 640), WithinAbs(105, 0.1));
  // Leverage of that cell: its weight over its own and a third of the others, in series.
  CHECK_THAT(first(2560, 640), WithinAbs(107 + 8 * 10 / (10 + 1000.0 / 3), 1e-3));
}

TEST_CASE("null_atlas: the order of quantiles survives the sampling error of the entries' change",
          "[inference]") {
  // Signs: equal quantiles at M = 40, ten apart at M = 160 for Gaussian entries and none for signs.
  std::string table = small_table();
  const auto at = table.find("40,40,-2,1000,ks");
  std::string flat = "40,40,-2,1000,ks";
  for (std::size_t i = 0; i < tabulated_tails.size(); ++i) flat += ",100";
  table.replace(at, table.find('\n', at) - at, flat);
  const auto q = NullAtlas(table).quantiles(BulkTest::ks, 160, 160, -3);
  CHECK(std::is_sorted(q.begin(), q.end()));
}

TEST_CASE("null_atlas: the table compiled in is complete and increasing", "[inference]") {
  const NullAtlas& atlas = NullAtlas::standard();
  CHECK(&atlas == &NullAtlas::standard());
  CHECK(atlas.smallest_cols() == 32);
  CHECK(atlas.largest_cols() >= 512);
  for (const BulkTest test : all_bulk_tests)
    for (const double cols : {32.0, 45.0, 100.0, 128.0, 700.0, 5000.0})
      for (const double q : {1.0, 1.2, 3.0, 10.0, 400.0})
        for (const double kurtosis : {-2.0, -0.5, 0.0, 1.0, 40.0}) {
          const auto quantiles = atlas.quantiles(test, q * cols, cols, kurtosis);
          CAPTURE(name(test), cols, q, kurtosis);
          REQUIRE(std::is_sorted(quantiles.begin(), quantiles.end()));
          REQUIRE(atlas.p_value(test, quantiles[3], q * cols, cols, kurtosis) <= 0.5 + 1e-9);
        }
  // The chi-square law of 5 degrees is the limit of the Chebyshev statistic: median 4.351, 5 % at 11.07.
  const auto chebyshev = atlas.quantiles(BulkTest::chebyshev, 1000, 500, 0);
  CHECK_THAT(chebyshev[3], WithinRel(4.351, 0.1));
  CHECK_THAT(chebyshev[6], WithinRel(11.07, 0.12));
}

TEST_CASE("null_atlas: quantiles of a sample", "[inference]") {
  std::vector<double> draws(10001);
  for (std::size_t i = 0; i < draws.size(); ++i)
    draws[(i * 7) % draws.size()] = static_cast<double>(i);  // 7 is prime to 10001
  const TailQuantiles q = tail_quantiles(draws);
  for (std::size_t i = 0; i < q.size(); ++i)
    CHECK_THAT(q[i], WithinAbs(10000 * (1 - tabulated_tails[i]), 1e-8));
  CHECK(tail_quantiles({3.0})[5] == 3.0);
}

TEST_CASE("null_atlas: the tail probability inverts the table, decreasing and without a jump",
          "[inference][property]") {
  // Exponential quantiles: the tail beyond 0.001 is then exact.
  TailQuantiles q{};
  for (std::size_t i = 0; i < q.size(); ++i) q[i] = -std::log(tabulated_tails[i]);
  for (std::size_t i = 0; i < q.size(); ++i) {
    CHECK_THAT(tail_probability(q, q[i]), WithinRel(tabulated_tails[i], 1e-12));
    const double step = 1e-9;
    CHECK_THAT(tail_probability(q, q[i] - step), WithinRel(tail_probability(q, q[i] + step), 1e-6));
  }
  double last = 1;
  for (double x = -0.8; x < 40; x += 0.01) {
    const double p = tail_probability(q, x);
    CHECK(p < last);
    CHECK(p > 0);
    last = p;
  }
  for (const double p : {1e-4, 1e-8, 1e-100})
    CHECK_THAT(tail_probability(q, -std::log(p)), WithinRel(p, 1e-9));
  CHECK(tail_probability(q, -1e6) == 1);
  CHECK(tail_probability(q, 1e6) == 0);
  // Equal quantiles are a step, not a division by zero.
  TailQuantiles equal{};
  equal.fill(2);
  CHECK(tail_probability(equal, 1.9) == 1);
  CHECK(tail_probability(equal, 2.1) == 0);
  CHECK(std::isfinite(tail_probability(equal, 2)));
  CHECK_THROWS_WITH(tail_probability(q, std::nan("")),
                    "tail_probability: value = nan (must be a number)");
}

TEST_CASE("null_atlas: p-values of noise are uniform between the cells",
          "[inference][statistical]") {
  // 500 matrices of a stream of their own. The null is a sample itself, of 1999 draws where it is simulated
  // on the fly and of as many or more in a cell: two-sample bound 2.2, false alarm 1.2e-4 each, 35 of them.
  // The interpolation adds a few thousandths.
  struct Case {
    NullEntries entries;
    std::size_t rows, cols;
  };
  const auto [entries, rows, cols] =
      GENERATE(Case{NullEntries::gaussian, 60, 45}, Case{NullEntries::gaussian, 80, 80},
               Case{NullEntries::gaussian, 300, 90}, Case{NullEntries::gaussian, 24, 22},
               Case{NullEntries::gaussian, 150, 25});
  CAPTURE(name(entries), rows, cols);
  const double kurtosis = excess_kurtosis(entries);
  Stream stream = Stream(41).child(name(entries)).child(rows);
  std::array<std::vector<double>, all_bulk_tests.size()> p;
  for (int r = 0; r < 500; ++r) {
    std::size_t removed = 0;
    const auto statistics =
        judged(null_spectrum(entries, rows, cols, stream), rows, kurtosis, removed);
    for (const BulkTest test : all_bulk_tests)
      p[static_cast<std::size_t>(test)].push_back(
          p_value(test, statistics, rows, cols, removed, kurtosis));
  }
  for (const BulkTest test : all_bulk_tests) {
    CAPTURE(name(test));
    CHECK(distance_to_uniform(p[static_cast<std::size_t>(test)]) <
          2.2 * std::sqrt(1 / 500.0 + 1 / 1999.0) + 0.005);
  }
}

TEST_CASE("null_atlas: p-values of other noise keep their level", "[inference][statistical]") {
  // 400 matrices of 96 x 72 with entries of kurtosis -2 and 1: at 5 %, 20 expected, standard deviation
  // 4.4; at most 46 is 4.5 of them and 6 for the kurtosis beyond its first order and the table's error.
  const NullEntries entries = GENERATE(NullEntries::rademacher, NullEntries::student_t);
  const double kurtosis = excess_kurtosis(entries);
  CAPTURE(name(entries));
  Stream stream = Stream(42).child(name(entries));
  std::array<int, all_bulk_tests.size()> rejected{};
  int as_gaussian = 0;
  for (int r = 0; r < 400; ++r) {
    const arma::vec values = null_spectrum(entries, 96, 72, stream);
    std::size_t removed = 0;
    const auto statistics = judged(values, 96, kurtosis, removed);
    for (const BulkTest test : all_bulk_tests)
      rejected[static_cast<std::size_t>(test)] +=
          p_value(test, statistics, 96, 72, removed, kurtosis) < 0.05;
    const auto wrong = judged(values, 96, 0, removed);
    as_gaussian += p_value(BulkTest::chebyshev, wrong, 96, 72, removed, 0) < 0.05;
  }
  for (const BulkTest test : all_bulk_tests) {
    CAPTURE(name(test));
    CHECK(rejected[static_cast<std::size_t>(test)] >= 2);
    CHECK(rejected[static_cast<std::size_t>(test)] <= 46);
  }
  // Negative control: the density is displaced by kappa/2 levels of degree 2.
  if (entries == NullEntries::rademacher)
    CHECK(as_gaussian > rejected[static_cast<std::size_t>(BulkTest::chebyshev)] + 12);
}

TEST_CASE("null_atlas: columns of two variances are no noise", "[inference][statistical]") {
  // Half of 200 columns with variance 0.8, half with 1.2, as different as Q = 4 and Q = 3.4.
  arma::vec ks(20), chebyshev(20);
  for (arma::uword r = 0; r < ks.n_elem; ++r) {
    Stream stream = Stream(43).child(r);
    arma::mat W = ensembles::gaussian_matrix(800, 200, 1, stream);
    for (arma::uword j = 0; j < W.n_cols; ++j) W.col(j) *= std::sqrt(j % 2 ? 1.2 : 0.8);
    std::size_t removed = 0;
    const auto statistics = judged(ensembles::correlation_eigenvalues(W), 800, 0, removed);
    ks[r] = p_value(BulkTest::ks, statistics, 800, 200, removed, 0);
    chebyshev[r] = p_value(BulkTest::chebyshev, statistics, 800, 200, removed, 0);
  }
  CHECK(ks.max() < 0.01);
  CHECK(chebyshev.max() < 1e-4);
}

TEST_CASE("null_atlas: bulks below the smallest cell, the same from any thread",
          "[inference][repro]") {
  // Two atlases of their own: what is simulated depends on the shape alone.
  const NullAtlas one(small_table()), shared(small_table());
  const auto expected = one.quantiles(BulkTest::ks, 44.2, 24.8, 0);
  std::vector<TailQuantiles> seen(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < seen.size(); ++t)
    threads.emplace_back(
        [&, t] { seen[t] = shared.quantiles(BulkTest::ks, t % 2 == 0 ? 44 : 30, 25, 0); });
  for (std::thread& thread : threads) thread.join();
  CHECK(seen[0] == expected);
  CHECK(seen[2] == expected);
  CHECK(seen[1] == seen[3]);
  CHECK(seen[1] != expected);
  CHECK(shared.quantiles(BulkTest::ks, 44, 25, 1) == expected);  // Gaussian, whatever the kurtosis
  CHECK(std::is_sorted(expected.begin(), expected.end()));
}

TEST_CASE("null_atlas: a malformed table is refused with the line", "[inference][errors]") {
  const auto refuse = [](const std::string& text, const std::string& message) {
    CHECK_THROWS_AS(NullAtlas(text), std::runtime_error);
    CHECK_THROWS_WITH(NullAtlas(text), ContainsSubstring(message));
  };
  refuse("", "NullAtlas: no cell with Gaussian entries");
  refuse(header(), "NullAtlas: no cell with Gaussian entries");
  refuse(header() + cell(40, 40, -2, 1), "NullAtlas: no cell with Gaussian entries");
  refuse(header() + "40,40,0,1000,ks,1,2\n", "NullAtlas: line 2: 7 cells (must be 17)");
  std::string word = header() + cell(40, 40, 0, 1);
  word.replace(word.find(",3,"), 3, ",x,");
  refuse(word, "NullAtlas: line 2: 'x' (must be a number)");
  std::string unknown = header() + cell(40, 40, 0, 1);
  unknown.replace(unknown.find("gap_ratio"), 9, "gap-ratio");
  refuse(unknown, "NullAtlas: line 5: no test 'gap-ratio'");
  std::string column = header();
  column.replace(column.find("tail_0.005"), 10, "tail_0.006");
  refuse(column + cell(40, 40, 0, 1), "NullAtlas: no column 'tail_0.005'");
  // A hole in the grid is found when the table is read.
  refuse(header() + cell(40, 40, 0, 1) + cell(320, 80, 0, 1), "NullAtlas: no cell M = 40, Q = 4");
  refuse(header() + cell(40, 40, 0, 1) + line(80, 80, 0, BulkTest::ks, 1),
         "NullAtlas: M = 80, Q = 1, kurtosis 0: no test 'cramer_von_mises'");
}

TEST_CASE("null_atlas: shapes outside the domain are named", "[inference][errors]") {
  const NullAtlas& atlas = NullAtlas::standard();
  CHECK_THROWS_AS(atlas.quantiles(BulkTest::ks, 30, 40, 0), std::domain_error);
  CHECK_THROWS_WITH(atlas.quantiles(BulkTest::ks, 30, 40, 0),
                    "NullAtlas: shape 30 x 40 (must have rows >= cols >= 10)");
  CHECK_THROWS_AS(atlas.quantiles(BulkTest::ks, 30, 9, 0), std::domain_error);
  CHECK_THROWS_AS(atlas.quantiles(BulkTest::ks, std::nan(""), 9, 0), std::domain_error);
  CHECK_THROWS_WITH(atlas.p_value(BulkTest::ks, 1, 60, 40, std::nan("")),
                    "NullAtlas: excess_kurtosis = nan (must be finite)");
}

TEST_CASE("null_simulation: entries have the kurtosis they are named for",
          "[inference][statistical]") {
  CHECK(excess_kurtosis(NullEntries::gaussian) == 0);
  CHECK_THAT(excess_kurtosis(NullEntries::rademacher), WithinAbs(-2, 1e-12));
  CHECK_THAT(excess_kurtosis(NullEntries::uniform), WithinAbs(-1.2, 1e-12));
  CHECK_THAT(excess_kurtosis(NullEntries::student_t), WithinAbs(1, 1e-12));
  CHECK(name(NullEntries::gaussian) == "gaussian");
  CHECK(name(NullEntries::rademacher) == "rademacher");
  CHECK(name(NullEntries::uniform) == "uniform");
  CHECK(name(NullEntries::student_t) == "student-t-10");
  // Mean eigenvalue 1 with variance (2 + kappa)/(NM): |z| < 4.5 over 300 matrices.
  for (const NullEntries entries :
       {NullEntries::gaussian, NullEntries::uniform, NullEntries::student_t}) {
    Stream stream = Stream(44).child(name(entries));
    double sum = 0;
    for (int r = 0; r < 300; ++r) sum += arma::mean(null_spectrum(entries, 40, 20, stream)) / 300;
    CHECK_THAT(sum, WithinAbs(1, 4.5 * std::sqrt((2 + excess_kurtosis(entries)) / (800.0 * 300))));
  }
}

TEST_CASE("null_atlas: beyond the table the tail is claimed too heavy, never too light",
          "[inference][statistical][slow]") {
  // 100,000 draws at 64 x 64; their own quantiles, so that only the continuation beyond 0.001 is judged.
  // Of a true 1e-4, 10 are expected: more than 22 has probability 2e-4. Where the tail is lighter than the
  // continuation there are fewer.
  constexpr int draws = 100000;
  Stream stream(45);
  std::array<std::vector<double>, all_bulk_tests.size()> values;
  for (int r = 0; r < draws; ++r) {
    std::size_t removed = 0;
    const auto statistics =
        judged(null_spectrum(NullEntries::gaussian, 64, 64, stream), 64, 0, removed);
    for (std::size_t t = 0; t < values.size(); ++t) values[t].push_back(statistics.values[t]);
  }
  for (const BulkTest test : all_bulk_tests) {
    const auto& sample = values[static_cast<std::size_t>(test)];
    const TailQuantiles own = tail_quantiles(sample);
    const auto beyond = [&](double factor) {
      return std::count_if(sample.begin(), sample.end(),
                           [&](double x) { return tail_probability(own, factor * x) < 1e-4; });
    };
    WARN(fmt::format("{}: a claimed 1e-4 is met by {:.2f}e-4 of {} draws", name(test),
                     static_cast<double>(beyond(1)) / draws * 1e4, draws));
    CHECK(beyond(1) <= 22);
    CHECK(beyond(1.12) > 22);  // negative control: statistics an eighth too large
  }
}

}  // namespace
}  // namespace rmtlab::inference

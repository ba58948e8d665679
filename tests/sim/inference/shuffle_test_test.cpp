// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/shuffle_test.hpp.
#include "sim/inference/shuffle_test.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/ensembles/entry_matrix.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/spiked_matrix.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using core::Stream;
using ensembles::gaussian_matrix;

arma::mat heavy(std::size_t rows, std::size_t cols, double mu, Stream stream) {
  return ensembles::entry_matrix(rows, cols,
                                 {.kind = ensembles::EntryKind::student_t, .tail_index = mu},
                                 ensembles::Scaling::none, stream);
}

arma::mat with_outlier(std::size_t rows, std::size_t cols, double position, Stream stream) {
  return ensembles::spiked_matrix(gaussian_matrix(rows, cols, 1, stream), 1,
                                  {.strengths = {{ensembles::StrengthScale::outlier, position}}},
                                  stream)
      .W;
}

// Half of the columns three times as large.
arma::mat two_scales(arma::mat W) {
  for (arma::uword j = 0; j < W.n_cols / 2; ++j) W.col(j) *= 3;
  return W;
}

double p_of(const arma::mat& W, ShuffleMode mode, std::size_t replicates, const Stream& stream) {
  const auto statistic = largest_over_mean();
  return shuffle_test(W, std::span(&statistic, 1), {.mode = mode, .replicates = replicates}, stream)
      .front()
      .p_value;
}

arma::vec sorted_entries(const arma::mat& W) { return arma::sort(arma::vectorise(W)); }

TEST_CASE("shuffle_test: what each shuffle keeps", "[inference]") {
  Stream stream(1);
  const arma::mat W = gaussian_matrix(40, 30, 1, stream);
  const arma::mat entries = shuffled(W, ShuffleMode::entries, stream);
  CHECK(arma::all(sorted_entries(entries) == sorted_entries(W)));
  CHECK(arma::accu(entries == W) < 20);  // Poisson of mean 1
  const arma::mat columns = shuffled(W, ShuffleMode::columns, stream);
  CHECK(arma::approx_equal(arma::sort(columns), arma::sort(W), "absdiff", 0));
  CHECK(arma::accu(columns == W) < 60);  // Poisson of mean 30
  CHECK_FALSE(arma::approx_equal(arma::sort(entries), arma::sort(W), "absdiff", 0));
  const arma::mat signs = shuffled(W, ShuffleMode::signs, stream);
  CHECK(arma::approx_equal(arma::abs(signs), arma::abs(W), "absdiff", 0));
  const auto kept = static_cast<double>(arma::accu(signs == W));
  CHECK(std::abs(kept - 600) < 4.5 * std::sqrt(300.0));
}

TEST_CASE("shuffle_test: all orders are equally likely", "[inference][statistical]") {
  // Chi-square with 5 degrees of freedom above 33: false alarm 4e-6. Negative control: swapping every
  // position with any other, which has a noncentrality of 74 at 6000 draws.
  Stream stream = Stream(2).child("orders");
  const arma::mat W(arma::vec{1, 2, 3});
  std::map<int, int> fair, biased;
  const auto key = [](const arma::mat& x) {
    return static_cast<int>(100 * x[0] + 10 * x[1] + x[2]);
  };
  for (int r = 0; r < 6000; ++r) {
    ++fair[key(shuffled(W, ShuffleMode::entries, stream))];
    arma::mat wrong = W;
    for (arma::uword i = 0; i < 3; ++i) std::swap(wrong[i], wrong[stream.below(3)]);
    ++biased[key(wrong)];
  }
  const auto chi_square = [](const std::map<int, int>& counts) {
    double sum = 0;
    for (const auto& [order, count] : counts) sum += std::pow(count - 1000.0, 2) / 1000;
    return sum;
  };
  REQUIRE(fair.size() == 6);
  CHECK(chi_square(fair) < 33);
  CHECK(chi_square(biased) > 33);
}

TEST_CASE("shuffle_test: exact size whatever the entries", "[inference][statistical][slow]") {
  // t(2.5), 40 x 20, R = 19, 300 matrices: rejections at 5 % are Binomial(300, 0.05) exactly; 3 to 33 is
  // false with probability 6e-5. Columns of two scales are the negative control of `entries`, and keep
  // the size of `columns`.
  std::array<int, 3> rejected{};
  int scales_entries = 0, scales_columns = 0;
  for (std::uint64_t r = 0; r < 300; ++r) {
    const Stream stream = Stream(3).child("size").child(r);
    const arma::mat W = heavy(40, 20, 2.5, stream);
    rejected[0] += p_of(W, ShuffleMode::entries, 19, stream) <= 0.05;
    rejected[1] += p_of(W, ShuffleMode::columns, 19, stream) <= 0.05;
    rejected[2] += p_of(W, ShuffleMode::signs, 19, stream) <= 0.05;
    const arma::mat V = two_scales(heavy(40, 20, 20, stream));
    scales_entries += p_of(V, ShuffleMode::entries, 19, stream) <= 0.05;
    scales_columns += p_of(V, ShuffleMode::columns, 19, stream) <= 0.05;
  }
  CAPTURE(rejected, scales_entries, scales_columns);
  for (const int count : rejected) {
    CHECK(count >= 3);
    CHECK(count <= 33);
  }
  CHECK(scales_columns <= 33);
  CHECK(scales_entries > 60);
}

TEST_CASE("shuffle_test: one shuffle serves all statistics, on any number of threads",
          "[inference][repro]") {
  const arma::mat W = with_outlier(60, 30, 1.6, Stream(4));
  const std::array both{largest_over_mean(), bulk_distance(2)};
  const auto one = shuffle_test(W, both, {.replicates = 29}, Stream(5));
  const auto three = shuffle_test(W, both, {.replicates = 29, .threads = 3}, Stream(5));
  const auto alone = shuffle_test(W, std::span(&both[1], 1), {.replicates = 29}, Stream(5));
  REQUIRE(one.size() == 2);
  CHECK(one[0].name == "largest_over_mean");
  for (std::size_t s = 0; s < 2; ++s) CHECK(one[s].null == three[s].null);
  CHECK(one[1].null == alone[0].null);
  CHECK(one[0].p_value == 1 / 30.0);  // the outlier is in no shuffle
  CHECK(std::is_sorted(one[1].null.begin(), one[1].null.end()));
  // Ties count against: a constant statistic has p = 1.
  const SpectrumStatistic constant{"constant", [](const arma::vec&) { return 3.0; }};
  CHECK(shuffle_test(W, std::span(&constant, 1), {.replicates = 9}, Stream(6)).front().p_value ==
        1);
}

TEST_CASE("shuffle_test: a mean stays under permutations and goes with the signs", "[inference]") {
  Stream stream(7);
  const arma::mat W = gaussian_matrix(60, 30, 1, stream) + 1;
  CHECK(p_of(W, ShuffleMode::entries, 39, stream) > 0.05);
  CHECK(p_of(W, ShuffleMode::columns, 39, stream) > 0.05);
  CHECK(p_of(W, ShuffleMode::signs, 39, stream) == 1 / 40.0);
}

TEST_CASE("shuffle_test: tells entries from correlation", "[inference][statistical]") {
  // Level 1 %: the wrong answer on noise has probability 1 % at most, so 3 of 12 are a 2e-4 event. The
  // others are far from the limit of detection.
  const ShuffleOptions options{.replicates = 199};
  const auto verdict = [&](const arma::mat& W, const SpectrumStatistic& statistic, int seed) {
    return explain_structure(W, statistic, options, 0.01,
                             Stream(8).child(static_cast<std::uint64_t>(seed)))
        .source;
  };
  int nothing = 0, correlation = 0, entries = 0, both = 0, bulk = 0;
  for (int r = 0; r < 12; ++r) {
    Stream stream = Stream(9).child(static_cast<std::uint64_t>(r));
    const auto largest = largest_over_mean();
    nothing += verdict(gaussian_matrix(60, 30, 2, stream), largest, r) == StructureSource::nothing;
    if (r >= 3) continue;
    correlation +=
        verdict(with_outlier(60, 30, 2, stream), largest, r) == StructureSource::correlation;
    entries += verdict(heavy(60, 30, 1.5, stream), largest, r) == StructureSource::entries;
    const arma::mat W = gaussian_matrix(60, 30, 1, stream);
    bulk += verdict(two_scales(W), bulk_distance(2), r) != StructureSource::nothing;
    // Heavy entries, all the largest of which stand in one column.
    arma::mat sorted = heavy(60, 30, 2, stream);
    sorted = arma::reshape(arma::sort(arma::vectorise(sorted)), 60, 30);
    both += verdict(sorted, largest, r) == StructureSource::entries_and_correlation;
  }
  CAPTURE(nothing, correlation, entries, both, bulk);
  CHECK(nothing >= 10);
  CHECK(correlation == 3);
  CHECK(entries >= 2);
  CHECK(both >= 2);
  CHECK(bulk == 3);
}

TEST_CASE("shuffle_test: the table of conclusions", "[inference]") {
  using enum StructureSource;
  CHECK(structure_source(0.001, 0.001, 0.4, 0.01) == correlation);
  CHECK(structure_source(0.9, 0.001, 0.4, 0.01) == correlation);
  CHECK(structure_source(0.001, 0.001, 0.001, 0.01) == entries_and_correlation);
  CHECK(structure_source(0.001, 0.4, 0.001, 0.01) == entries);
  CHECK(structure_source(0.2, 0.4, 0.3, 0.01) == nothing);
  CHECK(structure_source(0.008, 0.4, 0.3, 0.01) == nothing);  // each at half the level
  CHECK(name(entries_and_correlation) == "entries and correlation");
  CHECK(parse_shuffle_mode("signs") == ShuffleMode::signs);
}

TEST_CASE("shuffle_test: refuses", "[inference][errors]") {
  Stream stream(10);
  const arma::mat W = gaussian_matrix(20, 10, 1, stream);
  const auto largest = largest_over_mean();
  const std::span statistics(&largest, 1);
  CHECK_THROWS_WITH(shuffle_test(W, statistics, {.replicates = 0}, stream),
                    ContainsSubstring("replicates = 0, threads = 1 (must be >= 1)"));
  CHECK_THROWS_AS(shuffle_test(W, {}, {}, stream), std::invalid_argument);
  const SpectrumStatistic broken{"broken", [](const arma::vec&) { return std::nan(""); }};
  CHECK_THROWS_WITH(shuffle_test(W, std::span(&broken, 1), {}, stream),
                    ContainsSubstring("broken of W = nan (must be a number)"));
  CHECK_THROWS_WITH(explain_structure(W, largest, {.replicates = 99}, 0.01, stream),
                    ContainsSubstring("replicates = 99 (must be >= 2 / level - 1 = 199"));
  CHECK_THROWS_WITH(explain_structure(W, largest, {.mode = ShuffleMode::signs}, 0.01, stream),
                    ContainsSubstring("mode = signs (must be entries)"));
  CHECK_THROWS_WITH(structure_source(0, 0.5, 0.5, 0.01),
                    ContainsSubstring("p_noise = 0 (must be in (0, 1])"));
  CHECK_THROWS_WITH(bulk_distance(0.5), ContainsSubstring("aspect_ratio = 0.5"));
  CHECK_THROWS_WITH(parse_shuffle_mode("rows"),
                    ContainsSubstring("name = rows (must be one of entries, columns, signs)"));
}

}  // namespace
}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
#include "sim/network/sample_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace rmtlab::network {
namespace {

// Row k has the numbers offset + k, offset + 2 k, ... and label k mod 3.
SampleTable counting(const std::string& source, std::size_t rows, std::size_t d, double offset) {
  SampleTable table{source, "samples", d, {}, {}};
  for (std::size_t k = 0; k < rows; ++k) table.labels.push_back(static_cast<Label>(k % 3));
  table.read = [offset](std::size_t row, std::span<double> values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = offset + double(row) * double(i + 1);
  };
  return table;
}

TEST_CASE("sample_table: both parts are shifted and scaled as the training part asks",
          "[network]") {
  const SampleTable train = counting("a", 30, 4, 5), test = counting("b", 20, 4, -2);
  const DataSplit data = split_tables(train, test, {12, 7, 9, 3}, core::Stream(141));
  REQUIRE(data.train.samples() == 12);
  REQUIRE(data.test.samples() == 7);
  CHECK_THAT(mean_norm2(data.train), WithinRel(9, 1e-6));  // rounding of floats
  const auto train_order = core::Stream(141).child("split").permutation(30);
  const auto test_order = core::Stream(141).child("test_split").permutation(20);
  // All by hand: row k minus the mean is (k - mean_k) (1, 2, 3, 4), of norm^2 30 (k - mean_k)^2.
  double mean = 0, variance = 0;
  for (std::size_t s = 0; s < 12; ++s) mean += train_order[s] / 12.0;
  for (std::size_t s = 0; s < 12; ++s) variance += std::pow(train_order[s] - mean, 2) / 12;
  const double scale = std::sqrt(9 / (30 * variance));
  for (std::size_t s = 0; s < 7; ++s) {
    CHECK(data.test.labels[s] == test_order[s] % 3);
    for (std::size_t i = 0; i < 4; ++i) {
      const double expected =
          scale * (-2 + double(i + 1) * test_order[s] - (5 + double(i + 1) * mean));
      CHECK_THAT(data.test.input(s)[i], WithinAbs(expected, 1e-5));
    }
  }
  for (std::size_t s = 0; s < 12; ++s) CHECK(data.train.labels[s] == train_order[s] % 3);
}

TEST_CASE("sample_table: one table is parted without overlap", "[network][repro]") {
  const SampleTable table = counting("a", 30, 2, 0);
  const DataSplit data = split_table(table, {20, 10, 1, 3}, core::Stream(142));
  std::vector<float> all;
  for (const Dataset* part : {&data.train, &data.test})
    for (std::size_t s = 0; s < part->samples(); ++s) all.push_back(part->input(s)[0]);
  std::sort(all.begin(), all.end());
  CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
  CHECK(all.size() == 30);
  CHECK(split_table(table, {20, 10, 1, 3}, core::Stream(142)).train.inputs == data.train.inputs);
  CHECK(split_table(table, {20, 10, 1, 3}, core::Stream(143)).train.inputs != data.train.inputs);
}

TEST_CASE("sample_table: what cannot be prepared is refused", "[network][errors]") {
  const core::Stream stream(1);
  const SampleTable table = counting("a.npz: x_train", 30, 2, 0);
  CHECK_THROWS_WITH(
      split_table(table, {25, 6, 1, 3}, stream),
      ContainsSubstring("a.npz: x_train has 30 samples, train_samples = 25 and test_samples = 6 "
                        "need 31"));
  CHECK_THROWS_WITH(split_tables(table, table, {31, 6, 1, 3}, stream),
                    ContainsSubstring("a.npz: x_train has 30 samples, train_samples = 31"));
  CHECK_THROWS_WITH(split_tables(table, table, {6, 31, 1, 3}, stream),
                    ContainsSubstring("a.npz: x_train has 30 samples, test_samples = 31"));
  CHECK_THROWS_WITH(split_tables(table, counting("b", 9, 3, 0), {6, 3, 1, 3}, stream),
                    ContainsSubstring("a.npz: x_train has 2 numbers in a row, b has 3"));
  CHECK_THROWS_WITH(split_table(table, {6, 3, 0, 3}, stream),
                    ContainsSubstring("split_table: input_norm2 = 0 (must be finite and > 0)"));
  CHECK_THROWS_AS(split_table(table, {6, 3, 1, 1}, stream), std::domain_error);
  // Sums of 0.1 are rounded: the mean is not exactly 0.1.
  SampleTable constant = counting("c", 30, 2, 0);
  constant.read = [](std::size_t, std::span<double> values) {
    std::fill(values.begin(), values.end(), 0.1);
  };
  CHECK_THROWS_WITH(split_table(constant, {20, 3, 1, 3}, stream),
                    ContainsSubstring("c: the 20 training samples are all equal"));
  SampleTable huge = counting("d", 30, 2, 0);
  huge.read = [](std::size_t row, std::span<double> values) {
    std::fill(values.begin(), values.end(), row % 2 == 0 ? 1e200 : -1e200);
  };
  CHECK_THROWS_WITH(split_table(huge, {20, 3, 1, 3}, stream),
                    ContainsSubstring("d: the squares of the training samples overflow a double"));
}

}  // namespace
}  // namespace rmtlab::network

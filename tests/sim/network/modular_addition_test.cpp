// SPDX-License-Identifier: MIT
#include "sim/network/modular_addition.hpp"

#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace rmtlab::network {
namespace {

using Pair = std::pair<std::size_t, std::size_t>;

// The pair that one row encodes; fails the test if it is no pair of equal entries.
Pair decode(std::span<const float> x, float one) {
  const std::size_t p = x.size() / 2;
  std::vector<std::size_t> ones;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] == 0) continue;
    REQUIRE(x[i] == one);
    ones.push_back(i);
  }
  REQUIRE(ones.size() == 2);
  REQUIRE(ones[0] < p);
  REQUIRE(ones[1] >= p);
  return {ones[0], ones[1] - p};
}

std::vector<Pair> pairs(const Dataset& data, float one) {
  std::vector<Pair> list;
  for (std::size_t s = 0; s < data.samples(); ++s) {
    const auto [a, b] = list.emplace_back(decode(data.input(s), one));
    REQUIRE(data.labels[s] == (a + b) % data.classes);
  }
  return list;
}

TEST_CASE("modular_addition: every pair once, in one of the parts, with its sum", "[network]") {
  for (const std::size_t p : {2U, 7U, 12U}) {
    CAPTURE(p);
    const DataSplit data = make_modular_addition({p, 0.3, 8}, core::Stream(131));
    CHECK(data.train.dimension == 2 * p);
    CHECK(data.train.classes == p);
    CHECK(data.train.samples() == std::size_t(std::lround(0.3 * double(p * p))));
    const auto train = pairs(data.train, 2), test = pairs(data.test, 2);
    std::set<Pair> all(train.begin(), train.end());
    all.insert(test.begin(), test.end());
    CHECK(all.size() == p * p);
    CHECK(train.size() + test.size() == p * p);
    CHECK(mean_norm2(data.train) == 8);
  }
}

TEST_CASE("modular_addition: a larger share contains the smaller one", "[network][repro]") {
  const auto train = [](double share, std::uint64_t seed) {
    return pairs(make_modular_addition({11, share, 2}, core::Stream(seed)).train, 1);
  };
  const auto few = train(0.2, 132), many = train(0.9, 132);
  CHECK(std::equal(few.begin(), few.end(), many.begin()));
  CHECK(train(0.9, 133) != many);
}

TEST_CASE("modular_addition: shares at the ends leave a pair to both parts", "[network][limit]") {
  CHECK(modular_addition_samples({3, 1e-9, 2}) == 1);
  CHECK(modular_addition_samples({3, 1 - 1e-9, 2}) == 8);
  CHECK(modular_addition_samples({65536, 0.5, 2}) == std::size_t{1} << 31U);
}

TEST_CASE("modular_addition: settings outside their range are refused", "[network][errors]") {
  const core::Stream stream(1);
  CHECK_THROWS_WITH(make_modular_addition({513, 0.5, 2}, stream),
                    ContainsSubstring("make_modular_addition: classes = 513 (must be 2 to 512)"));
  CHECK_THROWS_WITH(
      make_modular_addition({5, 1, 2}, stream),
      ContainsSubstring("make_modular_addition: train_share = 1 (must be > 0 and < 1)"));
  CHECK_THROWS_AS(make_modular_addition({5, 0.5, 0}, stream), std::domain_error);
  CHECK_THROWS_AS(make_modular_addition({1, 0.5, 2}, stream), std::domain_error);
}

}  // namespace
}  // namespace rmtlab::network

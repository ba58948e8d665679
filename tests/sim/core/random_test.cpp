// SPDX-License-Identifier: MIT
#include "sim/core/random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <Random123/philox.h>

#include "tests/catch.hpp"

using Catch::Matchers::WithinAbs;
using rmtlab::core::Stream;

namespace {

// Mean of f over n draws, minus its expectation, in standard errors.
template <class F>
double z_score(std::size_t n, double mean, double variance, F draw) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += draw();
  return (sum / static_cast<double>(n) - mean) / std::sqrt(variance / static_cast<double>(n));
}

// |z| > 4 has probability 6e-5 under the true law; the seeds are fixed, so these pass or fail for good.
constexpr double limit = 4;

}  // namespace

TEST_CASE("random: Philox4x32-10 gives the published known-answer vectors", "[core][accuracy]") {
  // The vectors distributed with Random123 1.x (kat_vectors, philox4x32 with 10 rounds).
  struct Row {
    r123::Philox4x32::ctr_type counter;
    r123::Philox4x32::key_type key;
    r123::Philox4x32::ctr_type expected;
  };
  const auto row =
      GENERATE(Row{{{0, 0, 0, 0}}, {{0, 0}}, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}},
               Row{{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
                   {{0xffffffff, 0xffffffff}},
                   {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}},
               Row{{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
                   {{0xa4093822, 0x299f31d0}},
                   {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}});
  CHECK(r123::Philox4x32{}(row.counter, row.key) == row.expected);
}

TEST_CASE("random: a stream is Philox with its identity as key and counter", "[core][property]") {
  Stream stream(7);
  const auto id = stream.identity();
  for (std::uint32_t block = 0; block < 3; ++block) {
    const auto words = r123::Philox4x32{}({{block, 0, id[2], id[3]}}, {{id[0], id[1]}});
    CHECK(stream.bits() == (words[0] | std::uint64_t{words[1]} << 32));
    CHECK(stream.bits() == (words[2] | std::uint64_t{words[3]} << 32));
  }
}

TEST_CASE("random: identity is the path, not the history", "[core][repro]") {
  Stream parent(1);
  Stream before = parent.child("weights").child(3);
  parent.bits();
  parent.normal();
  Stream after = parent.child("weights").child(3);
  for (int i = 0; i < 10; ++i) CHECK(before.bits() == after.bits());
}

TEST_CASE("random: different paths give different streams", "[core][property]") {
  const Stream root(1);
  std::set<std::uint64_t> first;
  first.insert(Stream(1).bits());
  first.insert(Stream(2).bits());
  first.insert(root.child("a").bits());
  first.insert(root.child("b").bits());
  first.insert(root.child("ab").bits());
  first.insert(root.child("a").child("b").bits());
  first.insert(root.child(std::uint64_t{0}).bits());
  first.insert(root.child(std::uint64_t{1}).bits());
  first.insert(root.child("0").bits());
  CHECK(first.size() == 9);
}

TEST_CASE("random: uniform and below have the right moments", "[core][statistical]") {
  Stream stream = Stream(20261125).child("uniform");
  constexpr std::size_t n = 100000;
  CHECK(std::abs(z_score(n, 0.5, 1.0 / 12, [&] { return stream.uniform(); })) < limit);
  CHECK(std::abs(z_score(n, 1.0 / 3, 4.0 / 45, [&] { return std::pow(stream.uniform(), 2); })) <
        limit);
  CHECK(std::abs(z_score(n, 4.5, 99.0 / 12,
                         [&] { return static_cast<double>(stream.below(10)); })) < limit);
  // Negative control: the same check refuses a mean that is off by 1 %.
  CHECK(std::abs(z_score(n, 0.505, 1.0 / 12, [&] { return stream.uniform(); })) > limit);
}

TEST_CASE("random: uniform stays inside the open interval", "[core][property]") {
  Stream stream(3);
  for (int i = 0; i < 100000; ++i) {
    const double u = stream.uniform();
    REQUIRE(u > 0);
    REQUIRE(u < 1);
  }
}

TEST_CASE("random: normal has the moments and the tail of the normal law", "[core][statistical]") {
  Stream stream = Stream(20261125).child("normal");
  constexpr std::size_t n = 200000;
  CHECK(std::abs(z_score(n, 0, 1, [&] { return stream.normal(); })) < limit);
  CHECK(std::abs(z_score(n, 1, 2, [&] { return std::pow(stream.normal(), 2); })) < limit);
  CHECK(std::abs(z_score(n, 3, 96, [&] { return std::pow(stream.normal(), 4); })) < limit);
  const double tail = 0.0026997960632601866;  // P(|x| > 3)
  CHECK(std::abs(z_score(n, tail, tail * (1 - tail),
                         [&] { return std::abs(stream.normal()) > 3 ? 1.0 : 0.0; })) < limit);
  // Successive draws share a radius; their product must still average to zero.
  CHECK(std::abs(z_score(n, 0, 1, [&] { return stream.normal() * stream.normal(); })) < limit);
  // Negative control: a variance of 1.03.
  CHECK(std::abs(z_score(n, 1.03, 2, [&] { return std::pow(stream.normal(), 2); })) > limit);
}

TEST_CASE("random: truncated normal has the variance of the closed form", "[core][statistical]") {
  Stream stream = Stream(20261125).child("truncated");
  // 1 - 4 phi(2) / (2 Phi(2) - 1) and E x^4 = 3 v - 8 * 4 phi(2) / (2 Phi(2) - 1) * 1/2 ... by parts:
  // E x^4 = 3 E x^2 - 2 * 2^3 phi(2) / (2 Phi(2) - 1).
  const double phi = std::exp(-2.0) / std::sqrt(2 * std::acos(-1.0));
  const double mass = std::erf(std::sqrt(2.0));
  const double variance = 1 - 4 * phi / mass;
  const double fourth = 3 * variance - 16 * phi / mass;
  CHECK_THAT(variance, WithinAbs(0.773741, 1e-6));
  double largest = 0;
  const double z = z_score(100000, variance, fourth - variance * variance, [&] {
    const double x = stream.truncated_normal(2);
    largest = std::max(largest, std::abs(x));
    return x * x;
  });
  CHECK(std::abs(z) < limit);
  CHECK(largest <= 2);
}

TEST_CASE("random: gamma and chi have the right mean and variance", "[core][statistical]") {
  const double shape = GENERATE(0.3, 1.0, 7.5);
  CAPTURE(shape);
  Stream stream = Stream(20261125).child("gamma");
  constexpr std::size_t n = 100000;
  CHECK(std::abs(z_score(n, shape, shape, [&] { return stream.gamma(shape); })) < limit);
  // E g^2 = a (a + 1), Var g^2 = a (a + 1) (4 a + 6).
  CHECK(std::abs(z_score(n, shape * (shape + 1), shape * (shape + 1) * (4 * shape + 6),
                         [&] { return std::pow(stream.gamma(shape), 2); })) < limit);
  CHECK(std::abs(z_score(n, 2 * shape, 4 * shape,
                         [&] { return std::pow(stream.chi(2 * shape), 2); })) < limit);
}

TEST_CASE("random: permutations are permutations, and uniform", "[core][statistical]") {
  Stream stream = Stream(20261125).child("permutation");
  std::array<int, 6> counts{};
  constexpr int n = 60000;
  for (int i = 0; i < n; ++i) {
    const auto p = stream.permutation(3);
    CHECK(std::set<std::uint32_t>(p.begin(), p.end()).size() == 3);
    ++counts[p[0] * 2 + (p[1] > p[2] ? 1 : 0)];
  }
  double chi2 = 0;
  for (const int count : counts) chi2 += std::pow(count - n / 6.0, 2) / (n / 6.0);
  CHECK(chi2 < 25.74);  // 1e-4 quantile of chi-square with 5 degrees of freedom
  CHECK(chi2 > 0.1);    // too even is wrong as well: P(chi2_5 < 0.1) = 2e-4
}

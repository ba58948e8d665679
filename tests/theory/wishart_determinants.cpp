// SPDX-License-Identifier: MIT
/// \file
/// \brief The textbook computation of the extreme eigenvalues' laws, against which the library's is
/// tested.
#include "tests/theory/wishart_determinants.hpp"

#include <limits>
#include <utility>
#include <vector>

#include <boost/math/constants/constants.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

namespace rmtlab::tests {

namespace {

namespace multiprecision = boost::multiprecision;
using Real = multiprecision::number<multiprecision::cpp_bin_float<250>, multiprecision::et_off>;

class WishartDeterminants {
public:
  WishartDeterminants(bool largest, int n, int p, int dyson_index)
      : largest_(largest), n_(n), p_(p), dyson_index_(dyson_index) {}

  Real gap(const Real& x) const {
    const auto value =
        dyson_index_ == 2 ? &WishartDeterminants::determinant : &WishartDeterminants::pfaffian;
    return (this->*value)(x, false) / (this->*value)(x, true);
  }

private:
  using Matrix = std::vector<std::vector<Real>>;

  static Real gamma_of_half(int twice) {
    Real s = twice % 2 == 1 ? Real(0.5) : Real(1), result = 1;
    if (twice % 2 == 1) result = sqrt(boost::math::constants::pi<Real>());
    for (; 2 * s < twice - 0.5; s += 1) result *= s;
    return result;
  }

  /// int t^(s-1) e^-t over the range, s = twice / 2.
  Real gamma(int twice, const Real& y, bool whole) const {
    if (whole) return gamma_of_half(twice);
    const Real s = Real(twice) / 2;
    Real term = 1 / s, sum = term;
    for (int k = 1; term > sum * std::numeric_limits<Real>::epsilon(); ++k)
      sum += term *= y / (s + k);
    const Real lower = sum * exp(s * log(y) - y);
    return largest_ ? lower : Real(gamma_of_half(twice) - lower);
  }

  /// int t^(first + k) e^(-rate t) over the range for k < count, upwards from k = 0; first = half / 2.
  std::vector<Real> integrals(int half, const Real& rate, int count, const Real& x,
                              bool whole) const {
    const Real first = Real(half) / 2;
    std::vector<Real> result = {gamma(half + 2, rate * x, whole) / pow(rate, first + 1)};
    for (int k = 1; k < count; ++k) {
      Real boundary = whole ? Real(0) : Real(pow(x, first + k) * exp(-rate * x));
      if (!largest_) boundary = -boundary;
      result.push_back(((first + k) * result.back() - boundary) / rate);
    }
    return result;
  }

  Real determinant(const Real& x, bool whole) const {
    const auto moments = integrals(2 * (n_ - p_), 1, 2 * p_ - 1, x, whole);
    Matrix a(p_, std::vector<Real>(p_));
    for (int i = 0; i < p_; ++i)
      for (int j = 0; j < p_; ++j) a[i][j] = moments[i + j];
    Real result = 1;  // positive definite: no pivoting
    for (int k = 0; k < p_; ++k) {
      result *= a[k][k];
      for (int i = k + 1; i < p_; ++i)
        for (int j = p_ - 1; j >= k; --j) a[i][j] -= a[i][k] * a[k][j] / a[k][k];
    }
    return result;
  }

  Real pfaffian(const Real& x, bool whole) const {
    const int half = n_ - p_ - 1, size = p_ + p_ % 2;
    const auto single = integrals(half, Real(0.5), p_, x, whole);
    const auto both = integrals(2 * half + 2, 1, 2 * p_, x, whole);
    Matrix a(size, std::vector<Real>(size, Real(0)));
    for (int j = 0; j < p_; ++j) {
      // I(i, j) = int t^j int_(s<t) s^i; I(j, j) = single^2 / 2, then by parts in s.
      Real inner = single[j] * single[j] / 2;
      for (int i = j; i + 1 < p_; ++i) {
        const Real power = Real(half) / 2 + i + 1;
        inner = 2 * power * inner - 2 * both[i + j];
        if (!largest_ && !whole) inner += 2 * pow(x, power) * exp(-x / 2) * single[j];
        a[j][i + 1] = single[i + 1] * single[j] - 2 * inner;
        a[i + 1][j] = -a[j][i + 1];
      }
    }
    if (size > p_)
      for (int i = 0; i < p_; ++i) a[p_][i] = -(a[i][p_] = single[i]);
    Real result = 1;
    for (int k = 0; k + 1 < size; k += 2) {
      result *= a[k][k + 1];
      for (int i = k + 2; i < size; ++i)
        for (int j = k + 2; j < size; ++j)
          a[i][j] += (a[k + 1][i] * a[k][j] - a[k + 1][j] * a[k][i]) / a[k][k + 1];
    }
    return result;
  }

  bool largest_;
  int n_, p_, dyson_index_;
};

}  // namespace

ExpectedGap expected_gap(theory::SpectrumEdge edge, int n, int p, int dyson_index, double x) {
  const WishartDeterminants law(edge == theory::SpectrumEdge::upper, n, p, dyson_index);
  const Real gap = law.gap(Real(x)), loss = 1 - gap;
  return {static_cast<long double>(gap), static_cast<long double>(loss)};
}

}  // namespace rmtlab::tests

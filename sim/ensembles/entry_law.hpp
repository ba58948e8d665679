// SPDX-License-Identifier: MIT
/// \file
/// \brief Laws of single matrix entries, with all that is known of them in closed form.
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "sim/core/random.hpp"

namespace rmtlab::ensembles {

/// What an entry y is before centring and truncation; u > 0 throughout.
enum class EntryKind {
  gaussian,            ///< normal, mean 0, variance 1
  truncated_gaussian,  ///< the same given |y| <= limit
  uniform,             ///< on [-1, 1]: variance 1/3
  rademacher,          ///< -1 or 1
  student_t,           ///< Student's t with mu degrees of freedom, unit scale
  pareto,              ///< P(y > u) = u^-mu for u >= 1
  lomax,               ///< P(y > u) = (1 + u)^-mu: a Pareto variable minus 1
  stable,              ///< symmetric, E exp(ity) = exp(-|t|^mu); see stable_law.hpp
  root_stable,         ///< +-sqrt(S), E exp(-sS) = exp(-s^(mu/2)): its square is exactly stable
  sparse               ///< 0 with probability 1 - density, else standard normal
};

/// What is done to y.
enum class Centring {
  raw,         ///< nothing
  centred,     ///< the population mean is subtracted
  symmetrised  ///< a random sign is multiplied: |w| keeps its law
};

/**
 * \brief Law of one entry w of a weight matrix.
 *
 * The tails are \f$P(|w|>u)\sim Cu^{-\mu}\f$ with `tail_index` mu and `tail_constant` C: 1 for `pareto`
 * and `lomax`; \f$\frac{2\,\Gamma(\frac{\mu+1}2)}{\sqrt\pi\,\Gamma(\frac\mu2)}\mu^{\mu/2-1}\f$ for
 * `student_t`; \f$\frac2\pi\Gamma(\mu)\sin\frac{\pi\mu}2\f$ for `stable`; \f$1/\Gamma(1-\frac\mu2)\f$ for
 * `root_stable`. Centring and signs do not change C.
 *
 * The sum of N squares of Pareto entries is to next order a stable variable of size
 * \f$a_N^2=N^{2/\mu}\f$ minus \f$\frac\mu{2-\mu}N\f$: their spectrum reaches its limit only as
 * \f$N^{-(2-\mu)/\mu}\f$ for 1 < mu < 2. `root_stable` has no such term, its sums are stable for every N.
 *
 * Plain data; every function below refuses a law that `validate` refuses. A parameter that the kind
 * does not use must keep its default.
 */
struct EntryLaw {
  EntryKind kind = EntryKind::gaussian;
  /// mu >= 0.1 of student_t, pareto, lomax; 0.1 <= mu <= 1.99 of stable and root_stable.
  double tail_index = 0;
  /// y is conditioned on |y| <= limit, before centring. For truncated_gaussian (required, in standard
  /// deviations of the normal law before truncation), student_t, pareto, lomax. Up to 1e70, and at
  /// least a hundredth of the law must lie below.
  double limit = std::numeric_limits<double>::infinity();
  double density = 1;  ///< 0 < density <= 1 of sparse
  Centring centring = Centring::raw;

  bool operator==(const EntryLaw&) const = default;
};

/// \throws std::domain_error naming the parameter outside the domain above, or `tail_index` if the mean
///   to be subtracted does not exist.
void validate(const EntryLaw& law);

/// Whether w and -w have the same law.
bool is_symmetric(const EntryLaw& law);

/// mu of the tail; infinity for a lighter one, so also for a truncated law.
double tail_index(const EntryLaw& law);

/// C of the tail.
/// \throws std::domain_error unless `tail_index(law)` is finite.
double tail_constant(const EntryLaw& law);

/// E w; none if E|w| is infinite.
///
/// Moments are closed forms, within 1e-13 relative, but for truncated student_t, pareto and lomax:
/// there quadrature of the density, within 1e-12 ([accuracy]).
std::optional<double> mean(const EntryLaw& law);

/// Var w; infinity for mu <= 2. For a law without a mean, infinity.
double variance(const EntryLaw& law);

/// E(w - Ew)^4 / Var^2 - 3; infinity for 2 < mu <= 4, none if the variance is infinite.
std::optional<double> excess_kurtosis(const EntryLaw& law);

/// \f$P(|w|>u)\f$; 1 for u < 0. Relative error below 1e-12, for truncated laws times 1 + 1 / P.
/// \throws std::domain_error if u is NaN.
double survival(const EntryLaw& law, double u);

/// \f$P(w\le x)\f$, absolute error below 1e-12.
/// \throws std::domain_error if x is NaN.
double cdf(const EntryLaw& law, double x);

/// \f$\inf\{u\ge0:P(|w|>u)\le q\}\f$. Closed form, or a root of `survival` for the stable and the centred
/// one-sided laws; survival(quantile) = q within 1e-11 relative where survival is continuous.
/// \throws std::domain_error unless 0 < q <= 1.
double survival_quantile(const EntryLaw& law, double q);

/// \f$a_n=\inf\{u:P(|w|>u)\le1/n\}\f$, the normalisation of heavy-tailed spectra: \f$n^{1/\mu}\f$ for
/// `pareto`, asymptotically \f$(Cn)^{1/\mu}\f$ for every law with a tail.
/// \throws std::domain_error unless n is finite and >= 1.
double tail_scale(const EntryLaw& law, double n);

/**
 * \brief Draws from a law: constants are computed once, then one entry a call.
 *
 * `fill` gives the numbers of as many calls, at once (normal entries by `Stream::fill_normal`).
 * Inversion for uniform, pareto and lomax (truncated too), rejection for the other truncated laws,
 * Chambers-Mallows-Stuck and Kanter for the stable ones.
 */
class EntrySampler {
public:
  /// \throws std::domain_error as `validate`.
  explicit EntrySampler(const EntryLaw& law);
  double operator()(core::Stream& stream) const;
  void fill(std::span<double> entries, core::Stream& stream) const;

private:
  [[nodiscard]] double before_centring(core::Stream& stream) const;

  EntryLaw law_;
  double shift_ = 0;     // subtracted
  double beyond_ = 0;    // P(|y| > limit) before truncation
  bool signed_ = false;  // a random sign is multiplied
};

/// One entry; `EntrySampler` is faster for many.
/// \throws std::domain_error as `validate`.
double draw(const EntryLaw& law, core::Stream& stream);

/// All kinds, in the order of the enumeration.
std::span<const EntryKind> entry_kinds();

/// The name that configurations use: that of the enumerator.
std::string_view name(EntryKind kind);
std::string_view name(Centring centring);

/// \throws std::domain_error "entry kind: name = X (must be one of ...)".
EntryKind parse_entry_kind(std::string_view text);
/// \throws std::domain_error "centring: name = X (must be one of ...)".
Centring parse_centring(std::string_view text);

/// Parameters that a kind uses beside `centring`.
bool uses_tail_index(EntryKind kind);
bool uses_limit(EntryKind kind);  ///< truncated_gaussian needs it, others may have it

}  // namespace rmtlab::ensembles

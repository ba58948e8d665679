// SPDX-License-Identifier: MIT
/// \file
/// \brief Laws of single matrix entries.
///
/// Everything is derived from the variable y before truncation: P(|y| > u) and its inverse
/// (`plain_survival`, `plain_quantile`), then conditioned on |y| <= limit (`size_survival`), then
/// shifted or signed.
#include "sim/ensembles/entry_law.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <numbers>
#include <stdexcept>

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/roots.hpp>
#include <fmt/format.h>

#include "sim/ensembles/adaptive_quadrature.hpp"
#include "sim/ensembles/stable_law.hpp"
#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {
namespace {

using std::numbers::pi;
using std::numbers::sqrt2;
constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr std::array kinds{EntryKind::gaussian,    EntryKind::truncated_gaussian,
                           EntryKind::uniform,     EntryKind::rademacher,
                           EntryKind::student_t,   EntryKind::pareto,
                           EntryKind::lomax,       EntryKind::stable,
                           EntryKind::root_stable, EntryKind::sparse};
constexpr std::array<std::string_view, kinds.size()> kind_names{
    "gaussian", "truncated_gaussian", "uniform", "rademacher", "student_t", "pareto", "lomax",
    "stable",   "root_stable",        "sparse"};
constexpr std::array<std::string_view, 3> centring_names{"raw", "centred", "symmetrised"};

template <class Enum, std::size_t n>
Enum parse(std::string_view what, const std::array<std::string_view, n>& names,
           std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end())
    throw std::domain_error(
        fmt::format("{}: name = {} (must be one of {})", what, text, fmt::join(names, ", ")));
  return static_cast<Enum>(std::distance(names.begin(), found));
}

bool is_one_sided(EntryKind kind) { return kind == EntryKind::pareto || kind == EntryKind::lomax; }

bool is_truncated(const EntryLaw& law) { return std::isfinite(law.limit); }

// Laws whose w is y - E y with an E y that is not 0.
bool is_shifted(const EntryLaw& law) {
  return is_one_sided(law.kind) && law.centring == Centring::centred;
}

[[noreturn]] void refuse(std::string_view parameter, double value, std::string_view constraint) {
  theory::throw_domain_error("entry law", parameter, value, constraint);
}

// P(|y| > u) before truncation, u >= 0.
double plain_survival(const EntryLaw& law, double u) {
  const double mu = law.tail_index;
  switch (law.kind) {
    case EntryKind::gaussian:
    case EntryKind::truncated_gaussian:
      return std::erfc(u / sqrt2);
    case EntryKind::uniform:
      return std::max(0.0, 1 - u);
    case EntryKind::rademacher:
      return u < 1 ? 1 : 0;
    case EntryKind::student_t:
      return std::isinf(u) ? 0 : 2 * cdf(complement(boost::math::students_t(mu), u));
    case EntryKind::pareto:
      return u <= 1 ? 1 : std::pow(u, -mu);
    case EntryKind::lomax:
      return std::exp(-mu * std::log1p(u));
    case EntryKind::stable:
      return survival(SymmetricStable(mu), u);
    case EntryKind::root_stable:
      return survival(PositiveStable(mu / 2), u * u);
    case EntryKind::sparse:
      return law.density * std::erfc(u / sqrt2);
  }
  throw std::domain_error("entry law: unknown kind");
}

// The u with survival(u) = q, by doubling a bracket around a guess and then bisection and interpolation.
template <class Survival>
double invert(Survival survival_at, double q, double guess) {
  const auto excess = [&](double log_u) { return survival_at(std::exp(log_u)) / q - 1; };
  double low = std::log(guess), high = low;
  while (excess(low) <= 0) low -= std::numbers::ln2;
  while (excess(high) > 0) high += std::numbers::ln2;
  std::uintmax_t steps = 200;
  const auto bracket = boost::math::tools::toms748_solve(
      excess, low, high, boost::math::tools::eps_tolerance<double>(50), steps);
  return std::exp(bracket.second);
}

// inf{u : P(|y| > u) <= q} before truncation, 0 < q < 1.
double plain_quantile(const EntryLaw& law, double q) {
  const double mu = law.tail_index;
  switch (law.kind) {
    case EntryKind::gaussian:
    case EntryKind::truncated_gaussian:
      return sqrt2 * boost::math::erfc_inv(q);
    case EntryKind::uniform:
      return 1 - q;
    case EntryKind::rademacher:
      return 1;
    case EntryKind::student_t:
      return quantile(complement(boost::math::students_t(mu), q / 2));
    case EntryKind::pareto:
      return std::pow(q, -1 / mu);
    case EntryKind::lomax:
      return std::expm1(-std::log(q) / mu);
    case EntryKind::sparse:
      return q < law.density ? sqrt2 * boost::math::erfc_inv(q / law.density) : 0;
    case EntryKind::stable:
    case EntryKind::root_stable:
      return invert([&](double u) { return plain_survival(law, u); }, q,
                    std::pow(tail_constant(law) / q, 1 / mu));
  }
  throw std::domain_error("entry law: unknown kind");
}

double beyond_limit(const EntryLaw& law) {
  return is_truncated(law) ? plain_survival(law, law.limit) : 0;
}

// P(|y| > u) with truncation, u any number.
double size_survival(const EntryLaw& law, double u) {
  if (u < 0) return 1;
  if (!is_truncated(law)) return plain_survival(law, u);
  if (u >= law.limit) return 0;
  const double beyond = beyond_limit(law);
  return (plain_survival(law, u) - beyond) / (1 - beyond);
}

// int_0^top f, where f may rise or fall at both ends over a length as short as `reach`: panels that grow
// by doubling from both of them, so that none is overlooked.
template <class F>
double integrate_from_ends(F f, double top, double reach) {
  double sum = 0;
  for (double a = 0; a < top / 2; reach *= 2) {
    const double b = std::min(a + reach, top / 2);
    sum += integrate_adaptively(f, a, b, sum);
    sum += integrate_adaptively(f, top - b, top - a, sum);
    a = b;
  }
  return sum;
}

// E(|y| - c)^k with truncation, by quadrature in a variable in which the density is smooth and
// decays or grows exponentially.
double truncated_moment(const EntryLaw& law, int k, double c) {
  const double mu = law.tail_index;
  const auto moment = [&](double top, auto size, auto density) {
    const auto f = [&](double s) { return std::pow(size(s) - c, k) * density(s); };
    return integrate_from_ends(f, top, 1 / (mu + 4)) / (1 - beyond_limit(law));
  };
  const auto exponential = [mu](double s) { return mu * std::exp(-mu * s); };
  if (law.kind == EntryKind::pareto)
    return moment(
        std::log(law.limit), [](double s) { return std::exp(s); }, exponential);
  if (law.kind == EntryKind::lomax)
    return moment(
        std::log1p(law.limit), [](double s) { return std::expm1(s); }, exponential);
  const boost::math::students_t student(mu);
  return moment(
      std::asinh(law.limit), [](double s) { return std::sinh(s); },
      [&](double s) { return 2 * pdf(student, std::sinh(s)) * std::cosh(s); });
}

// E y^2k of the normal law given |y| <= limit, k = 1, 2: y^2 / 2 is a gamma variable.
double truncated_normal_moment(double limit, int k) {
  const double x = limit * limit / 2;
  return (k == 1 ? 1 : 3) * boost::math::gamma_p(k + 0.5, x) / boost::math::gamma_p(0.5, x);
}

// E|y|^order, order = 1, 2 or 4, untruncated: infinite unless mu > order.
double one_sided_moment(const EntryLaw& law, int order) {
  const double mu = law.tail_index;
  if (mu <= order) return infinity;
  if (law.kind == EntryKind::pareto) return mu / (mu - order);
  double result = 1;
  for (int j = 1; j <= order; ++j) result *= j / (mu - j);
  return result;
}

struct Moments {
  double second, fourth;
};

// Central moments of a law that is symmetric, or made so.
Moments symmetric_moments(const EntryLaw& law) {
  const double mu = law.tail_index;
  switch (law.kind) {
    case EntryKind::gaussian:
      return {1, 3};
    case EntryKind::truncated_gaussian:
      return {truncated_normal_moment(law.limit, 1), truncated_normal_moment(law.limit, 2)};
    case EntryKind::uniform:
      return {1.0 / 3, 1.0 / 5};
    case EntryKind::rademacher:
      return {1, 1};
    case EntryKind::sparse:
      return {law.density, 3 * law.density};
    case EntryKind::stable:
    case EntryKind::root_stable:
      return {infinity, infinity};
    case EntryKind::student_t:
      if (is_truncated(law)) break;
      return {mu > 2 ? mu / (mu - 2) : infinity,
              mu > 4 ? 3 * mu * mu / ((mu - 2) * (mu - 4)) : infinity};
    case EntryKind::pareto:
    case EntryKind::lomax:
      if (is_truncated(law)) break;
      return {one_sided_moment(law, 2), one_sided_moment(law, 4)};
  }
  return {truncated_moment(law, 2, 0), truncated_moment(law, 4, 0)};
}

// E y of a one-sided law; infinite for mu <= 1.
double one_sided_mean(const EntryLaw& law) {
  return is_truncated(law) ? truncated_moment(law, 1, 0) : one_sided_moment(law, 1);
}

// The same for a one-sided law with its own sign. A shift by 1 makes no difference: Pareto's are Lomax's.
Moments one_sided_moments(const EntryLaw& law) {
  const double mu = law.tail_index;
  if (is_truncated(law)) {
    const double center = one_sided_mean(law);
    return {truncated_moment(law, 2, center), truncated_moment(law, 4, center)};
  }
  if (mu <= 2) return {infinity, infinity};
  const double second = mu / ((mu - 1) * (mu - 1) * (mu - 2));
  if (mu <= 4) return {second, infinity};
  const double excess = 6 * (mu * mu * mu + mu * mu - 6 * mu - 2) / (mu * (mu - 3) * (mu - 4));
  return {second, (excess + 3) * second * second};
}

Moments central_moments(const EntryLaw& law) {
  validate(law);
  return is_symmetric(law) ? symmetric_moments(law) : one_sided_moments(law);
}

double shift_of(const EntryLaw& law) { return is_shifted(law) ? one_sided_mean(law) : 0; }

void validate_tail_index(const EntryLaw& law) {
  const double mu = law.tail_index;
  const bool stable = law.kind == EntryKind::stable || law.kind == EntryKind::root_stable;
  if (!uses_tail_index(law.kind)) {
    if (mu != 0) refuse("tail_index", mu, fmt::format("left out for {}", name(law.kind)));
  } else if (stable && !(mu >= 0.1 && mu <= 1.99)) {
    refuse("tail_index", mu, fmt::format(">= 0.1 and <= 1.99 for {}", name(law.kind)));
  } else if (!(std::isfinite(mu) && mu >= 0.1)) {
    refuse("tail_index", mu, fmt::format("finite and >= 0.1 for {}", name(law.kind)));
  }
}

void validate_limit(const EntryLaw& law) {
  const bool required = law.kind == EntryKind::truncated_gaussian;
  if (law.limit == infinity && !required) return;
  if (!uses_limit(law.kind))
    refuse("limit", law.limit, fmt::format("left out for {}", name(law.kind)));
  if (!(law.limit > 0 && law.limit <= 1e70)) refuse("limit", law.limit, "> 0 and <= 1e70");
  if (!(1 - beyond_limit(law) >= 0.01))
    refuse("limit", law.limit, "so large that a hundredth of the law lies below");
}

}  // namespace

void validate(const EntryLaw& law) {
  validate_tail_index(law);
  validate_limit(law);
  if (law.kind == EntryKind::sparse && !(law.density > 0 && law.density <= 1))
    refuse("density", law.density, "> 0 and <= 1");
  if (law.kind != EntryKind::sparse && law.density != 1)
    refuse("density", law.density, fmt::format("left out for {}", name(law.kind)));
  if (law.centring == Centring::centred && uses_tail_index(law.kind) && !is_truncated(law) &&
      law.tail_index <= 1)
    refuse("tail_index", law.tail_index, "> 1 for a centred law: there is no mean to subtract");
}

bool is_symmetric(const EntryLaw& law) {
  return !is_one_sided(law.kind) || law.centring == Centring::symmetrised;
}

double tail_index(const EntryLaw& law) {
  validate(law);
  return uses_tail_index(law.kind) && !is_truncated(law) ? law.tail_index : infinity;
}

double tail_constant(const EntryLaw& law) {
  const double mu = tail_index(law);
  if (!std::isfinite(mu))
    throw std::domain_error(
        fmt::format("tail_constant: kind = {} (must have a tail that is a power)", name(law.kind)));
  if (law.kind == EntryKind::stable) return tail_constant(SymmetricStable(mu));
  if (law.kind == EntryKind::root_stable) return tail_constant(PositiveStable(mu / 2));
  if (law.kind != EntryKind::student_t) return 1;
  return 2 / (std::sqrt(pi) * boost::math::tgamma_delta_ratio(mu / 2, 0.5)) *
         std::pow(mu, mu / 2 - 1);
}

std::optional<double> mean(const EntryLaw& law) {
  if (tail_index(law) <= 1) return std::nullopt;
  return is_symmetric(law) || is_shifted(law) ? 0 : one_sided_mean(law);
}

double variance(const EntryLaw& law) { return central_moments(law).second; }

std::optional<double> excess_kurtosis(const EntryLaw& law) {
  const auto [second, fourth] = central_moments(law);
  if (std::isinf(second)) return std::nullopt;
  return fourth / (second * second) - 3;
}

double survival(const EntryLaw& law, double u) {
  validate(law);
  theory::check_not_nan("survival", "u", u);
  if (u < 0) return 1;
  if (!is_shifted(law)) return size_survival(law, u);
  const double shift = shift_of(law);
  return size_survival(law, shift + u) + (1 - size_survival(law, shift - u));
}

double cdf(const EntryLaw& law, double x) {
  validate(law);
  theory::check_not_nan("cdf", "x", x);
  if (!is_symmetric(law)) return 1 - size_survival(law, x + shift_of(law));
  if (x >= 0) return 1 - size_survival(law, x) / 2;
  // P(w <= x) = P(|w| >= -x) / 2; only rademacher has an atom there.
  if (law.kind == EntryKind::rademacher) return x >= -1 ? 0.5 : 0;
  return size_survival(law, -x) / 2;
}

double survival_quantile(const EntryLaw& law, double q) {
  validate(law);
  if (!(q > 0 && q <= 1)) theory::throw_domain_error("survival_quantile", "q", q, "> 0 and <= 1");
  if (q == 1) return 0;
  const double beyond = beyond_limit(law);
  const double size = plain_quantile(law, beyond + q * (1 - beyond));
  if (!is_shifted(law)) return size;
  return invert([&](double u) { return survival(law, u); }, q, size);
}

double tail_scale(const EntryLaw& law, double n) {
  if (!(std::isfinite(n) && n >= 1))
    theory::throw_domain_error("tail_scale", "n", n, "finite and >= 1");
  return survival_quantile(law, 1 / n);
}

EntrySampler::EntrySampler(const EntryLaw& law) : law_(law) {
  validate(law);
  shift_ = shift_of(law);
  beyond_ = beyond_limit(law);
  signed_ = is_one_sided(law.kind) && law.centring == Centring::symmetrised;
}

double EntrySampler::operator()(core::Stream& stream) const {
  const double y = before_centring(stream);
  return signed_ && stream.bits() >> 63 ? -y : y - shift_;
}

void EntrySampler::fill(std::span<double> entries, core::Stream& stream) const {
  if (law_.kind == EntryKind::gaussian) return stream.fill_normal(entries);
  for (double& w : entries) w = (*this)(stream);
}

double EntrySampler::before_centring(core::Stream& stream) const {
  const double mu = law_.tail_index;
  const auto normal = [&stream] {
    double x = 0;
    stream.fill_normal({&x, 1});
    return x;
  };
  // Uniform on (P(|y| > limit), 1): the survival function at the entry.
  const auto level = [&] { return beyond_ + (1 - beyond_) * stream.uniform(); };
  switch (law_.kind) {
    case EntryKind::gaussian:
      return normal();
    case EntryKind::truncated_gaussian:
      return stream.truncated_normal(law_.limit);
    case EntryKind::uniform:
      return 2 * stream.uniform() - 1;
    case EntryKind::rademacher:
      return stream.bits() >> 63 ? 1 : -1;
    case EntryKind::student_t:
      while (true) {
        const double x = normal(), chi_square = 2 * stream.gamma(mu / 2);
        const double t = x * std::sqrt(mu / chi_square);
        if (std::abs(t) <= law_.limit) return t;
      }
    case EntryKind::pareto:
      return std::pow(level(), -1 / mu);
    case EntryKind::lomax:
      return std::expm1(-std::log(level()) / mu);
    case EntryKind::stable:
      return rmtlab::ensembles::draw(SymmetricStable(mu), stream);
    case EntryKind::root_stable: {
      const double size = std::sqrt(rmtlab::ensembles::draw(PositiveStable(mu / 2), stream));
      return stream.bits() >> 63 ? -size : size;
    }
    case EntryKind::sparse:
      return stream.uniform() < law_.density ? normal() : 0;
  }
  throw std::domain_error("entry law: unknown kind");
}

double draw(const EntryLaw& law, core::Stream& stream) { return EntrySampler(law)(stream); }

std::span<const EntryKind> entry_kinds() { return kinds; }

std::string_view name(EntryKind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }

std::string_view name(Centring centring) {
  return centring_names.at(static_cast<std::size_t>(centring));
}

EntryKind parse_entry_kind(std::string_view text) {
  return parse<EntryKind>("entry kind", kind_names, text);
}

Centring parse_centring(std::string_view text) {
  return parse<Centring>("centring", centring_names, text);
}

bool uses_tail_index(EntryKind kind) {
  return kind == EntryKind::student_t || kind == EntryKind::stable ||
         kind == EntryKind::root_stable || is_one_sided(kind);
}

bool uses_limit(EntryKind kind) {
  return kind == EntryKind::truncated_gaussian || kind == EntryKind::student_t ||
         is_one_sided(kind);
}

}  // namespace rmtlab::ensembles

// SPDX-License-Identifier: MIT
/// \file
/// \brief Is a singular vector spread over its components or localised on a few? Statistics and tests.
#include "sim/spectra/localization.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/core/random.hpp"
#include "theory/haar_vector.hpp"
#include "theory/porter_thomas.hpp"

namespace rmtlab::spectra {
namespace {

constexpr std::array<VectorStatistic, vector_statistics> all_statistics{
    VectorStatistic::ratio, VectorStatistic::scaled_ipr, VectorStatistic::shannon_entropy,
    VectorStatistic::histogram_entropy, VectorStatistic::largest};

/// Whether large values are the localised ones.
bool large_is_localised(VectorStatistic statistic) {
  return statistic == VectorStatistic::scaled_ipr || statistic == VectorStatistic::largest;
}

double histogram_entropy(const arma::vec& v) {
  const double least = v.min(), width = (v.max() - least) / histogram_bins;
  if (!(width > 0)) return 0;
  std::array<std::size_t, histogram_bins> counts{};
  for (const double x : v)
    ++counts[std::min<std::size_t>(static_cast<std::size_t>((x - least) / width),
                                   histogram_bins - 1)];
  double entropy = 0;
  for (const std::size_t count : counts) {
    const double p = static_cast<double>(count) / static_cast<double>(v.n_elem);
    if (count > 0) entropy -= p * std::log(p);
  }
  return entropy;
}

/// Of a vector that may have any length but zero.
Localization of_direction(const arma::vec& v, double length) {
  double sum = 0, fourth = 0, entropy = 0, largest = 0;
  for (const double x : v) {
    const double size = std::abs(x) / length, weight = size * size;
    sum += size;
    fourth += weight * weight;
    if (weight > 0) entropy -= weight * std::log(weight);
    largest = std::max(largest, size);
  }
  const auto n = static_cast<double>(v.n_elem);
  Localization result;
  result.components = v.n_elem;
  result.ratio = sum / largest;
  result.participation_norm = std::pow(fourth, -0.25);
  result.participation_ratio = 1 / fourth;
  result.scaled_ipr = n * fourth;
  result.shannon_entropy = entropy / std::log(n);
  result.histogram_entropy = histogram_entropy(v);
  result.largest = n * largest * largest;
  return result;
}

double checked_length(const arma::vec& v) {
  if (v.n_elem < 2)
    throw std::domain_error(fmt::format("localization: components = {} (must be >= 2)", v.n_elem));
  if (!v.is_finite()) throw std::domain_error("localization: a component is not a finite number");
  const double length = arma::norm(v);
  if (!(std::abs(length - 1) <= 1e-6))
    throw std::domain_error(fmt::format("localization: norm = {} (must be 1 within 1e-6)", length));
  return length;
}

/// Distribution function of Porter and Thomas on a grid of |v_i| sqrt(n), where it is smooth.
class ComponentLaw {
public:
  explicit ComponentLaw(std::size_t components) {
    const auto n = static_cast<double>(components);
    const theory::PorterThomas law(n, 1);
    top_ = std::min(std::sqrt(n), 12.0);
    for (std::size_t i = 0; i <= nodes; ++i) {
      const double root = top_ * static_cast<double>(i) / nodes;
      values_.push_back(i == nodes ? 1 : cdf(law, root * root));
    }
  }
  [[nodiscard]] double operator()(double root) const {
    const double t = std::clamp(root / top_ * nodes, 0.0, nodes - 1e-9);
    const auto i = static_cast<std::size_t>(t);
    return std::lerp(values_[i], values_[i + 1], t - static_cast<double>(i));
  }

private:
  static constexpr std::size_t nodes = 4096;
  double top_;
  std::vector<double> values_;
};

/// Distance to the law of all components of unit vectors.
double pooled_distance(const arma::mat& vectors, const ComponentLaw& law) {
  const double scale = std::sqrt(static_cast<double>(vectors.n_rows));
  std::vector<double> roots(vectors.n_elem);
  std::transform(vectors.begin(), vectors.end(), roots.begin(),
                 [scale](double x) { return scale * std::abs(x); });
  std::sort(roots.begin(), roots.end());
  const auto count = static_cast<double>(roots.size());
  double distance = 0;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const double p = law(roots[i]), below = static_cast<double>(i) / count;
    distance = std::max({distance, p - below, below + 1 / count - p});
  }
  return distance;
}

/// Random vectors of unit length, orthogonal to each other.
arma::mat random_frame(std::size_t components, std::size_t count, core::Stream& stream) {
  arma::mat frame(components, count), unused;
  stream.fill_normal({frame.memptr(), frame.n_elem});
  if (count == 1) return frame / arma::norm(frame.col(0));
  arma::mat orthonormal;
  if (!arma::qr_econ(orthonormal, unused, frame))
    throw std::runtime_error("LocalizationNull: the QR decomposition failed");
  return orthonormal;  // signs of the columns do not matter here
}

void check_size(const char* function, std::size_t components) {
  if (components < 3)
    throw std::domain_error(
        fmt::format("{}: components = {} (must be >= 3)", function, components));
}

/// (1 + number of draws at least as localised) / (R + 1).
double simulated_p_value(const std::vector<double>& ascending, double observed, bool large) {
  const auto at_least =
      large ? ascending.end() - std::lower_bound(ascending.begin(), ascending.end(), observed)
            : std::upper_bound(ascending.begin(), ascending.end(), observed) - ascending.begin();
  return static_cast<double>(1 + at_least) / static_cast<double>(1 + ascending.size());
}

constexpr std::uint64_t null_seed = 1;

}  // namespace

std::string_view name(VectorStatistic statistic) {
  switch (statistic) {
    case VectorStatistic::ratio:
      return "ratio";
    case VectorStatistic::scaled_ipr:
      return "scaled_ipr";
    case VectorStatistic::shannon_entropy:
      return "shannon_entropy";
    case VectorStatistic::histogram_entropy:
      return "histogram_entropy";
    case VectorStatistic::largest:
      return "largest";
  }
  throw std::logic_error("name: not a VectorStatistic");
}

double value(const Localization& localization, VectorStatistic statistic) {
  switch (statistic) {
    case VectorStatistic::ratio:
      return localization.ratio;
    case VectorStatistic::scaled_ipr:
      return localization.scaled_ipr;
    case VectorStatistic::shannon_entropy:
      return localization.shannon_entropy;
    case VectorStatistic::histogram_entropy:
      return localization.histogram_entropy;
    case VectorStatistic::largest:
      return localization.largest;
  }
  throw std::logic_error("value: not a VectorStatistic");
}

Localization localization(const arma::vec& v) { return of_direction(v, checked_length(v)); }

LocalizationNull::LocalizationNull(std::size_t draws, std::size_t frames)
    : draws_(draws), frames_(frames) {
  if (draws < 99)
    throw std::domain_error(fmt::format("LocalizationNull: draws = {} (must be >= 99)", draws));
  if (frames < 99)
    throw std::domain_error(fmt::format("LocalizationNull: frames = {} (must be >= 99)", frames));
}

std::shared_ptr<const LocalizationNull::Samples> LocalizationNull::single(
    std::size_t components) const {
  check_size("LocalizationNull", components);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = single_.find(components); found != single_.end()) return found->second;
  }
  // Simulated outside the lock: two threads may do the same work, with the same result.
  core::Stream stream =
      core::Stream(null_seed).child("localization").child("vector").child(components);
  auto samples = std::make_shared<Samples>();
  arma::vec v(components);
  for (std::size_t r = 0; r < draws_; ++r) {
    stream.fill_normal({v.memptr(), v.n_elem});
    const Localization drawn = of_direction(v, arma::norm(v));
    for (std::size_t s = 0; s < vector_statistics; ++s)
      (*samples)[s].push_back(value(drawn, all_statistics[s]));
  }
  for (auto& values : *samples) std::sort(values.begin(), values.end());
  const std::lock_guard lock(mutex_);
  return single_.emplace(components, std::move(samples)).first->second;
}

struct LocalizationNull::PooledNull {
  ComponentLaw law;
  std::vector<double> distances;  // ascending
};

std::shared_ptr<const LocalizationNull::PooledNull> LocalizationNull::pooled(
    const Frame& frame) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = pooled_.find(frame); found != pooled_.end()) return found->second;
  }
  core::Stream stream = core::Stream(null_seed)
                            .child("localization")
                            .child("frame")
                            .child(frame.first)
                            .child(frame.second);
  auto null = std::make_shared<PooledNull>(PooledNull{ComponentLaw(frame.first), {}});
  for (std::size_t r = 0; r < frames_; ++r)
    null->distances.push_back(
        pooled_distance(random_frame(frame.first, frame.second, stream), null->law));
  std::sort(null->distances.begin(), null->distances.end());
  const std::lock_guard lock(mutex_);
  return pooled_.emplace(frame, std::move(null)).first->second;
}

LocalizationPValues LocalizationNull::p_values(const Localization& observed) const {
  const auto samples = single(observed.components);
  const auto p = [&](VectorStatistic statistic) {
    return simulated_p_value((*samples)[static_cast<std::size_t>(statistic)],
                             value(observed, statistic), large_is_localised(statistic));
  };
  LocalizationPValues result;
  result.ratio = p(VectorStatistic::ratio);
  result.scaled_ipr = p(VectorStatistic::scaled_ipr);
  result.shannon_entropy = p(VectorStatistic::shannon_entropy);
  result.histogram_entropy = p(VectorStatistic::histogram_entropy);
  const auto n = static_cast<double>(observed.components);
  result.largest = n >= 20 && n <= 1e6 ? theory::sf(theory::HaarMaximum(n), observed.largest)
                                       : p(VectorStatistic::largest);
  return result;
}

VectorGroupTest LocalizationNull::test(const arma::mat& vectors) const {
  check_size("LocalizationNull", vectors.n_rows);
  if (vectors.n_cols < 1 || vectors.n_cols > vectors.n_rows)
    throw std::domain_error(
        fmt::format("LocalizationNull: vectors = {} (must be from 1 to the {} components)",
                    vectors.n_cols, vectors.n_rows));
  VectorGroupTest result;
  result.vectors = vectors.n_cols;
  const auto n = static_cast<double>(vectors.n_rows), k = static_cast<double>(vectors.n_cols);
  for (arma::uword j = 0; j < vectors.n_cols; ++j)
    result.mean_scaled_ipr += localization(vectors.col(j)).scaled_ipr / k;
  result.ipr_p_value = theory::ipr_mean_sf(n, k, result.mean_scaled_ipr / n);
  const auto null = pooled({vectors.n_rows, vectors.n_cols});
  result.ks = pooled_distance(vectors, null->law);
  result.ks_p_value = simulated_p_value(null->distances, result.ks, true);
  return result;
}

std::vector<double> LocalizationNull::draws(std::size_t components,
                                            VectorStatistic statistic) const {
  return (*single(components))[static_cast<std::size_t>(statistic)];
}

double LocalizationNull::quantile(std::size_t components, VectorStatistic statistic,
                                  double p) const {
  if (!(p > 0 && p < 1))
    throw std::domain_error(fmt::format("quantile: p = {} (must be above 0 and below 1)", p));
  const auto samples = single(components);
  const auto& ascending = (*samples)[static_cast<std::size_t>(statistic)];
  const auto count = static_cast<double>(ascending.size());
  const double rank = std::clamp(std::round(p * (count + 1)), 1.0, count);
  return ascending[static_cast<std::size_t>(rank) - 1];
}

double porter_thomas_distance(const arma::mat& vectors) {
  check_size("porter_thomas_distance", vectors.n_rows);
  for (arma::uword j = 0; j < vectors.n_cols; ++j) checked_length(vectors.col(j));
  return pooled_distance(vectors, ComponentLaw(vectors.n_rows));
}

}  // namespace rmtlab::spectra

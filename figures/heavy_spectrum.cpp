// SPDX-License-Identifier: MIT
#include "figures/heavy_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <boost/math/special_functions/gamma.hpp>

#include "theory/heavy_tailed_mp.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/spiked.hpp"

namespace rmtlab::figures {
namespace {

std::vector<double> pooled(const std::vector<std::vector<double>>& spectra) {
  std::vector<double> all;
  for (const auto& spectrum : spectra) all.insert(all.end(), spectrum.begin(), spectrum.end());
  return all;
}

void add_bin(Histogram& h, double center, double width, std::size_t count, std::size_t total) {
  if (count == 0) return;
  const auto k = static_cast<double>(count);
  const double unit = 1 / (width * static_cast<double>(total));
  h.center.push_back(center);
  h.density.push_back(k * unit);
  h.low.push_back(boost::math::gamma_p_inv(k, 0.025) * unit);
  h.high.push_back(boost::math::gamma_q_inv(k + 1, 0.025) * unit);
}

}  // namespace

Histogram log_histogram(const std::vector<std::vector<double>>& spectra, double bins_per_decade) {
  const auto all = pooled(spectra);
  double start = std::numeric_limits<double>::infinity(), end = 0;
  for (const double x : all) {
    if (x > 0) start = std::min(start, x);
    end = std::max(end, x);
  }
  if (!(end > 0)) throw std::invalid_argument("log_histogram: no positive eigenvalue");
  const auto bin = [&](double x) {
    return static_cast<std::size_t>(std::log10(x / start) * bins_per_decade);
  };
  std::vector<std::size_t> counts(bin(end) + 1, 0);
  for (const double x : all)
    if (x > 0) ++counts[bin(x)];
  Histogram h;
  const double factor = std::pow(10, 1 / bins_per_decade);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double left = start * std::pow(factor, static_cast<double>(i));
    add_bin(h, left * std::sqrt(factor), left * (factor - 1), counts[i], all.size());
  }
  return h;
}

Histogram linear_histogram(const std::vector<std::vector<double>>& spectra, double end,
                           std::size_t bins) {
  const auto all = pooled(spectra);
  const double width = end / static_cast<double>(bins);
  std::vector<std::size_t> counts(bins, 0);
  for (const double x : all)
    if (x >= 0 && x < end) ++counts[std::min(bins - 1, static_cast<std::size_t>(x / width))];
  Histogram h;
  for (std::size_t i = 0; i < bins; ++i)
    add_bin(h, (static_cast<double>(i) + 0.5) * width, width, counts[i], all.size());
  return h;
}

Survival survival(std::vector<double> eigenvalues) {
  std::sort(eigenvalues.begin(), eigenvalues.end());
  Survival s;
  const auto n = static_cast<double>(eigenvalues.size());
  for (std::size_t i = 0; i < eigenvalues.size(); ++i) {
    if (!(eigenvalues[i] > 0)) continue;
    s.x.push_back(eigenvalues[i]);
    s.share.push_back((n - static_cast<double>(i)) / n);
  }
  return s;
}

double LomaxMatrix::mean() const { return symmetrised ? 0 : 1 / (mu - 1); }

double LomaxMatrix::variance() const {
  const double second = 2 / ((mu - 1) * (mu - 2));  // moment about 0, the same with signs
  return second - mean() * mean();
}

LawCurve limit_curve(const LomaxMatrix& matrix, double lowest, double highest) {
  LawCurve curve;
  const double q = matrix.rows / matrix.cols;
  constexpr int points = 400;
  if (matrix.mu < 2) {
    curve.name = "heavy-tailed limit";
    const theory::HeavyTailedMp law(matrix.mu, q);
    const double level = std::pow(matrix.rows, 1 / matrix.mu) - 1;  // a_N
    const double unit = level * level / matrix.rows;
    for (int i = 0; i <= points; ++i) {
      const double x = lowest * std::pow(highest / lowest, static_cast<double>(i) / points);
      curve.x.push_back(x);
      curve.density.push_back(pdf(law, x / unit) / unit);
      curve.survival.push_back(sf(law, x / unit));
    }
    return curve;
  }
  curve.name = "Marchenko-Pastur limit";
  const theory::MarchenkoPastur law(q, matrix.variance());
  for (int i = 0; i <= points; ++i) {  // dense near the edges, where the density turns
    const double t = 0.5 - 0.5 * std::cos(std::acos(-1.0) * i / points);
    const double x = law.lower_edge() + t * (law.upper_edge() - law.lower_edge());
    curve.x.push_back(x);
    curve.density.push_back(pdf(law, x));
    curve.survival.push_back(sf(law, x));
  }
  return curve;
}

double mean_outlier(const LomaxMatrix& matrix) {
  // W = noise + mean * (all ones): singular value mean sqrt(N M), strength in units of sigma sqrt N.
  const double strength = matrix.mean() * std::sqrt(matrix.cols / matrix.variance());
  return theory::outlier_location(
      theory::Spike::additive(matrix.rows / matrix.cols, strength, matrix.variance()));
}

}  // namespace rmtlab::figures

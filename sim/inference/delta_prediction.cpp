// SPDX-License-Identifier: MIT
#include "sim/inference/delta_prediction.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>

#include <boost/math/tools/toms748_solve.hpp>
#include <fmt/format.h>

#include "sim/spectra/singular_vectors.hpp"
#include "sim/spectra/spectrum.hpp"
#include "theory/domain_check.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/phase.hpp"
#include "theory/spiked.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::inference {
namespace {

namespace definition = theory::phase_definition;

constexpr std::size_t smallest_tested_cols = 10;  // below, the law of the trace ratio is not one

// phi of the header and its derivative; `w` are the squared singular values of Delta over N, ascending.
class SignalMap {
public:
  SignalMap(const arma::vec& w, double aspect_ratio, double variance)
      : others_(w.head(w.n_elem - 1)), c_(1 / aspect_ratio), variance_(variance) {}

  [[nodiscard]] double value(double w) const {
    const double u = 1 + weight() * arma::accu(1 / (w - others_));
    return w * u * u + (1 - c_) * variance_ * u;
  }

  [[nodiscard]] double slope(double w) const {
    const double u = 1 + weight() * arma::accu(1 / (w - others_));
    const double du = -weight() * arma::accu(1 / arma::square(w - others_));
    return u * u + (2 * w * u + (1 - c_) * variance_) * du;
  }

  // w_+, where the slope changes sign: it falls to minus infinity at the second largest w.
  [[nodiscard]] double critical() const {
    const double start = others_.back();
    const double nearest = 4 * std::numeric_limits<double>::epsilon() * start;
    double high = std::max(std::sqrt(c_) * variance_, nearest);
    while (slope(start + high) < 0) high *= 2;
    double low = high;
    while (low > nearest && slope(start + low) >= 0) low /= 2;
    if (low <= nearest) return start + nearest;  // so little noise that everything stands alone
    std::uintmax_t iterations = 100;
    const auto [a, b] = boost::math::tools::toms748_solve(
        [&](double x) { return slope(start + x); }, low, high,
        boost::math::tools::eps_tolerance<double>(40), iterations);
    return start + (a + b) / 2;
  }

private:
  [[nodiscard]] double weight() const {
    return c_ * variance_ / static_cast<double>(others_.n_elem);
  }

  arma::vec others_;
  double c_, variance_;
};

double noise_p_value(const spectra::Spectrum& delta) {
  const double mean = arma::mean(delta.eigenvalues);
  if (!(mean > 0)) return 1;
  if (delta.cols < smallest_tested_cols) return 0;
  const auto n = static_cast<double>(delta.rows), m = static_cast<double>(delta.cols);
  const double z = edge_z(theory::upper_edge_scaling(n, m, mean), delta.eigenvalues.back());
  return sf(theory::TraceRatioEdge(n, m), z);
}

std::optional<DeltaLabel> label_of(const DeltaPrediction& p) {
  if (p.outlier_count == 0) return DeltaLabel::random_like;
  if (p.window < definition::undecidable_window) return std::nullopt;
  const auto cols = static_cast<double>(p.singular_values.n_elem);
  if (static_cast<double>(p.outlier_count) >= theory::phase_definition::extensive_share * cols)
    return DeltaLabel::extensive;
  return p.outlier_ratio < definition::spikes_ratio ? DeltaLabel::bleeding_out
                                                    : DeltaLabel::bulk_plus_spikes;
}

// Everything that follows from the spectrum of Delta and the variance of the noise.
void predict(DeltaPrediction& p, const spectra::Spectrum& delta) {
  const double q = delta.aspect_ratio();
  const arma::vec& w = delta.eigenvalues;
  const double strongest = w.back() / p.variance, critical = theory::bbp_threshold(q);
  const auto spike = theory::Spike::additive(q, std::sqrt(strongest), p.variance);
  p.singular_values = arma::sqrt(static_cast<double>(delta.rows) * w);
  p.noise_p_value = noise_p_value(delta);
  p.strength = strongest / critical;
  p.window = theory::critical_window(spike, static_cast<double>(delta.cols));
  if (p.noise_p_value < delta_noise_level) {
    p.outlier_count = arma::accu(w > critical * p.variance);
    p.lambda_max = theory::outlier_location(spike);
    p.outlier_ratio = p.lambda_max / theory::MarchenkoPastur(q, p.variance).upper_edge();
  } else {
    p.lambda_max = theory::MarchenkoPastur(q, p.variance + arma::mean(w)).upper_edge();
  }
  const SignalMap phi(w, q, p.variance);
  p.dressed_lambda_max = phi.value(std::max(w.back(), phi.critical()));
  p.label = label_of(p);
}

// How many pairs of Delta are looked at together: those that show, as long as they are few.
arma::uword pair_count(const DeltaPrediction& p) {
  const auto cols = static_cast<double>(p.singular_values.n_elem);
  const auto few = static_cast<std::size_t>(std::ceil(definition::extensive_share * cols));
  return std::clamp<std::size_t>(p.outlier_count, 1, few);
}

// The strongest pairs of Delta, and what the noise has in their span.
void align(DeltaPrediction& p, const arma::mat& delta, const arma::mat& noise, double rows,
           double aspect_ratio) {
  p.aligned_lambda_max = p.lambda_max;
  const double strongest = p.singular_values.back();
  if (!(strongest > 0)) return;
  const auto pairs = spectra::top_singular_vectors(delta, pair_count(p));
  const arma::mat image =
      pairs.transposed ? arma::mat(noise.t() * pairs.right) : arma::mat(noise * pairs.right);
  arma::mat signal = pairs.left.t() * image;
  p.alignment = signal(signal.n_rows - 1, signal.n_cols - 1) / strongest;
  if (p.noise_p_value >= delta_noise_level) return;
  signal.diag() += p.singular_values.tail(signal.n_rows);
  const double aligned = arma::norm(signal, 2);
  const double excess = aligned * aligned / (rows * p.variance);
  p.aligned_lambda_max = excess > theory::bbp_threshold(aspect_ratio)
                             ? theory::outlier_location(theory::Spike::additive(
                                   aspect_ratio, std::sqrt(excess), p.variance))
                             : theory::MarchenkoPastur(aspect_ratio, p.variance).upper_edge();
}

}  // namespace

std::string_view name(DeltaLabel label) {
  switch (label) {
    case DeltaLabel::random_like:
      return theory::name(theory::Phase::random_like);
    case DeltaLabel::bleeding_out:
      return theory::name(theory::Phase::bleeding_out);
    case DeltaLabel::bulk_plus_spikes:
      return theory::name(theory::Phase::bulk_plus_spikes);
    case DeltaLabel::extensive:
      break;
  }
  return "extensive";
}

DeltaPrediction predict_from_delta(const arma::mat& W, const arma::mat& W_0, double initial_share,
                                   double entry_variance) {
  if (W.n_rows != W_0.n_rows || W.n_cols != W_0.n_cols || std::min(W.n_rows, W.n_cols) < 2)
    throw std::invalid_argument(
        fmt::format("predict_from_delta: W is {} x {} and W_0 {} x {} (must be of one shape, with "
                    "at least 2 rows and columns)",
                    W.n_rows, W.n_cols, W_0.n_rows, W_0.n_cols));
  theory::check_positive("predict_from_delta", "entry_variance", entry_variance);
  DeltaPrediction p;
  p.variance = initial_share * initial_share * entry_variance;
  if (!(p.variance > smallest_delta_variance && std::isfinite(p.variance)))
    theory::throw_domain_error("predict_from_delta", "a^2 entry_variance", p.variance,
                               fmt::format("finite and > {}", smallest_delta_variance));
  const arma::mat noise = initial_share * W_0, delta = W - noise;
  const double noise_norm = arma::norm(noise, "fro");
  p.mean_square = noise_norm * noise_norm / static_cast<double>(noise.n_elem);
  p.norm_ratio = arma::norm(delta, "fro") / noise_norm;
  const spectra::Spectrum spectrum = spectra::spectrum_of(delta);
  predict(p, spectrum);
  align(p, delta, noise, static_cast<double>(spectrum.rows), spectrum.aspect_ratio());
  return p;
}

}  // namespace rmtlab::inference

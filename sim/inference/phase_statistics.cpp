// SPDX-License-Identifier: MIT
#include "sim/inference/phase_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "sim/inference/attempt.hpp"
#include "sim/inference/collapse.hpp"
#include "sim/spectra/metrics.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/named_parameters.hpp"
#include "theory/phase.hpp"

namespace rmtlab::inference {
namespace {

constexpr double most_evidence = 6;
constexpr double widest_spread = 3;

constexpr std::array<PhaseStatistic, phase_statistic_count> list{{
    {"collapse_depth",
     "log10 of the lower fifth's quantile over 1e-3 of the mean of all but the largest, entries "
     "clipped, from -3 to 3"},
    {"cvm_evidence", "evidence against noise: Cramer-von Mises test of the bulk"},
    {"effective_evidence",
     "evidence against noise of any N: Chebyshev test of the bulk with N fitted"},
    {"no_effective_rows", "1 if no N makes the bulk's width that of noise"},
    {"outlier_fraction", "share of the eigenvalues above the bulk, at most 1/2"},
    {"log_outliers", "ln(1 + number of eigenvalues above the bulk), at most that of 64"},
    {"outlier_spread", "with three outliers or more: ln(lambda_1 / lambda_3), at most 3"},
    {"edge_evidence", "evidence against noise: largest eigenvalue at the edge"},
    {"stretch_02", "narrowness at 2 %: less the stretch there, so positive where wider than noise"},
    {"stretch_10", "the same at 10 %"},
    {"stretch_20", "the same at 20 %"},
    {"stretch_80", "stretch at 80 %"},
    {"stretch_top", "stretch of the largest eigenvalue against lambda_plus"},
    {"log_participation", "ln of (sum lambda)^2 / (M sum lambda^2)"},
    {"matrix_entropy", "matrix entropy"},
    {"ks_all", "KS distance of the whole spectrum to noise of the mean eigenvalue"},
    {"tail_fraction", "share of the eigenvalues in the power-law fit's tail"},
    {"log_ratio", "10 ln of (lambda_max / lambda_plus) / 1.5, from -5 to 5"},
    {"scaled_log_ratio", "sqrt(M) times ln of the same, which is cut at -0.4 and 0.4"},
    {"log_cols", "ln M - 5"},
    {"log_aspect_ratio", "ln Q"},
}};

double evidence(double p_value) {
  return std::clamp(-std::log10(std::max(p_value, 1e-300)), 0.0, most_evidence);
}

// ln of the eigenvalues, those below 1e-12 of the mean counting as that.
class LogSpectrum {
public:
  LogSpectrum(const arma::vec& ascending, double aspect_ratio)
      : logs_(arma::log(arma::clamp(ascending, 1e-12 * arma::mean(ascending), arma::datum::inf))),
        law_(aspect_ratio, 1.0) {
    shift_ = quantile_at(0.5) - law_quantile(0.5);
  }

  [[nodiscard]] double stretch(double p) const { return quantile_at(p) - shift_ - law_quantile(p); }
  [[nodiscard]] double top_stretch() const {
    return logs_.back() - shift_ - std::log(law_.upper_edge());
  }

private:
  [[nodiscard]] double quantile_at(double p) const {
    const auto m = static_cast<double>(logs_.n_elem);
    const double place = std::clamp(p * m - 0.5, 0.0, m - 1);
    const auto below = static_cast<arma::uword>(place);
    const double rest = place - static_cast<double>(below);
    return rest == 0 ? logs_[below] : (1 - rest) * logs_[below] + rest * logs_[below + 1];
  }
  [[nodiscard]] double law_quantile(double p) const { return std::log(theory::quantile(law_, p)); }

  arma::vec logs_;
  theory::MarchenkoPastur law_;
  double shift_ = 0;  // that makes the medians agree
};

// Writes values by name, so that the order of the list is stated once.
class Values {
public:
  void set(std::string_view name, double value) {
    values_[phase_statistic_index(name)] = std::isfinite(value) ? value : 0;
  }
  [[nodiscard]] const std::array<double, phase_statistic_count>& all() const { return values_; }

private:
  std::array<double, phase_statistic_count> values_{};
};

void add_bulk(Values& values, const PhaseInput& input, double lambda_plus) {
  const arma::vec& x = input.eigenvalues;
  const arma::uword m = x.n_elem;
  const auto& fit = input.marchenko_pastur;
  const auto effective = attempt([&] {
    MarchenkoPasturOptions options;
    options.excess_kurtosis = input.excess_kurtosis;
    options.effective_aspect_ratio = true;
    return fit_marchenko_pastur(x, input.rows, m, options);
  });
  const auto test = [](const MarchenkoPasturFit& f, BulkTest which) {
    return evidence(f.tests[static_cast<std::size_t>(which)].p_value);
  };
  values.set("cvm_evidence", fit ? test(*fit, BulkTest::cramer_von_mises) : most_evidence);
  values.set("effective_evidence",
             effective ? test(*effective, BulkTest::chebyshev) : most_evidence);
  values.set("no_effective_rows", effective ? 0 : 1);
  const double outliers = fit ? static_cast<double>(fit->outliers.size()) : static_cast<double>(m);
  values.set("outlier_fraction", std::min(outliers / static_cast<double>(m), 0.5));
  values.set("log_outliers", std::log1p(std::min(outliers, 64.0)));
  if (outliers >= 3)
    values.set(
        "outlier_spread",
        std::clamp(std::log(x[m - 1] / std::max(x[m - 3], 0.3 * lambda_plus)), 0.0, widest_spread));
  values.set("edge_evidence", fit ? evidence(fit->edge_p_value) : most_evidence);
  values.set("ks_all", fit ? fit->ks_all : distance_to_random(x, input.rows));
}

void add_shape(Values& values, const arma::vec& x, double aspect_ratio) {
  const LogSpectrum spectrum(x, aspect_ratio);
  const auto cut = [](double stretch) { return std::clamp(stretch, -3.0, 6.0); };
  values.set("stretch_02", cut(-spectrum.stretch(0.02)));
  values.set("stretch_10", cut(-spectrum.stretch(0.1)));
  values.set("stretch_20", cut(-spectrum.stretch(0.2)));
  values.set("stretch_80", cut(spectrum.stretch(0.8)));
  values.set("stretch_top", cut(spectrum.top_stretch()));
  const arma::vec relative = x / x.back();  // no overflow of squares
  values.set("log_participation",
             std::log(std::pow(arma::accu(relative), 2) / arma::dot(relative, relative) /
                      static_cast<double>(x.n_elem)));
  values.set("matrix_entropy", spectra::matrix_entropy(x));
}

}  // namespace

std::span<const PhaseStatistic, phase_statistic_count> phase_statistic_list() { return list; }

std::size_t phase_statistic_index(std::string_view name) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].name == name) return i;
    names.push_back(list[i].name);
  }
  throw std::domain_error(
      fmt::format("phase statistic: name = {} (must be {})", name, theory::one_of(name, names)));
}

std::array<double, phase_statistic_count> phase_statistics(const PhaseInput& input) {
  const arma::vec& x = input.eigenvalues;
  const arma::uword m = x.n_elem;
  if (m < 10 || input.rows < m || !(x.back() > 0))
    throw std::domain_error(
        fmt::format("phase_statistics: {} eigenvalues of {} rows (must be at least 10, not all "
                    "zero, and no more than rows)",
                    m, input.rows));
  const double q = static_cast<double>(input.rows) / static_cast<double>(m);
  const double lambda_plus = input.marchenko_pastur
                                 ? input.marchenko_pastur->lambda_plus
                                 : arma::mean(x) * std::pow(1 + 1 / std::sqrt(q), 2);
  Values values;
  values.set("collapse_depth",
             collapse_depth(input.clipped_eigenvalues ? *input.clipped_eigenvalues : x));
  add_bulk(values, input, lambda_plus);
  add_shape(values, x, q);
  const auto& tail = input.power_law;
  values.set("tail_fraction",
             tail ? static_cast<double>(tail->n_tail) / static_cast<double>(m) : 0);
  const double ratio = std::log(x.back() / lambda_plus / theory::phase_definition::spikes_ratio);
  values.set("log_ratio", std::clamp(10 * ratio, -5.0, 5.0));
  values.set("scaled_log_ratio", std::clamp(ratio, -0.4, 0.4) * std::sqrt(static_cast<double>(m)));
  values.set("log_cols", std::log(static_cast<double>(m)) - 5);
  values.set("log_aspect_ratio", std::log(q));
  return values.all();
}

}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
/// \file
/// \brief Spectra of Lomax entries on logarithmic axes, with the law that theory has for them.
#pragma once

#include <string>
#include <vector>

namespace rmtlab::figures {

/// Density of pooled eigenvalues per unit of lambda. Empty bins are left out.
///
/// The intervals are exact 95 % intervals of a Poisson mean for the count of a bin: right for outliers
/// and for the tail of a heavy-tailed spectrum, too wide in a bulk, where eigenvalues repel.
struct Histogram {
  std::vector<double> center, density, low, high;
};

/// Bins of equal width in log lambda over the positive eigenvalues, centers geometric; normalised by
/// all eigenvalues.
/// \param spectra one vector of eigenvalues per matrix
/// \throws std::invalid_argument without a positive eigenvalue.
Histogram log_histogram(const std::vector<std::vector<double>>& spectra, double bins_per_decade);

/// `bins` bins of equal width from 0 to `end`, normalised by all eigenvalues.
Histogram linear_histogram(const std::vector<std::vector<double>>& spectra, double end,
                           std::size_t bins);

/// Share of eigenvalues at or above each one, ascending.
struct Survival {
  std::vector<double> x, share;
};
Survival survival(std::vector<double> eigenvalues);

/// N x M matrices of independent entries with P(|w| > u) = (1 + u)^-mu, divided by nothing.
struct LomaxMatrix {
  double mu = 3, rows = 1, cols = 1;
  bool symmetrised = true;  ///< a random sign; else all entries are positive

  [[nodiscard]] double mean() const;      ///< 1/(mu - 1) if positive, 0 if symmetrised; mu > 1
  [[nodiscard]] double variance() const;  ///< of the entries about their mean; mu > 2
};

/// A law of eigenvalues of W^T W / N as a curve.
struct LawCurve {
  std::string name;
  std::vector<double> x, density, survival;
};

/// Limit of the spectrum: heavy-tailed for mu < 2, where lambda is a_N^2/N times a variate and
/// a_N = N^(1/mu) - 1; Marchenko-Pastur with the true variance for mu > 2. A mean changes neither, only
/// one eigenvalue.
/// \param lowest, highest where a law without edges is drawn
/// \throws std::domain_error at mu = 2 and where theory has no law.
LawCurve limit_curve(const LomaxMatrix& matrix, double lowest, double highest);

/// Where the mean of positive entries puts its eigenvalue, for mu > 2.
double mean_outlier(const LomaxMatrix& matrix);

}  // namespace rmtlab::figures

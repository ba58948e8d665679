// SPDX-License-Identifier: MIT
/// \file
/// \brief A mean of the entries that is not zero: the spike nobody meant to plant.
#pragma once

#include <cstddef>

#include <armadillo>

#include "theory/spiked.hpp"

namespace rmtlab::ensembles {

/// `noise` + `mean` in every entry.
/// \throws std::domain_error unless mean is finite.
arma::mat with_mean(arma::mat noise, double mean);

/**
 * \brief The additive spike that a mean \f$m\f$ of all entries is: \f$m\,\mathbf 1\mathbf 1^{\mathsf T}\f$
 * has the one singular value \f$|m|\sqrt{NM}\f$, so \f$h=S^2=m^2M/\sigma^2\f$ with the constant vectors.
 *
 * At a fixed mean the outlier grows with the matrix, \f$\lambda\to\sigma^2(1+h)(1+1/(Qh))\f$; it shows
 * iff \f$m^2>\sigma^2/\sqrt{NM}\f$. Raw Pareto or Lomax entries have it.
 *
 * \param variance \f$\sigma^2\f$ of the entries about their mean
 * \throws std::domain_error unless rows, cols >= 1, mean is finite and variance is finite and > 0.
 */
theory::Spike mean_outlier(std::size_t rows, std::size_t cols, double mean, double variance);

}  // namespace rmtlab::ensembles

// SPDX-License-Identifier: MIT
/// \file
/// \brief Many tests at once: p-values adjusted for the false discovery rate.
#pragma once

#include <span>
#include <vector>

namespace rmtlab::inference {

/**
 * \brief Benjamini and Hochberg's adjusted p-values.
 *
 * With the m p-values in ascending order \f$p_{(1)}\le\dots\le p_{(m)}\f$,
 * \f[ \tilde p_{(i)}=\min\Bigl(1,\ \min_{j\ge i}\frac mj\,p_{(j)}\Bigr). \f]
 * Rejecting where \f$\tilde p\le q\f$ keeps the expected share of false ones among the rejections (0 if
 * nothing is rejected) at most \f$q\,m_0/m\f$, with equality for independent tests of continuous p-values,
 * \f$m_0\f$ the number of true hypotheses; also under positive regression dependence.
 *
 * The result is in the order given. A NaN is a test that was not made: it stays NaN and does not count in
 * m. A p-value of 0 (underflow) stays 0.
 *
 * Exact up to two roundings of the quotient.
 *
 * \throws std::domain_error naming the first p-value outside [0, 1].
 * \cite BenjaminiHochberg1995
 */
std::vector<double> benjamini_hochberg(std::span<const double> p_values);

/**
 * \brief Benjamini and Yekutieli's adjusted p-values: those of `benjamini_hochberg` times
 * \f$1+\frac12+\dots+\frac1m\f$ before the cut at 1, valid under any dependence.
 *
 * The layers of one network are trained together and nobody has shown their tests to depend positively;
 * this is what remains certain then, at the price of a factor \f$\ln m+0.58\f$.
 *
 * \throws std::domain_error as `benjamini_hochberg`.
 * \cite BenjaminiYekutieli2001
 */
std::vector<double> benjamini_yekutieli(std::span<const double> p_values);

}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
/// \file
/// \brief Long-range level statistics: number variance and spectral rigidity.
///
/// Lengths are in mean spacings of unfolded levels, and N(L) is the number of levels in an interval of
/// length L in the bulk of a large matrix. The Dyson index is 1, 2, 4 for GOE, GUE, GSE, and 0 for
/// independent levels (Poisson). These are functions of a length, not laws of a random variable, so
/// they have no row in the catalogue of laws.
///
/// \cite Mehta2004 chapters 6, 7, 16; \cite BrodyEtAl1981.
#pragma once

namespace rmtlab::theory {

/**
 * \brief Two-level cluster function \f$Y_2(r)\f$: 1 minus the density of pairs at distance r.
 *
 * With \f$s(r)=\sin(\pi r)/(\pi r)\f$,
 * \f[
 *   Y_2=0,\qquad s(r)^2+s'(r)\int_r^\infty s,\qquad s(r)^2,\qquad
 *   s(2r)^2-\frac{d\,s(2r)}{dr}\int_0^rs(2t)\,dt\qquad(\beta=0,1,2,4).
 * \f]
 * Even in r; 1 at r = 0 for \f$\beta\ge1\f$; \f$\int Y_2=1\f$ over the line (no fluctuation of infinite
 * length). Absolute error below 4 eps.
 * \throws std::domain_error unless dyson_index is 0, 1, 2 or 4 and r is finite.
 */
double two_level_cluster(int dyson_index, double r);

/**
 * \brief Number variance \f$\Sigma^2(L)=\operatorname{Var}N(L)=L-2\int_0^L(L-r)Y_2(r)\,dr\f$.
 *
 * In closed form, with \f$x=2\pi L\f$ and the functions of sine_integral.hpp,
 * \f[
 *   \Sigma^2_0=L,\quad
 *   \Sigma^2_2=\frac{\operatorname{Cin}(x)+1-\cos x}{\pi^2}+L\Bigl(1-\frac2\pi\operatorname{Si}(x)\Bigr),
 * \f]
 * \f[
 *   \Sigma^2_1(L)=2\Sigma^2_2(L)+\Bigl(\frac{\operatorname{Si}(\pi L)}\pi\Bigr)^2
 *     -\frac{\operatorname{Si}(\pi L)}\pi,\qquad
 *   \Sigma^2_4(L)=\tfrac12\Sigma^2_2(2L)+\Bigl(\frac{\operatorname{Si}(2\pi L)}{2\pi}\Bigr)^2 .
 * \f]
 * \f$\Sigma^2=L-L^2+\dots\f$ for small L and \f$\beta\ge1\f$. For large L the two terms that grow like L
 * are combined before they cancel. Relative error below 1e-14 for every L up to 1e12 ([accuracy]); about
 * 1 microsecond.
 * \throws std::domain_error unless dyson_index is 0, 1, 2 or 4 and length is finite and >= 0.
 */
double number_variance(int dyson_index, double length);

/// The number variance of long intervals,
/// \f[ \frac2{\beta\pi^2}\bigl(\log(2\pi L)+\gamma+1+c_\beta\bigr),\qquad
///     c_1=-\frac{\pi^2}8,\quad c_2=0,\quad c_4=\log2+\frac{\pi^2}8, \f]
/// and L for \f$\beta=0\f$. What is left out falls like \f$L^{-2}\f$ for GOE and GUE, and like
/// \f$-\cos(2\pi L)/(8\pi^2L)\f$ for GSE, whose levels keep a trace of a lattice.
/// \throws std::domain_error unless dyson_index is 0, 1, 2 or 4 and length is finite and > 0.
double number_variance_asymptotic(int dyson_index, double length);

/**
 * \brief Spectral rigidity \f$\Delta_3(L)\f$: the mean square distance of the staircase of levels from
 * its best straight line on an interval of length L,
 * \f[ \Delta_3(L)=\frac2{L^4}\int_0^L(L^3-2L^2r+r^3)\,\Sigma^2(r)\,dr . \f]
 *
 * \f$L/15\f$ for \f$\beta=0\f$, and for every \f$\beta\f$ to first order in small L. Gauss-Legendre on
 * panels of at most one spacing: relative error below 1e-13 ([accuracy]); the time grows with L, about
 * 20 microseconds a spacing.
 * \throws std::domain_error unless dyson_index is 0, 1, 2 or 4 and length is finite, >= 0 and <= 1e5.
 */
double spectral_rigidity(int dyson_index, double length);

/// The rigidity of long intervals, half of `number_variance_asymptotic` with \f$-\frac54\f$ in place of
/// +1: \f$\frac1{\beta\pi^2}\bigl(\log(2\pi L)+\gamma-\frac54+c_\beta\bigr)\f$; \f$L/15\f$ for
/// \f$\beta=0\f$. What is left out is \f$1/(\pi^2L)\f$ for GOE, \f$-1/(8\pi^2L)\f$ for GSE, and of order
/// \f$L^{-2}\f$ for GUE.
/// \throws std::domain_error unless dyson_index is 0, 1, 2 or 4 and length is finite and > 0.
double spectral_rigidity_asymptotic(int dyson_index, double length);

}  // namespace rmtlab::theory

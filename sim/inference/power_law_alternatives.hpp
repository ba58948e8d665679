// SPDX-License-Identifier: MIT
/// \file
/// \brief Other laws for the tail of a power-law fit, compared by likelihood.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/inference/power_law.hpp"

namespace rmtlab::inference {

/// How likelihoods are compared.
enum class LikelihoodTest {
  vuong,            ///< neither law contains the other: Z against a normal law, two-sided
  half_chi_square,  ///< the alternative contains the power law at the end of its parameter space
};

/**
 * \brief A law fitted to the same tail, and its likelihood against the power law's.
 *
 * With \f$d_i=\ln p_{\text{power law}}(x_i)-\ln p_{\text{alternative}}(x_i)\f$ over the m values of
 * the tail, \f$R=\sum d_i\f$, s their standard deviation (divisor m) and \f$Z=R/(\sqrt m\,s)\f$.
 * Positive means the power law fits better.
 *
 * Lognormal, stretched exponential and truncated power law contain the power law as a limit of their
 * parameters. Then R <= 0 always, and if the power law is true, -2R is half of the time 0 and half of
 * the time chi-squared with one degree of freedom (\cite SelfLiang1987 case 5; \cite Chernoff1954):
 * \f$p=\frac12 P(\chi^2_1>-2R)\f$, and 1 where R = 0. Vuong's test is not valid there; Clauset,
 * Shalizi and Newman use it for the first two and twice our p for the third. Under the power law
 * Vuong prefers the lognormal in 0.1 to 0.5 % of samples where 5 % are meant, which costs power.
 */
struct Alternative {
  std::string name;                          ///< as on the command line and in records
  std::map<std::string, double> parameters;  ///< by name
  double log_likelihood;                     ///< of the alternative, natural logarithm
  double ratio;                              ///< R
  double ratio_normalised;                   ///< Z; 0 where R = 0 for every value
  double p_value;                            ///< by `test`; small: the better law is really better
  double p_value_vuong;                      ///< erfc(abs(Z) / sqrt 2)
  LikelihoodTest test;
  bool is_power_law;  ///< the greatest likelihood is met by the power law itself: R = 0 exactly
};

/**
 * \brief Exponential law beyond xmin, \f$p(x)=\kappa\,e^{-\kappa(x-x_{\min})}\f$.
 *
 * The maximum is \f$\kappa=1/(\bar x-x_{\min})\f$; parameter `rate`, in the inverse unit of the
 * data. Compared by Vuong's test.
 *
 * \param sample the data that were fitted; \param fit their power-law fit, by search or at a given
 *   xmin.
 * \throws std::invalid_argument if `fit` is not a fit of `sample` (its n_tail differs).
 * \throws std::domain_error for a sample that fit_power_law refuses, for a fit cut off at xmax (the
 *   alternatives have no end), or a scale of the data at which the rate overflows.
 * \cite Vuong1989; \cite Clauset2009 section 5 and appendix C.
 */
Alternative exponential_alternative(const CountedValues& sample, const PowerLawFit& fit);

/**
 * \brief Lognormal law cut off below xmin: \f$y=\ln(x/x_{\min})\f$ is normal with mean m and
 * standard deviation s, given y >= 0.
 *
 * With \f$z=-m/s\f$ and \f$h(z)=\varphi(z)/Q(z)-z\f$ (Mills' ratio), \f$s=\bar y/h\f$ and z is the
 * one root of \f$(1-zh-h^2)/h^2=\overline{(y-\bar y)^2}/\bar y^2\f$, whose left side increases from 0
 * to 1. At a coefficient of variation >= 1 the maximum is the limit z -> infinity, a power law.
 * Parameters `mu` = ln xmin + m and `sigma` = s of ln x; mu = -inf, sigma = inf in the limit.
 *
 * Errors as exponential_alternative, but for the rate.
 */
Alternative lognormal_alternative(const CountedValues& sample, const PowerLawFit& fit);

/**
 * \brief Stretched exponential (Weibull) law beyond xmin, with survival function
 * \f$\exp\left((\text{rate}\,x_{\min})^\beta-(\text{rate}\,x)^\beta\right)\f$.
 *
 * In y = ln(x / xmin) it is Gompertz' law \f$c\,e^{by-(c/b)(e^{by}-1)}\f$, \f$b=\beta\f$,
 * \f$c=1/\overline{(e^{by}-1)/b}\f$, and b is the one root of the derivative of the profile
 * likelihood. At a coefficient of variation of y >= 1 the maximum is the limit b -> 0, a power law.
 * Parameters `beta`, `log_rate` and, unless it overflows, `rate` (1e214 on a published set); in the
 * limit beta = 0 and log_rate = inf.
 *
 * Errors as exponential_alternative, but for the rate.
 */
Alternative stretched_exponential_alternative(const CountedValues& sample, const PowerLawFit& fit);

/**
 * \brief Power law with exponential cut-off beyond xmin, \f$p(x)\propto x^{-\alpha}e^{-\kappa x}\f$.
 *
 * An exponential family in (ln x, x): its likelihood is concave in \f$\alpha\in\mathbb R\f$ and
 * \f$\kappa\ge0\f$. The maximum is at kappa = 0 if and only if the power-law fit has a finite mean,
 * \f$\alpha>2\f$, and the sample mean of x / xmin is at least it,
 * \f$(\alpha-1)/(\alpha-2)\f$. Parameters `alpha` and `rate` = kappa in the inverse unit of the data.
 *
 * Errors as exponential_alternative.
 */
Alternative truncated_power_law_alternative(const CountedValues& sample, const PowerLawFit& fit);

/**
 * \brief The four, in the order above.
 *
 * Accuracy, measured against 40-digit values on six published data sets
 * (tests/sim/inference/power_law_alternatives_test.cpp, [accuracy]): R within 1e-9 (the digits known)
 * of every alternative; the log-likelihoods and the parameters within 1e-12, relative.
 */
std::vector<Alternative> compare_alternatives(const CountedValues& sample, const PowerLawFit& fit);

/// P(X > x | X >= xmin) under the fitted power law; 1 below xmin, 0 beyond the xmax of a law cut off.
double survival(const PowerLawFit& fit, double x);

/// As above under a fitted alternative of that fit.
/// \throws std::invalid_argument for an alternative of another name.
double survival(const Alternative& alternative, const PowerLawFit& fit, double x);

}  // namespace rmtlab::inference

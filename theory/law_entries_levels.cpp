// SPDX-License-Identifier: MIT
/// \file
/// \brief Catalogue rows of the laws of symmetric matrices: density, levels, eigenvectors.
#include <array>

#include "theory/gap_ratio.hpp"
#include "theory/haar_vector.hpp"
#include "theory/law_entries.hpp"
#include "theory/law_functions.hpp"
#include "theory/porter_thomas.hpp"
#include "theory/semicircle.hpp"
#include "theory/spacing.hpp"
#include "theory/wigner_surmise.hpp"

namespace rmtlab::theory {

namespace {

constexpr std::array semicircle_parameters = {
    ParameterDeclaration{"sigma", "1", "> 0",
                         "standard deviation of the entries; the radius is 2 sigma"},
};

Law make_semicircle(const NamedParameters& parameters) {
  const ParameterReader read("semicircle", parameters);
  Law result = law_with_logarithms(Semicircle(read.positive("sigma")));
  result.skewness = 0;
  result.kurtosis_excess = -1;
  return result;
}

constexpr ParameterDeclaration beta_parameter{"beta", "1", "1, 2 or 4",
                                              "Dyson index: real, complex or quaternion entries"};

int dyson_index(const ParameterReader& read) {
  const double beta = read.number("beta");
  if (beta != 1 && beta != 2 && beta != 4) read.refuse("beta", "1, 2 or 4");
  return static_cast<int>(beta);
}

constexpr std::array beta_parameters = {beta_parameter};

Law make_wigner_surmise(const NamedParameters& parameters) {
  const WignerSurmise law(dyson_index(ParameterReader("wigner-surmise", parameters)));
  Law result = law_with_logarithms(law);
  result.log_sf = [law](double s) { return log_sf(law, s); };
  return result;
}

Law make_spacing(const NamedParameters& parameters) {
  return law_with_logarithms(LevelSpacing(dyson_index(ParameterReader("spacing", parameters))));
}

Law make_gap_ratio(const NamedParameters& parameters) {
  return law_with_logarithms(GapRatio(dyson_index(ParameterReader("gap-ratio", parameters))));
}

constexpr std::array porter_thomas_parameters = {
    ParameterDeclaration{"n", "inf", ">= 2, or inf", "components of the vector; inf is the limit"},
    beta_parameter,
};

Law make_porter_thomas(const NamedParameters& parameters) {
  const ParameterReader read("porter-thomas", parameters);
  const double components = read.size_or_infinite("n");
  if (components < 2) read.refuse("n", ">= 2, or inf");
  const PorterThomas law(components, dyson_index(read));
  Law result = law_with_logarithms(law);
  result.log_sf = [law](double x) { return log_sf(law, x); };
  return result;
}

constexpr std::array haar_maximum_parameters = {
    ParameterDeclaration{"n", "", "from 20 to 1e6", "components of the vector"},
};

Law make_haar_maximum(const NamedParameters& parameters) {
  const ParameterReader read("haar-maximum", parameters);
  const double components = read.number("n");
  if (!(components >= 20 && components <= 1e6)) read.refuse("n", "from 20 to 1e6");
  const HaarMaximum law(components);
  Law result = law_with_logarithms(law);
  result.log_sf = [law](double x) { return log_sf(law, x); };
  return result;
}

}  // namespace

LawEntry wigner_surmise_entry() {
  return {
      "wigner-surmise",
      "Spacing of neighbouring levels in units of the mean, as in a 2 x 2 matrix: a s^beta "
      "exp(-b s^2) with b = (Gamma(beta/2 + 1) / Gamma((beta + 1)/2))^2. An approximation to the "
      "unfolded bulk spacings of large matrices, good to 0.007 in the distribution function.",
      beta_parameters, make_wigner_surmise};
}

LawEntry spacing_entry() {
  return {"spacing",
          "Exact limit of the spacing of neighbouring unfolded levels, mean 1: the second "
          "derivative of the probability E(s) of an empty interval, E = E+, E+ E- at s and (E+ + "
          "E-)/2 at 2 s for beta = 1, 2, 4, with E+- = det(1 - K+-) of the even and odd parts of "
          "the sine kernel.",
          beta_parameters, make_spacing};
}

LawEntry gap_ratio_entry() {
  return {
      "gap-ratio",
      "Ratio r of two consecutive level spacings, as in a 3 x 3 matrix: (r + r^2)^beta / (Z (1 + "
      "r + r^2)^(1 + 3 beta/2)), Z = 8/27, 4 pi/(81 sqrt 3), 4 pi/(729 sqrt 3). The law of 1/r is "
      "the same; min(r, 1/r) has twice this density on (0, 1).",
      beta_parameters, make_gap_ratio};
}

LawEntry porter_thomas_entry() {
  return {
      "porter-thomas",
      "x = n |v_i|^2 for a uniformly random unit vector v of n components: x/n has the Beta law "
      "of parameters beta/2, beta (n - 1)/2; for n = inf, chi^2 with beta degrees of freedom "
      "over beta.",
      porter_thomas_parameters, make_porter_thomas};
}

LawEntry haar_maximum_entry() {
  return {"haar-maximum",
          "x = n max v_i^2 for a uniformly random real unit vector v of n components, exact at "
          "finite n: whether the largest component of a singular vector is too large for noise. "
          "Near 2 ln n.",
          haar_maximum_parameters, make_haar_maximum};
}

LawEntry semicircle_entry() {
  return {"semicircle",
          "Limiting density of the eigenvalues of H / sqrt(N) for a symmetric matrix H of "
          "independent entries of variance sigma^2: sqrt(4 sigma^2 - x^2) / (2 pi sigma^2) on "
          "[-2 sigma, 2 sigma].",
          semicircle_parameters, make_semicircle};
}

}  // namespace rmtlab::theory

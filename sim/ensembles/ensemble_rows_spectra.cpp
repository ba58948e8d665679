// SPDX-License-Identifier: MIT
/// \file
/// \brief Catalogue rows of ensembles that are known by their eigenvalues.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "sim/ensembles/ensemble_rows.hpp"
#include "sim/ensembles/ground_truth.hpp"
#include "sim/ensembles/haar.hpp"
#include "sim/ensembles/laguerre_spectrum.hpp"

namespace rmtlab::ensembles {
namespace {

using theory::NamedParameters;
using theory::ParameterDeclaration;
using theory::ParameterReader;

// A matrix for a spectrum: Haar singular vectors.
auto dressed(decltype(Ensemble::fast_spectrum) spectrum) {
  return [spectrum](std::size_t rows, std::size_t cols, core::Stream& stream) {
    const arma::vec eigenvalues = spectrum(rows, cols, stream);
    return matrix_with_spectrum(rows, eigenvalues, stream);
  };
}

constexpr std::array weak_parameters = {
    ParameterDeclaration{"alpha", "2.5", ">= 1.1", "exponent of the density's tail"},
    ParameterDeclaration{
        "repulsion", "1", ">= 0",
        "c, the repulsion one eigenvalue feels; c = M/2 is an inverse Wishart matrix"},
    ParameterDeclaration{"scale", "1", "> 0", "factor on the eigenvalues"}};

// Frechet's law where the largest eigenvalue lies far enough in the tail: up to this bound the
// Kolmogorov distance stays below about 0.07 (`inverse_laguerre_largest_scale`).
std::optional<LimitLaw> weak_repulsion_largest(const InverseLaguerre& model) {
  constexpr double bound = 1.0 / 8;
  const double level = inverse_laguerre_largest_scale(model);
  const double correction =
      (1 + model.repulsion) * std::pow(model.scale / level, std::min(model.shape, 1.0));
  if (correction > bound) return std::nullopt;
  return LimitLaw{"frechet", {{"shape", fmt::format("{}", model.shape)}}, level};
}

Ensemble make_weak_repulsion(const NamedParameters& parameters) {
  const ParameterReader read("weak-repulsion", parameters);
  InverseLaguerre model;
  model.shape = read.number("alpha") - 1;
  if (!(model.shape >= 0.1)) read.refuse("alpha", ">= 1.1");
  model.repulsion = read.number("repulsion");
  if (model.repulsion < 0) read.refuse("repulsion", ">= 0");
  model.scale = read.positive("scale");
  Ensemble ensemble;
  ensemble.fast_spectrum = [model](std::size_t, std::size_t cols, core::Stream& stream) {
    InverseLaguerre shaped = model;
    shaped.cols = cols;
    return inverse_laguerre_spectrum(shaped, stream);
  };
  ensemble.matrix = dressed(ensemble.fast_spectrum);
  ensemble.truth = [model](std::size_t, std::size_t cols) {
    GroundTruth truth;
    truth.mechanism = Mechanism::weak_repulsion;
    truth.alpha = 1 + model.shape;
    InverseLaguerre shaped = model;
    shaped.cols = cols;
    truth.largest = weak_repulsion_largest(shaped);
    // Beyond the hard edge's lambda^(-3/2) only a share of about 1/c of the eigenvalues is left.
    if (20 * model.repulsion > static_cast<double>(cols)) {
      truth.reason = "too much repulsion: the power law of the tail holds for few eigenvalues";
    } else if (*truth.alpha > theory::phase_definition::largest_alpha ||
               *truth.alpha < theory::phase_definition::smallest_alpha) {
      truth.reason = fmt::format("alpha = {:.3g} lies outside the definition", *truth.alpha);
    } else {
      truth.phase = theory::Phase::heavy_tailed;
      truth.reason = fmt::format("eigenvalues that hardly repel, alpha = {:.3g}", *truth.alpha);
    }
    return truth;
  };
  return ensemble;
}

constexpr std::array laguerre_parameters = {
    ParameterDeclaration{"beta", "1", "> 0", "Dyson index: the repulsion of neighbours"},
    ParameterDeclaration{"sigma2", "1", "> 0", "variance of the entries"}};

Ensemble make_laguerre(const NamedParameters& parameters) {
  const ParameterReader read("laguerre", parameters);
  Laguerre model;
  model.dyson_index = read.positive("beta");
  model.variance = read.positive("sigma2");
  Ensemble ensemble;
  const auto at_shape = [model](std::size_t rows, std::size_t cols) {
    Laguerre shaped = model;
    shaped.rows = static_cast<double>(rows);
    shaped.cols = cols;
    return shaped;
  };
  ensemble.fast_spectrum = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return laguerre_spectrum(at_shape(rows, cols), stream);
  };
  ensemble.fast_largest = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return laguerre_largest(at_shape(rows, cols), stream);
  };
  ensemble.matrix = dressed(ensemble.fast_spectrum);
  ensemble.truth = [model](std::size_t rows, std::size_t cols) {
    GroundTruth truth = noise_truth(rows, cols, model.variance);
    if (model.dyson_index == 1) {
      truth.reason = "the eigenvalues of a Gaussian matrix";
    } else {
      truth.phase.reset();
      truth.reason = "no real matrix of independent entries has this repulsion";
    }
    return truth;
  };
  return ensemble;
}

}  // namespace

std::vector<EnsembleEntry> spectrum_rows() {
  return {
      {"laguerre",
       "Joint density prod |l_i - l_j|^beta prod l^(beta (N - M + 1)/2 - 1) e^(-beta N l / 2 "
       "sigma2), drawn as a bidiagonal matrix in O(M^2); beta = 1 is W^T W / N of a Gaussian W. A "
       "matrix gets Haar singular vectors.",
       laguerre_parameters, make_laguerre},
      {"weak-repulsion",
       "Reciprocals of eigenvalues with joint density prod |l_i - l_j|^(2c/M) prod l^(a - 1) "
       "e^(-l), "
       "a = alpha - 1: a power-law tail because the eigenvalues hardly repel. A matrix gets Haar "
       "singular vectors.",
       weak_parameters, make_weak_repulsion},
  };
}

}  // namespace rmtlab::ensembles

// SPDX-License-Identifier: MIT
/// \file
/// \brief Catalogue rows of matrices whose entries are tied to each other by what a layer is.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "sim/ensembles/ensemble_rows.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/ground_truth.hpp"
#include "sim/ensembles/kernel_blocks.hpp"
#include "sim/ensembles/repeated_rows.hpp"

namespace rmtlab::ensembles {
namespace {

using theory::NamedParameters;
using theory::ParameterDeclaration;
using theory::ParameterReader;
using theory::Phase;
namespace definition = theory::phase_definition;

constexpr std::array kernel_parameters = {
    ParameterDeclaration{"width", "3", "an integer from 1 to 32",
                         "k: a kernel has k x k positions"},
    ParameterDeclaration{"correlation", "0.5", "above -1 and below 1",
                         "rho, of neighbouring positions of one kernel"},
    ParameterDeclaration{"positions", "columns", "columns or rows",
                         "what a position of a kernel is: the other side are the outputs"}};

Ensemble make_kernels(const NamedParameters& parameters) {
  const ParameterReader read("convolution-kernels", parameters);
  KernelBlocks kernel;
  kernel.width = read.count("width");
  if (kernel.width < 1 || kernel.width > 32) read.refuse("width", "an integer from 1 to 32");
  kernel.correlation = read.number("correlation");
  if (!(std::abs(kernel.correlation) < 1)) read.refuse("correlation", "above -1 and below 1");
  const auto axis =
      read.word<UnitAxis>("positions", {{"columns", UnitAxis::columns}, {"rows", UnitAxis::rows}});
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return kernel_matrix(gaussian_matrix(rows, cols, 1, stream), kernel, axis);
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    if (kernel.width == 1 || kernel.correlation == 0) return noise_truth(rows, cols, 1);
    GroundTruth truth;
    truth.mechanism = Mechanism::population;
    const char* reason =
        "neighbours in a kernel resemble each other: an extensive deformation with a "
        "largest level";
    if (axis == UnitAxis::rows) {
      truth.phase = Phase::bulk_decay;
      truth.reason = reason;
      return truth;
    }
    const arma::vec levels = kernel_levels(kernel, cols);
    truth.limit = general_mp_limit(rows, cols, levels);
    set_light_population_phase(truth, rows, cols, levels, reason);
    return truth;
  };
  return ensemble;
}

constexpr std::array repeated_parameters = {
    ParameterDeclaration{"copies", "2", "from 1 to 1e6, rounded to an integer",
                         "r: groups of r neighbouring rows"},
    ParameterDeclaration{"correlation", "1", "from 0 to 1",
                         "c, of the rows of one group; 1: copies of one row"},
    ParameterDeclaration{"sigma2", "1", "> 0", "variance of the entries"}};

// Copies of N/r different rows: noise of another aspect ratio than the shape's.
GroundTruth copies_truth(std::size_t rows, std::size_t cols, const RepeatedRows& model,
                         double variance) {
  const std::size_t different = (rows + model.copies - 1) / model.copies;
  GroundTruth truth = noise_truth(different, cols, variance);
  truth.reason =
      fmt::format("every row occurs {} times: noise with {} rows", model.copies, different);
  if (rows % model.copies > 0) truth.largest.reset();  // the last row counts less than the others
  const double lost = 1 - static_cast<double>(different) / static_cast<double>(cols);
  if (lost >= definition::collapsed_share) {
    truth.mechanism = Mechanism::low_rank;
    truth.phase = Phase::rank_collapse;
    truth.reason = fmt::format("every row occurs {} times: {:.3g} of the directions are lost",
                               model.copies, lost);
  }
  return truth;
}

Ensemble make_repeated_rows(const NamedParameters& parameters) {
  const ParameterReader read("repeated-rows", parameters);
  RepeatedRows model;
  model.copies = static_cast<std::size_t>(std::lround(read.within("copies", 1, 1e6)));
  model.correlation = read.within("correlation", 0, 1);
  const double variance = read.positive("sigma2");
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return repeated_rows_matrix(rows, cols, variance, model, stream);
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    if (model.copies == 1 || model.correlation == 0) return noise_truth(rows, cols, variance);
    if (model.correlation == 1) return copies_truth(rows, cols, model, variance);
    GroundTruth truth;
    truth.mechanism = Mechanism::population;
    truth.phase = Phase::bulk_decay;
    truth.reason = fmt::format(
        "rows correlated in groups of {}: an extensive deformation with two "
        "levels",
        model.copies);
    return truth;
  };
  return ensemble;
}

}  // namespace

std::vector<EnsembleEntry> structure_rows() {
  return {
      {"convolution-kernels",
       "Smooth convolution kernels (output, input, k, k) reshaped to outputs against (input, "
       "position): W = Z (I x S)^(1/2), S_pq = rho^(|x_p - x_q| + |y_p - y_q|).",
       kernel_parameters, make_kernels},
      {"repeated-rows",
       "Groups of r rows that share a part: w = sqrt(c) u + sqrt(1 - c) z. At c = 1 every row "
       "occurs "
       "r times, and W^T W / N is that of noise whose aspect ratio is Q/r, not Q.",
       repeated_parameters, make_repeated_rows},
  };
}

}  // namespace rmtlab::ensembles

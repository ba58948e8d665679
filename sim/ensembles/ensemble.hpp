// SPDX-License-Identifier: MIT
/// \file
/// \brief A generator of matrices with what is known of them beforehand.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "theory/named_parameters.hpp"
#include "theory/phase.hpp"

namespace rmtlab::ensembles {

/// What makes the spectrum what it is. Several can give the same picture.
enum class Mechanism {
  noise,                 ///< independent entries with a fourth moment
  heavy_entries,         ///< independent entries without one
  spikes,                ///< finitely many planted directions
  population,            ///< covariance with a tail lighter than any power
  heavy_population,      ///< covariance with a power-law tail
  lognormal_population,  ///< the tail that looks like a power law and is none
  weak_repulsion,        ///< eigenvalues that hardly repel
  mixture,               ///< more than one of these
  low_rank,              ///< fewer directions than columns
};

/// As in records: noise, heavy-entries, spikes, population, heavy-population, lognormal-population,
/// weak-repulsion, mixture, low-rank.
std::string_view name(Mechanism mechanism);

/// A law of theory's catalogue: eigenvalues of W^T W / N are `unit` times a variate of it.
struct LimitLaw {
  std::string name;
  theory::NamedParameters parameters;
  double unit = 1;
};

/// What a generator declares of its N x M matrices: from its parameters, never from a picture.
struct GroundTruth {
  std::optional<theory::Phase> phase;  ///< absent: a case that no definition covers, never scored
  std::string reason;                  ///< for the phase or for its absence, one sentence
  Mechanism mechanism = Mechanism::noise;
  /// Of the spectral distribution. Absent where theory's catalogue has no such law: rows that differ
  /// or are correlated (`row_profile`: the transpose's law without its atom), exact zeros beside a
  /// bulk, levels that are drawn (they fluctuate by M^(-1/2)), weak repulsion (`InverseLaguerre`), mu = 2.
  std::optional<LimitLaw> limit;
  /// Of the largest eigenvalue, at this very shape. Absent where none is known in closed form or it needs
  /// more than a scale: for a population or rows that differ it is Tracy-Widom's about the edge of
  /// the limit where the upper levels are crowded, a normal law about the image of a top level that
  /// stands apart, and neither in between; several spikes mix. Weak repulsion has Frechet's law where
  /// the largest eigenvalue lies far in the tail (`inverse_laguerre_largest_scale`).
  std::optional<LimitLaw> largest;
  std::optional<double> alpha;             ///< exponent of the limiting density's tail
  std::optional<double> entry_tail_index;  ///< mu of the entries, where finite
  std::vector<double> outliers;            ///< predicted positions, descending
  std::optional<double> outlier_ratio;     ///< strongest of them over lambda_plus
  std::optional<double> critical_window;   ///< of the strongest spike, as theory::critical_window
};

/// A generator whose parameters are fixed. Every draw is a function of the stream alone.
struct Ensemble {
  /// An N x M matrix W.
  std::function<arma::mat(std::size_t rows, std::size_t cols, core::Stream&)> matrix;
  /// Eigenvalues of W^T W / N without the matrix, ascending, exactly as if from it; empty where no
  /// faster way than the matrix is known.
  std::function<arma::vec(std::size_t rows, std::size_t cols, core::Stream&)> fast_spectrum;
  /// Its largest alone, in law; empty where it costs as much as all.
  std::function<double(std::size_t rows, std::size_t cols, core::Stream&)> fast_largest;
  std::function<GroundTruth(std::size_t rows, std::size_t cols)> truth;
};

/**
 * \brief Eigenvalues of \f$W^{\mathsf T}W/N\f$ of one draw, ascending, length M: by `fast_spectrum`
 * where there is one, else from the matrix.
 *
 * For N < M there are M - N zeros.
 * \throws what the ensemble throws.
 */
arma::vec sample_spectrum(const Ensemble& ensemble, std::size_t rows, std::size_t cols,
                          core::Stream& stream);

/// Largest eigenvalue of one draw: by `fast_largest` where there is one, else of `sample_spectrum`.
/// \throws what the ensemble throws.
double sample_largest(const Ensemble& ensemble, std::size_t rows, std::size_t cols,
                      core::Stream& stream);

/// Eigenvalues of \f$W^{\mathsf T}W/N\f$, N = rows of W, ascending, length M, any shape.
arma::vec correlation_eigenvalues(const arma::mat& W);

}  // namespace rmtlab::ensembles

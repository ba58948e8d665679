// SPDX-License-Identifier: MIT
#include "sim/ensembles/wigner.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include <fmt/format.h>

#include "theory/domain_check.hpp"

// Not among the routines that Armadillo declares.
extern "C" void dsterf_(const arma::blas_int* n, double* d, double* e, arma::blas_int* info);

namespace rmtlab::ensembles {
namespace {

void check_size(std::string_view function, std::size_t size) {
  if (size < 1 || size > std::size_t{std::numeric_limits<std::int32_t>::max()})
    throw std::domain_error(
        fmt::format("{}: size = {} (must be from 1 to 2^31 - 1)", function, size));
}

}  // namespace

arma::mat wigner_matrix(std::size_t size, const EntryLaw& law, Scaling scaling,
                        core::Stream& stream) {
  check_size("wigner_matrix", size);
  const double factor = scale_factor(law, scaling, size) / std::sqrt(static_cast<double>(size));
  const EntrySampler sampler(law);
  arma::mat H = unset_matrix(size, size);
  for (std::size_t j = 0; j < size; ++j) {
    sampler.fill({H.colptr(j) + j, size - j}, stream);
    for (std::size_t i = j; i < size; ++i) H.at(i, j) *= factor;
    H.at(j, j) *= std::numbers::sqrt2;
    for (std::size_t i = j + 1; i < size; ++i) H.at(j, i) = H.at(i, j);
  }
  return H;
}

arma::vec wigner_spectrum(std::size_t size, const EntryLaw& law, Scaling scaling,
                          core::Stream& stream) {
  return arma::eig_sym(wigner_matrix(size, law, scaling, stream));
}

arma::vec hermite_spectrum(std::size_t size, double dyson_index, double sigma,
                           core::Stream& stream) {
  check_size("hermite_spectrum", size);
  theory::check_positive("hermite_spectrum", "dyson_index", dyson_index);
  theory::check_positive("hermite_spectrum", "sigma", sigma);
  arma::vec diagonal(size), beside(size);  // the last element of `beside` is not read
  stream.fill_normal({diagonal.memptr(), size});
  diagonal *= std::numbers::sqrt2;
  for (std::size_t i = 0; i + 1 < size; ++i)
    beside[i] = stream.chi(dyson_index * static_cast<double>(size - 1 - i));
  const auto order = static_cast<arma::blas_int>(size);
  arma::blas_int info = 0;
  dsterf_(&order, diagonal.memptr(), beside.memptr(), &info);
  if (info != 0)
    throw std::runtime_error(
        fmt::format("hermite_spectrum: dsterf did not converge (info = {}, n = {})", info, size));
  return diagonal * (sigma / std::sqrt(dyson_index * static_cast<double>(size)));
}

}  // namespace rmtlab::ensembles

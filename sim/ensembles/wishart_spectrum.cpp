// SPDX-License-Identifier: MIT
#include "sim/ensembles/wishart_spectrum.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/ensembles/laguerre_spectrum.hpp"

namespace rmtlab::ensembles {
namespace {

void check(std::size_t rows, std::size_t cols, double variance) {
  if (cols < 1 || cols > std::size_t{std::numeric_limits<std::int32_t>::max()})
    throw std::domain_error(
        fmt::format("wishart_spectrum: cols = {} (must be from 1 to 2^31 - 1)", cols));
  if (rows < cols)
    throw std::domain_error(
        fmt::format("wishart_spectrum: rows = {} (must be >= cols = {})", rows, cols));
  if (!std::isfinite(variance) || variance <= 0)
    throw std::domain_error(
        fmt::format("wishart_spectrum: variance = {} (must be finite and > 0)", variance));
}

}  // namespace

arma::vec wishart_spectrum(std::size_t rows, std::size_t cols, double variance,
                           core::Stream& stream) {
  check(rows, cols, variance);
  return laguerre_spectrum({.rows = static_cast<double>(rows), .cols = cols, .variance = variance},
                           stream);
}

}  // namespace rmtlab::ensembles

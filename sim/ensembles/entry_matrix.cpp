// SPDX-License-Identifier: MIT
#include "sim/ensembles/entry_matrix.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace rmtlab::ensembles {
namespace {

constexpr std::array<std::string_view, 3> scaling_names{"none", "variance", "tail"};

void check_size(std::string_view what, std::size_t size) {
  if (size < 1) throw std::domain_error(fmt::format("entry_matrix: {} = 0 (must be >= 1)", what));
}

// Best effort: the answer is ignored.
void prefer_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr std::size_t worth_it = std::size_t{4} << 20;
  if (bytes < worth_it) return;
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const std::uintptr_t begin = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t inside = (begin + page - 1) / page * page;  // the call wants whole pages
  const std::size_t skipped = inside - begin;
  madvise(static_cast<char*>(memory) + skipped, (bytes - skipped) / page * page, MADV_HUGEPAGE);
#endif
}

std::span<double> entries(arma::mat& matrix) { return {matrix.memptr(), matrix.n_elem}; }

}  // namespace

std::string_view name(Scaling scaling) {
  return scaling_names.at(static_cast<std::size_t>(scaling));
}

Scaling parse_scaling(std::string_view text) {
  for (const Scaling scaling : {Scaling::none, Scaling::variance, Scaling::tail})
    if (name(scaling) == text) return scaling;
  throw std::domain_error(
      fmt::format("scaling: name = {} (must be one of {})", text, fmt::join(scaling_names, ", ")));
}

double scale_factor(const EntryLaw& law, Scaling scaling, std::size_t rows) {
  check_size("rows", rows);
  validate(law);
  if (scaling == Scaling::none) return 1;
  if (scaling == Scaling::variance) {
    const double square = variance(law);
    if (std::isfinite(square)) return 1 / std::sqrt(square);
    throw std::domain_error(
        fmt::format("entry_matrix: scaling = variance (must be tail or none: {} with tail index {} "
                    "has infinite "
                    "variance)",
                    name(law.kind), law.tail_index));
  }
  const auto n = static_cast<double>(rows);
  const double scale = tail_scale(law, n);
  if (scale > 0) return std::sqrt(n) / scale;
  throw std::domain_error(fmt::format(
      "entry_matrix: a_N = 0 with rows = {} (must be > 0: more rows, or a larger density)", rows));
}

arma::mat entry_matrix(std::size_t rows, std::size_t cols, const EntryLaw& law, Scaling scaling,
                       core::Stream& stream) {
  const double factor = scale_factor(law, scaling, rows);
  arma::mat matrix = unset_matrix(rows, cols);
  EntrySampler(law).fill(entries(matrix), stream);
  if (factor != 1) matrix *= factor;
  return matrix;
}

arma::mat unset_matrix(std::size_t rows, std::size_t cols) {
  check_size("rows", rows);
  check_size("cols", cols);
  arma::mat matrix(rows, cols, arma::fill::none);
  prefer_large_pages(matrix.memptr(), matrix.n_elem * sizeof(double));
  return matrix;
}

}  // namespace rmtlab::ensembles

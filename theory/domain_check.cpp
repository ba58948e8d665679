// SPDX-License-Identifier: MIT
/// \file
/// \brief Uniform messages for arguments outside a function's domain.
#include "theory/domain_check.hpp"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::theory {

void throw_domain_error(std::string_view function, std::string_view name, double value,
                        std::string_view constraint) {
  throw std::domain_error(
      fmt::format("{}: {} = {} (must be {})", function, name, value, constraint));
}

void check_positive(std::string_view function, std::string_view name, double value) {
  if (!(std::isfinite(value) && value > 0))
    throw_domain_error(function, name, value, "finite and > 0");
}

void check_not_nan(std::string_view function, std::string_view name, double value) {
  if (std::isnan(value)) throw_domain_error(function, name, value, "a number");
}

void check_probability(std::string_view function, std::string_view name, double value) {
  if (!(value >= 0 && value <= 1)) throw_domain_error(function, name, value, ">= 0 and <= 1");
}

}  // namespace rmtlab::theory

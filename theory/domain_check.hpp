// SPDX-License-Identifier: MIT
/// \file
/// \brief Uniform messages for arguments outside a function's domain.
#pragma once

#include <string_view>

namespace rmtlab::theory {

/// Throws std::domain_error with the text "function: name = value (must be constraint)".
[[noreturn]] void throw_domain_error(std::string_view function, std::string_view name, double value,
                                     std::string_view constraint);

/// \throws std::domain_error unless `value` is finite and > 0.
void check_positive(std::string_view function, std::string_view name, double value);

/// \throws std::domain_error if `value` is NaN; infinities are points of the extended line.
void check_not_nan(std::string_view function, std::string_view name, double value);

/// \throws std::domain_error unless 0 <= value <= 1.
void check_probability(std::string_view function, std::string_view name, double value);

}  // namespace rmtlab::theory

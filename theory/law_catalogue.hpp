// SPDX-License-Identifier: MIT
/// \file
/// \brief The laws by name: what a command line, a configuration or a figure can ask for.
///
/// One table lists the laws; each row holds the name, the documentation, the parameters and a
/// function that makes the law. Adding a law is adding a row. Nothing here reads or prints.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "theory/named_parameters.hpp"

namespace rmtlab::theory {

/// A law whose parameters are fixed. An empty function or optional means that it does not exist for
/// this law; `std::function` converts to false then.
struct Law {
  std::function<double(double)> pdf, cdf, sf, log_cdf, log_sf;  ///< of a value
  std::function<double(double)> quantile;                       ///< of a probability
  std::function<double(double)> quantile_sf;                    ///< of an upper-tail probability
  std::function<double(double)> z;  ///< standardised value, for laws of an extreme
  std::optional<double> mean, variance, skewness, kurtosis_excess;
};

struct LawEntry {
  std::string_view name;
  std::string_view help;  ///< formula and meaning, one paragraph of plain text
  std::span<const ParameterDeclaration> parameters;
  /// Called with every declared parameter present and no other.
  Law (*make)(const NamedParameters&);
};

/// All laws, in the order in which they should be listed.
std::span<const LawEntry> law_catalogue();

/// The entry with this name.
/// \throws std::domain_error "law: name = X (must be one of ...)", with a near name if any.
const LawEntry& find_law(std::string_view name);

/// The law `name` with `parameters`, defaults filled in.
/// \throws std::domain_error for an unknown law, an unknown or missing parameter, or a value that
///         is not a number, not one of the words, or outside the domain. The text is
///         "law-name: parameter = value (must be ...)".
Law make_law(std::string_view name, const NamedParameters& parameters = {});

}  // namespace rmtlab::theory

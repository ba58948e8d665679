// SPDX-License-Identifier: MIT
#include "sim/inference/collapse.hpp"

#include <algorithm>
#include <cmath>

#include "theory/phase.hpp"

namespace rmtlab::inference {
namespace {

namespace definition = theory::phase_definition;
constexpr double deepest = 3;

double level_of(const arma::vec& ascending) {
  return definition::collapsed_level * arma::mean(ascending.head(ascending.n_elem - 1));
}

}  // namespace

double collapse_depth(const arma::vec& ascending) {
  const auto rest = static_cast<double>(ascending.n_elem - 1);
  const double value = ascending[static_cast<arma::uword>(definition::collapsed_share * rest)];
  if (value <= 0) return -deepest;
  return std::clamp(std::log10(value / level_of(ascending)), -deepest, deepest);
}

double collapsed_share(const arma::vec& ascending) {
  const arma::uword rest = ascending.n_elem - 1;
  const double level = level_of(ascending);
  if (!(level > 0)) return 1;
  return static_cast<double>(arma::accu(ascending.head(rest) < level)) / static_cast<double>(rest);
}

}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
/// \file
/// \brief Universality classes of W^T W by the tail of the entries, and the relations of alpha and mu.
#include "theory/universality.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "theory/domain_check.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::theory {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The part of the facts that is the same for every mu of a class; the numbers are filled in.
UniversalityFacts words(UniversalityClass which) {
  UniversalityFacts facts{};
  facts.universality_class = which;
  facts.density = "marchenko-pastur";
  switch (which) {
    case UniversalityClass::light_tailed:
      facts.name = "light-tailed";
      facts.published_name = "Gaussian, or weakly heavy-tailed";
      facts.edge = "wishart-edge";
      facts.published = "Marchenko-Pastur; Tracy-Widom with large finite-size corrections";
      facts.remark =
          "Marchenko-Pastur with a Tracy-Widom edge. At finite N a matrix has an outlier with "
          "probability of order N^(2 - mu/2), which falls slowly for mu near 4.";
      break;
    case UniversalityClass::fourth_moment_boundary:
      facts.name = "fourth-moment boundary";
      facts.published_name = "not discussed";
      facts.edge = "spike-mapped";
      facts.published = "not discussed";
      facts.remark =
          "Marchenko-Pastur. A finite number of outliers in the limit: the largest eigenvalue is "
          "at "
          "the edge with a fixed probability and beyond it otherwise.";
      break;
    case UniversalityClass::weakly_heavy:
      facts.name = "weakly heavy-tailed";
      facts.published_name = "moderately heavy-tailed";
      facts.edge = "spike-mapped";
      facts.published = "power law of exponent 1 + mu/2, without an edge; Frechet";
      facts.remark =
          "The limiting density is Marchenko-Pastur: finite variance suffices. Order N^(2 - mu/2) "
          "outliers, a vanishing share, have the exponent 1 + mu/2 far beyond the edge; the "
          "largest is "
          "Frechet in the limit and, at sizes in use, Frechet mapped through the spike formula.";
      break;
    case UniversalityClass::variance_boundary:
      facts.name = "variance boundary";
      facts.published_name = "not discussed";
      facts.edge = "frechet";
      facts.published = "not discussed";
      facts.remark =
          "Marchenko-Pastur after division by N times the truncated variance, which grows like log "
          "N: "
          "reached extremely slowly. The largest eigenvalue is Frechet.";
      break;
    case UniversalityClass::heavy:
      facts.name = "heavy-tailed";
      facts.published_name = "very heavy-tailed";
      facts.density = "heavy-tailed-mp";
      facts.edge = "frechet";
      facts.published = "power law of exponent 1 + mu/2, without an edge; Frechet";
      facts.remark =
          "Division by a_N^2, P(|w| > a_N) = 1/N, gives a limiting density without an upper edge, "
          "of "
          "exponent 1 + mu/2 and of constant mu/2 for every Q. The bias at finite N is of order "
          "N^(-(2 - mu)/mu).";
      break;
  }
  return facts;
}

constexpr std::array relations = {
    ExponentRelation{"limit", "theorem: tail of the limiting density", 0.5, 1, 0, 2},
    ExponentRelation{"outliers", "theorem: density of the outliers far beyond the edge", 0.5, 1, 2,
                     infinity},
    ExponentRelation{"published-small", "published fit to single matrices, N = 2000, M = 1000",
                     0.649, 0.862, 0, 1.78},
    ExponentRelation{"published-large", "published fit to single matrices, N = 2000, M = 1000",
                     1.21, -0.0253, 1.78, 4},
};

}  // namespace

UniversalityClass universality_class(double mu) {
  if (!(mu > 0)) throw_domain_error("universality_class", "mu", mu, "> 0");
  if (mu > 4) return UniversalityClass::light_tailed;
  if (mu == 4) return UniversalityClass::fourth_moment_boundary;
  if (mu > 2) return UniversalityClass::weakly_heavy;
  return mu == 2 ? UniversalityClass::variance_boundary : UniversalityClass::heavy;
}

UniversalityFacts universality_facts(double mu) {
  UniversalityFacts facts = words(universality_class(mu));
  facts.normalization_order = std::max(1.0, 2 / mu);
  facts.density_exponent = mu < 2 ? 1 + mu / 2 : infinity;
  facts.largest_order = mu > 4 ? 0 : 4 / mu - 1;
  facts.largest_shape = mu > 4 ? infinity : mu / 2;
  facts.outlier_order = mu < 2 ? std::numeric_limits<double>::quiet_NaN() : 2 - mu / 2;
  return facts;
}

double largest_eigenvalue_scale(double mu, double rows, double cols) {
  check_positive("largest_eigenvalue_scale", "mu", mu);
  for (const double size : {rows, cols})
    if (!(std::isfinite(size) && size >= 1))
      throw_domain_error("largest_eigenvalue_scale", "rows and cols", size, "finite and >= 1");
  const double level = std::pow(rows, 2 / mu - 1) * std::pow(cols, 2 / mu);
  if (mu <= 2) return level;
  const double edge = MarchenkoPastur(rows / cols, mu / (mu - 2)).upper_edge();
  return mu > 4 ? edge : std::max(level, edge);
}

std::span<const ExponentRelation> exponent_relations() { return relations; }

const ExponentRelation& exponent_relation(std::string_view name) {
  std::string names;
  for (const ExponentRelation& relation : relations) {
    if (relation.name == name) return relation;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", relation.name);
  }
  throw std::domain_error(
      fmt::format("exponent_relation: name = {} (must be one of {})", name, names));
}

double exponent(const ExponentRelation& relation, double mu) {
  if (!(mu > relation.mu_lower && mu < relation.mu_upper))
    throw_domain_error(
        "exponent", "mu", mu,
        fmt::format("> {} and < {} for {}", relation.mu_lower, relation.mu_upper, relation.name));
  return relation.slope * mu + relation.intercept;
}

double tail_index(const ExponentRelation& relation, double alpha) {
  const double mu = (alpha - relation.intercept) / relation.slope;
  if (!(mu > relation.mu_lower && mu < relation.mu_upper))
    throw_domain_error(
        "tail_index", "alpha", alpha,
        fmt::format("> {} and < {} for {}", relation.slope * relation.mu_lower + relation.intercept,
                    relation.slope * relation.mu_upper + relation.intercept, relation.name));
  return mu;
}

}  // namespace rmtlab::theory

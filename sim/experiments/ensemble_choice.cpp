// SPDX-License-Identifier: MIT
#include "sim/experiments/ensemble_choice.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rmtlab::experiments {

void EnsembleChoice::declare(core::Schema& schema) {
  // Which ensembles have a parameter, for its help.
  std::map<std::string, std::vector<std::string_view>, std::less<>> owners;
  std::vector<std::string> names;
  for (const auto& entry : ensembles::ensemble_catalogue()) {
    names.emplace_back(entry.name);
    for (const auto& p : entry.parameters) owners[std::string(p.name)].push_back(entry.name);
  }
  schema.section("ensemble", "how the matrix is made (`rmtlab describe NAME` explains each)", [&] {
    schema.text("name", name, "the name of an ensemble: see `rmtlab list`", "the ensemble");
    for (const auto& [parameter, of] : owners)
      schema.text(parameter, parameters[parameter], "a value of that ensemble's parameter",
                  fmt::format("of {}; empty: its default", fmt::join(of, ", ")));
  });
}

theory::NamedParameters EnsembleChoice::given() const {
  theory::NamedParameters result;
  for (const auto& [key, text] : parameters)
    if (!text.empty()) result[key] = text;
  return result;
}

ensembles::Ensemble EnsembleChoice::make() const { return ensembles::make_ensemble(name, given()); }

std::string EnsembleChoice::value(std::string_view parameter) const {
  const auto& entry = ensembles::find_ensemble(name);
  const auto all = theory::complete(entry.name, entry.parameters, given());
  const auto at = all.find(parameter);
  return at == all.end() ? std::string() : at->second;
}

std::vector<core::Complaint> EnsembleChoice::complaints() const {
  const auto catalogue = ensembles::ensemble_catalogue();
  const auto entry = std::find_if(catalogue.begin(), catalogue.end(),
                                  [&](const auto& e) { return e.name == name; });
  if (entry == catalogue.end()) {
    std::vector<std::string> names;
    for (const auto& e : catalogue) names.emplace_back(e.name);
    return {{"ensemble.name", fmt::format("is '{}', which is no ensemble", name),
             core::suggest(name, names)}};
  }
  std::vector<core::Complaint> list;
  for (const auto& [key, text] : given())
    if (std::none_of(entry->parameters.begin(), entry->parameters.end(),
                     [&, k = key](const auto& p) { return p.name == k; })) {
      std::vector<std::string_view> own;
      for (const auto& p : entry->parameters) own.push_back(p.name);
      list.push_back({fmt::format("ensemble.{}", key),
                      fmt::format("is set, but '{}' has no such parameter", name),
                      {fmt::format("it has {}", fmt::join(own, ", "))}});
    }
  if (!list.empty()) return list;
  try {
    static_cast<void>(make());
  } catch (const std::domain_error& error) {
    list.push_back({"ensemble.name", fmt::format("cannot be made: {}", error.what()), {}});
  }
  return list;
}

void MatrixShape::declare(core::Schema& schema) {
  schema.section("shape", "of the N x M matrix W", [&] {
    schema.integer("cols", cols, core::at_least(2), "M");
    schema.number("aspect_ratio", aspect_ratio, core::at_least(1),
                  "Q = N/M; N is Q M to the nearest integer");
  });
}

std::vector<core::Complaint> MatrixShape::complaints(std::size_t fewest_cols) const {
  if (cols >= fewest_cols) return {};
  return {{"shape.cols",
           fmt::format("is {}, and a fit needs at least {} eigenvalues", cols, fewest_cols),
           {}}};
}

std::size_t MatrixShape::rows() const {
  return static_cast<std::size_t>(std::lround(aspect_ratio * static_cast<double>(cols)));
}

}  // namespace rmtlab::experiments

// SPDX-License-Identifier: MIT
#include "sim/ensembles/phase_families.hpp"

#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace rmtlab::ensembles {
namespace {

using theory::Phase;

constexpr std::array families = {
    // random-like
    PhaseFamily{.name = "random-like/gaussian",
                .phase = Phase::random_like,
                .ensemble = "gaussian",
                .fixed = "",
                .strength = "sigma2",
                .weak = 0.1,
                .strong = 10,
                .logarithmic = true},
    PhaseFamily{.name = "random-like/rademacher",
                .phase = Phase::random_like,
                .ensemble = "rademacher",
                .fixed = "",
                .strength = "sigma2",
                .weak = 0.1,
                .strong = 10,
                .logarithmic = true},
    PhaseFamily{.name = "random-like/truncated-gaussian",
                .phase = Phase::random_like,
                .ensemble = "truncated-gaussian",
                .fixed = "",
                .strength = "limit",
                .weak = 3,
                .strong = 1},
    PhaseFamily{.name = "random-like/student-t",
                .phase = Phase::random_like,
                .ensemble = "student-t",
                .fixed = "scaling=variance",
                .strength = "mu",
                .weak = 20,
                .strong = 8,
                .is_hard = true},
    PhaseFamily{.name = "random-like/sparse",
                .phase = Phase::random_like,
                .ensemble = "sparse",
                .fixed = "",
                .strength = "density",
                .weak = 0.9,
                .strong = 0.3,
                .is_hard = true},
    PhaseFamily{.name = "random-like/below-threshold",
                .phase = Phase::random_like,
                .ensemble = "additive-spikes",
                .fixed = "scale=threshold",
                .strength = "strengths",
                .weak = 0.1,
                .strong = 0.9,
                .is_hard = true},
    PhaseFamily{.name = "random-like/rounded",
                .phase = Phase::random_like,
                .ensemble = "gaussian",
                .fixed = "",
                .strength = "mantissa_bits",
                .weak = 24,
                .strong = 6,
                .is_whole = true,
                .is_hard = true},
    PhaseFamily{.name = "random-like/repeated-rows",  // edges of the shape's Q are the wrong ones
                .phase = Phase::random_like,
                .ensemble = "repeated-rows",
                .fixed = "",
                .strength = "copies",
                .weak = 2,
                .strong = 4,
                .is_whole = true,
                .is_hard = true},
    // bleeding-out
    PhaseFamily{.name = "bleeding-out/additive",
                .phase = Phase::bleeding_out,
                .ensemble = "additive-spikes",
                .fixed = "scale=outlier",
                .strength = "strengths",
                .weak = 1.02,
                .strong = 1.48},
    PhaseFamily{.name = "bleeding-out/covariance",
                .phase = Phase::bleeding_out,
                .ensemble = "covariance-spikes",
                .fixed = "scale=outlier",
                .strength = "strengths",
                .weak = 1.02,
                .strong = 1.48},
    PhaseFamily{.name = "bleeding-out/localised",
                .phase = Phase::bleeding_out,
                .ensemble = "additive-spikes",
                .fixed = "scale=outlier; support=4",
                .strength = "strengths",
                .weak = 1.02,
                .strong = 1.48},
    PhaseFamily{.name = "bleeding-out/trained-like",
                .phase = Phase::bleeding_out,
                .ensemble = "trained-like",
                .fixed = "count=4; decay=0.1",
                .strength = "strongest",
                .weak = 1.05,
                .strong = 1.48},
    // bulk+spikes
    PhaseFamily{.name = "bulk+spikes/additive",
                .phase = Phase::bulk_plus_spikes,
                .ensemble = "additive-spikes",
                .fixed = "scale=outlier",
                .strength = "strengths",
                .weak = 1.55,
                .strong = 6,
                .logarithmic = true},
    PhaseFamily{.name = "bulk+spikes/covariance",
                .phase = Phase::bulk_plus_spikes,
                .ensemble = "covariance-spikes",
                .fixed = "scale=outlier",
                .strength = "strengths",
                .weak = 1.55,
                .strong = 6,
                .logarithmic = true},
    PhaseFamily{.name = "bulk+spikes/trained-like",
                .phase = Phase::bulk_plus_spikes,
                .ensemble = "trained-like",
                .fixed = "count=9; decay=0.3",
                .strength = "strongest",
                .weak = 1.6,
                .strong = 6,
                .logarithmic = true},
    PhaseFamily{.name = "bulk+spikes/twenty",
                .phase = Phase::bulk_plus_spikes,
                .ensemble = "additive-spikes",
                .fixed = "scale=outlier; strengths="
                         "6,5,4.5,4,3.6,3.3,3,2.8,2.6,2.4,2.2,2.1,2,1.9,1.8,1.7,1.6,1.5,1.4,1.3",
                .strength = "sigma2",
                .weak = 0.1,
                .strong = 10,
                .logarithmic = true,
                .is_hard = true},
    PhaseFamily{.name = "bulk+spikes/huge",  // one eigenvalue that holds most of the trace
                .phase = Phase::bulk_plus_spikes,
                .ensemble = "additive-spikes",
                .fixed = "scale=outlier",
                .strength = "strengths",
                .weak = 10,
                .strong = 1000,
                .logarithmic = true,
                .is_hard = true},
    PhaseFamily{.name = "bulk+spikes/mean",
                .phase = Phase::bulk_plus_spikes,
                .ensemble = "mean-outlier",
                .fixed = "",
                .strength = "mean",
                .weak = 0.13,
                .strong = 0.5,
                .logarithmic = true,
                .is_hard = true},
    // bulk-decay
    PhaseFamily{.name = "bulk-decay/gamma",
                .phase = Phase::bulk_decay,
                .ensemble = "gamma-covariance",
                .fixed = "",
                .strength = "shape",
                .weak = 20,
                .strong = 0.8,
                .logarithmic = true},
    PhaseFamily{.name = "bulk-decay/exponential",
                .phase = Phase::bulk_decay,
                .ensemble = "exponential-covariance",
                .fixed = "scale=3",
                .strength = "fraction",
                .weak = 0.2,
                .strong = 1},
    PhaseFamily{.name = "bulk-decay/power-law-part",
                .phase = Phase::bulk_decay,
                .ensemble = "power-law-covariance",
                .fixed = "alpha=2.5",
                .strength = "fraction",
                .weak = 0.05,
                .strong = 0.2},
    PhaseFamily{.name = "bulk-decay/toeplitz",
                .phase = Phase::bulk_decay,
                .ensemble = "toeplitz-covariance",
                .fixed = "",
                .strength = "correlation",
                .weak = 0.2,
                .strong = 0.7},
    PhaseFamily{.name = "bulk-decay/row-profile",
                .phase = Phase::bulk_decay,
                .ensemble = "row-profile",
                .fixed = "",
                .strength = "shape",
                .weak = 8,
                .strong = 0.5,
                .logarithmic = true,
                .is_hard = true},
    PhaseFamily{.name = "bulk-decay/lognormal",
                .phase = Phase::bulk_decay,
                .ensemble = "lognormal-covariance",
                .fixed = "",
                .strength = "sigma",
                .weak = 0.3,
                .strong = 1.5,
                .is_hard = true},
    PhaseFamily{.name = "bulk-decay/convolution",
                .phase = Phase::bulk_decay,
                .ensemble = "convolution-kernels",
                .fixed = "width=3",
                .strength = "correlation",
                .weak = 0.2,
                .strong = 0.8,
                .is_hard = true},
    PhaseFamily{.name = "bulk-decay/convolution-rows",
                .phase = Phase::bulk_decay,
                .ensemble = "convolution-kernels",
                .fixed = "width=3; positions=rows",
                .strength = "correlation",
                .weak = 0.2,
                .strong = 0.8,
                .is_hard = true},
    PhaseFamily{.name = "bulk-decay/correlated-rows",
                .phase = Phase::bulk_decay,
                .ensemble = "repeated-rows",
                .fixed = "copies=4",
                .strength = "correlation",
                .weak = 0.2,
                .strong = 0.9,
                .is_hard = true},
    // heavy-tailed
    PhaseFamily{.name = "heavy-tailed/root-stable",
                .phase = Phase::heavy_tailed,
                .ensemble = "root-stable",
                .fixed = "",
                .strength = "mu",
                .weak = 1.8,
                .strong = 0.7},
    PhaseFamily{.name = "heavy-tailed/pareto-entries",
                .phase = Phase::heavy_tailed,
                .ensemble = "pareto",
                .fixed = "",
                .strength = "mu",
                .weak = 1.8,
                .strong = 0.7},
    PhaseFamily{.name = "heavy-tailed/power-law-covariance",
                .phase = Phase::heavy_tailed,
                .ensemble = "power-law-covariance",
                .fixed = "levels=random",
                .strength = "alpha",
                .weak = 3.8,
                .strong = 1.7},
    PhaseFamily{.name = "heavy-tailed/power-law-quantiles",
                .phase = Phase::heavy_tailed,
                .ensemble = "power-law-covariance",
                .fixed = "levels=quantiles",
                .strength = "alpha",
                .weak = 3.8,
                .strong = 1.7},
    PhaseFamily{
        .name = "heavy-tailed/power-sequence",  // levels i^-a, the spectrum of images at a = 1
        .phase = Phase::heavy_tailed,
        .ensemble = "power-sequence-covariance",
        .fixed = "",
        .strength = "exponent",
        .weak = 0.4,
        .strong = 1.25},
    PhaseFamily{.name = "heavy-tailed/weak-repulsion",
                .phase = Phase::heavy_tailed,
                .ensemble = "weak-repulsion",
                .fixed = "repulsion=1",
                .strength = "alpha",
                .weak = 3.8,
                .strong = 1.7},
    PhaseFamily{.name = "heavy-tailed/with-spikes",
                .phase = Phase::heavy_tailed,
                .ensemble = "spikes-on-heavy-tail",
                .fixed = "",
                .strength = "alpha",
                .weak = 3.5,
                .strong = 1.8,
                .is_hard = true},
    // rank-collapse
    PhaseFamily{.name = "rank-collapse/low-rank",
                .phase = Phase::rank_collapse,
                .ensemble = "low-rank",
                .fixed = "floor=0.001",
                .strength = "rank_fraction",
                .weak = 0.75,
                .strong = 0.05},
    PhaseFamily{.name = "rank-collapse/dead-units",
                .phase = Phase::rank_collapse,
                .ensemble = "dead-units",
                .fixed = "scale=0.001",
                .strength = "fraction",
                .weak = 0.22,
                .strong = 0.45},  // beyond one half the median entry itself is dead
    PhaseFamily{.name = "rank-collapse/log-linear",
                .phase = Phase::rank_collapse,
                .ensemble = "log-linear-covariance",
                .fixed = "",
                .strength = "decades",
                .weak = 6,
                .strong = 12},
    PhaseFamily{.name = "rank-collapse/floor",
                .phase = Phase::rank_collapse,
                .ensemble = "low-rank",
                .fixed = "rank_fraction=0.4",
                .strength = "floor",
                .weak = 0.015,
                .strong = 0.0001,
                .logarithmic = true,
                .is_hard = true},
};

}  // namespace

std::span<const PhaseFamily> phase_families() { return families; }

const PhaseFamily& find_phase_family(std::string_view name) {
  std::vector<std::string_view> names;
  for (const PhaseFamily& family : families) {
    if (family.name == name) return family;
    names.push_back(family.name);
  }
  throw std::domain_error(
      fmt::format("phase family: name = {} (must be {})", name, theory::one_of(name, names)));
}

double strength_at(const PhaseFamily& family, double t) {
  if (!(t >= 0 && t <= 1))
    throw std::domain_error(fmt::format("strength_at: t = {} (must be from 0 to 1)", t));
  const double strength = family.logarithmic
                              ? family.weak * std::pow(family.strong / family.weak, t)
                              : family.weak + (family.strong - family.weak) * t;
  return family.is_whole ? std::round(strength) : strength;
}

theory::NamedParameters parameters_at(const PhaseFamily& family, double strength) {
  theory::NamedParameters parameters;
  std::string_view rest = family.fixed;
  while (!rest.empty()) {
    const auto end = std::min(rest.find("; "), rest.size());
    const std::string_view one = rest.substr(0, end);
    const auto equals = one.find('=');
    parameters.emplace(one.substr(0, equals), one.substr(equals + 1));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  parameters[std::string(family.strength)] = fmt::format("{}", strength);
  return parameters;
}

Ensemble make_member(const PhaseFamily& family, double strength) {
  return make_ensemble(family.ensemble, parameters_at(family, strength));
}

}  // namespace rmtlab::ensembles

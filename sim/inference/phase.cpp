// SPDX-License-Identifier: MIT
#include "sim/inference/phase.hpp"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "sim/spectra/metrics.hpp"

namespace rmtlab::inference {
namespace {

namespace limits = phase_limits;

struct Verdict {
  Phase phase;
  std::string reason;
};

bool is_power_law(const std::optional<TailEvidence>& tail) {
  return tail && tail->ks < limits::power_law_ks && tail->exponent > limits::smallest_exponent &&
         tail->exponent < limits::largest_exponent &&
         tail->tail_fraction >= limits::tail_fraction &&
         tail->against_exponential > limits::against_exponential;
}

std::string heavy_reason(const PhaseEvidence& evidence, bool by_distance) {
  const std::string tail = fmt::format(
      "the top {:.0f} % of the eigenvalues follow a power law of exponent {:.3g} (KS {:.3g}, "
      "{:.2g} "
      "standard deviations better than an exponential)",
      100 * evidence.tail->tail_fraction, evidence.tail->exponent, evidence.tail->ks,
      evidence.tail->against_exponential);
  if (by_distance)
    return fmt::format("{} and the whole spectrum is {:.3g} away from noise (more than {:.4g}).",
                       tail, evidence.ks_all, limits::heavy_ks_all);
  return fmt::format("{} and outliers hold {:.3g} of the trace (at least {}).", tail,
                     evidence.bulk->outlier_trace_fraction, limits::heavy_trace_fraction);
}

Verdict without_bulk(const PhaseEvidence& evidence) {
  const double distance = evidence.ks_all * static_cast<double>(evidence.eigenvalue_count);
  if (distance > limits::decayed_distance)
    return {Phase::bulk_decay,
            fmt::format("no bulk could be fitted, and the whole spectrum is {:.3g} / M away from "
                        "noise (more than {:.4g}).",
                        distance, limits::decayed_distance)};
  return {
      Phase::random_like,
      fmt::format("no bulk could be fitted, and the whole spectrum is only {:.3g} / M away from "
                  "noise (at most {:.4g}).",
                  distance, limits::decayed_distance)};
}

Verdict by_bulk(const BulkEvidence& bulk, std::size_t eigenvalue_count) {
  const double distance = bulk.ks_bulk * static_cast<double>(eigenvalue_count);
  const std::string fit = fmt::format("the bulk is {:.3g} / M away from noise", distance);
  if (bulk.outlier_count == 0 && distance < limits::noise_distance)
    return {Phase::random_like, fmt::format("{} (less than {}) and nothing lies outside it.", fit,
                                            limits::noise_distance)};
  if (distance > limits::decayed_distance)
    return {Phase::bulk_decay,
            fmt::format("{} (more than {:.4g}).", fit, limits::decayed_distance)};
  if (bulk.outlier_fraction >= limits::decayed_outlier_fraction)
    return {
        Phase::bulk_decay,
        fmt::format("{} outliers are {:.3g} of all eigenvalues (at least {}).", bulk.outlier_count,
                    bulk.outlier_fraction, limits::decayed_outlier_fraction)};
  if (bulk.outlier_count == 0)
    return {Phase::random_like,
            fmt::format("{} (between {:.4g} and {:.4g}) and nothing lies outside it.", fit,
                        limits::noise_distance, limits::decayed_distance)};
  const double ratio = bulk.lambda_max_over_lambda_plus;
  const bool bleeding = ratio < limits::bleeding_ratio;
  return {bleeding ? Phase::bleeding_out : Phase::bulk_plus_spikes,
          fmt::format("{} and the largest of {} outlier{} is at {:.3g} lambda_plus ({} {}).", fit,
                      bulk.outlier_count, bulk.outlier_count == 1 ? "" : "s", ratio,
                      bleeding ? "below" : "not below", limits::bleeding_ratio)};
}

Verdict verdict_on(const PhaseEvidence& evidence) {
  if (evidence.lower_quartile_over_mean < limits::collapsed_quartile)
    return {Phase::rank_collapse,
            fmt::format("the lower quartile of the eigenvalues is {:.3g} of their mean (below {}).",
                        evidence.lower_quartile_over_mean, limits::collapsed_quartile)};
  const bool by_distance = evidence.ks_all > limits::heavy_ks_all;
  const bool by_trace =
      evidence.bulk && evidence.bulk->outlier_trace_fraction >= limits::heavy_trace_fraction;
  if (is_power_law(evidence.tail) && (by_distance || by_trace))
    return {Phase::heavy_tailed, heavy_reason(evidence, by_distance)};
  if (!evidence.bulk) return without_bulk(evidence);
  return by_bulk(*evidence.bulk, evidence.eigenvalue_count);
}

}  // namespace

PhaseEvidence collect_evidence(const arma::vec& eigenvalues, std::size_t rows,
                               const std::optional<MarchenkoPasturFit>& bulk,
                               const std::optional<TailEvidence>& tail) {
  PhaseEvidence evidence;
  evidence.eigenvalue_count = eigenvalues.n_elem;
  evidence.tail = tail;
  if (!eigenvalues.is_empty() && arma::all(eigenvalues == 0)) {
    evidence.fraction_near_zero = 1;
    evidence.ks_all = 1;
    return evidence;
  }
  evidence.ks_all = bulk ? bulk->ks_all : distance_to_random(eigenvalues, rows);
  evidence.lower_quartile_over_mean = spectra::lower_quartile_over_mean(eigenvalues);
  evidence.fraction_near_zero = spectra::fraction_near_zero(eigenvalues);
  if (bulk)
    evidence.bulk = BulkEvidence{
        .edge_z = bulk->edge_z,
        .edge_p_value = bulk->edge_p_value,
        .lambda_max_over_lambda_plus = spectra::lambda_max(eigenvalues) / bulk->lambda_plus,
        .outlier_count = bulk->outliers.size(),
        .outlier_fraction = bulk->outlier_fraction,
        .outlier_trace_fraction = bulk->outlier_trace_fraction,
        .ks_bulk = bulk->ks_bulk,
        .ks_bulk_p_value = bulk->p_value};
  return evidence;
}

std::vector<NamedStatistic> describe(const PhaseEvidence& evidence) {
  std::vector<NamedStatistic> list = {
      {"lower_quartile_over_mean", evidence.lower_quartile_over_mean},
      {"fraction_near_zero", evidence.fraction_near_zero},
      {"ks_all", evidence.ks_all}};
  const auto of_bulk = [&](std::string_view label, auto member) {
    std::optional<double> value;
    if (evidence.bulk) value = static_cast<double>((*evidence.bulk).*member);
    list.push_back({label, value});
  };
  of_bulk("edge_z", &BulkEvidence::edge_z);
  of_bulk("edge_p_value", &BulkEvidence::edge_p_value);
  of_bulk("lambda_max_over_lambda_plus", &BulkEvidence::lambda_max_over_lambda_plus);
  of_bulk("outlier_count", &BulkEvidence::outlier_count);
  of_bulk("outlier_fraction", &BulkEvidence::outlier_fraction);
  of_bulk("outlier_trace_fraction", &BulkEvidence::outlier_trace_fraction);
  of_bulk("ks_bulk", &BulkEvidence::ks_bulk);
  of_bulk("ks_bulk_p_value", &BulkEvidence::ks_bulk_p_value);
  const auto of_tail = [&](std::string_view label, double TailEvidence::*member) {
    std::optional<double> value;
    if (evidence.tail) value = (*evidence.tail).*member;
    list.push_back({label, value});
  };
  of_tail("tail_exponent", &TailEvidence::exponent);
  of_tail("tail_ks", &TailEvidence::ks);
  of_tail("tail_fraction", &TailEvidence::tail_fraction);
  of_tail("tail_against_exponential", &TailEvidence::against_exponential);
  return list;
}

PhaseDecision decide_phase(const PhaseEvidence& evidence) {
  Verdict verdict = verdict_on(evidence);
  return {verdict.phase, evidence, std::move(verdict.reason)};
}

}  // namespace rmtlab::inference

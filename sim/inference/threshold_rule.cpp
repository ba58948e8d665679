// SPDX-License-Identifier: MIT
#include "sim/inference/threshold_rule.hpp"

#include <fmt/format.h>

namespace rmtlab::inference {
namespace {

namespace limits = phase_limits;

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

ThresholdVerdict without_bulk(const PhaseEvidence& evidence) {
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

ThresholdVerdict by_bulk(const BulkEvidence& bulk, std::size_t eigenvalue_count) {
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

ThresholdVerdict verdict_on(const PhaseEvidence& evidence) {
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

ThresholdVerdict decide_by_thresholds(const PhaseEvidence& evidence) {
  return verdict_on(evidence);
}

}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
#include "sim/inference/phase_evidence.hpp"

#include "sim/inference/collapse.hpp"
#include "sim/spectra/metrics.hpp"

namespace rmtlab::inference {

PhaseEvidence collect_evidence(const PhaseInput& input, const std::optional<TailEvidence>& tail) {
  const arma::vec& eigenvalues = input.eigenvalues;
  const auto& bulk = input.marchenko_pastur;
  PhaseEvidence evidence;
  evidence.eigenvalue_count = eigenvalues.n_elem;
  evidence.tail = tail;
  if (!eigenvalues.is_empty() && arma::all(eigenvalues == 0)) {
    evidence.fraction_near_zero = evidence.collapsed_share = 1;
    evidence.ks_all = 1;
    return evidence;
  }
  evidence.ks_all = bulk ? bulk->ks_all : distance_to_random(eigenvalues, input.rows);
  evidence.lower_quartile_over_mean = spectra::lower_quartile_over_mean(eigenvalues);
  evidence.fraction_near_zero = spectra::fraction_near_zero(eigenvalues);
  if (eigenvalues.n_elem >= 2)
    evidence.collapsed_share =
        collapsed_share(arma::sort(input.clipped_eigenvalues.value_or(eigenvalues)));
  if (bulk)
    evidence.bulk = BulkEvidence{
        .edge_z = bulk->edge_z,
        .edge_p_value = bulk->edge_p_value,
        .lambda_max_over_lambda_plus = spectra::lambda_max(eigenvalues) / bulk->lambda_plus,
        .outlier_count = bulk->outliers.size(),
        .outlier_fraction = bulk->outlier_fraction,
        .outlier_trace_fraction = bulk->outlier_trace_fraction,
        .ks_bulk = bulk->ks_bulk,
        .ks_bulk_p_value = bulk->p_value,
        .mean_gap_ratio = bulk->bulk.mean_gap_ratio};
  return evidence;
}

std::vector<NamedStatistic> describe(const PhaseEvidence& evidence) {
  std::vector<NamedStatistic> list = {
      {"lower_quartile_over_mean", evidence.lower_quartile_over_mean},
      {"fraction_near_zero", evidence.fraction_near_zero},
      {"collapsed_share", evidence.collapsed_share},
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
  of_bulk("mean_gap_ratio", &BulkEvidence::mean_gap_ratio);
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

}  // namespace rmtlab::inference

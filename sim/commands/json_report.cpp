// SPDX-License-Identifier: MIT
#include "sim/commands/json_report.hpp"

#include <cmath>

#include "sim/inference/power_law_diagnosis.hpp"

namespace rmtlab::commands {
namespace {

// `target[name]`, null with a reason beside it if there is no value.
template <class T, class Convert>
void put(Json& target, const std::string& name, const inference::Attempt<T>& attempt,
         Convert convert) {
  if (attempt) {
    target[name] = convert(*attempt);
    return;
  }
  target[name] = nullptr;
  target[name + "_reason"] = attempt.reason;
}

Json interval_json(const inference::Interval& interval) { return {interval.lower, interval.upper}; }

Json kurtosis_json(const inference::EntryKurtosis& k) {
  return {{"excess_kurtosis", k.excess_kurtosis},
          {"standard_error", k.standard_error},
          {"top_share", k.top_share},
          {"edge_shift", k.edge_shift},
          {"edge_unreliable", k.edge_unreliable},
          {"correction_unreliable", k.correction_unreliable}};
}

Json group_json(const inference::VectorGroup& group) {
  const auto side = [](const inference::VectorSide& s) {
    return Json{{"components", s.components},
                {"mean_scaled_ipr", s.mean_scaled_ipr},
                {"p_value", s.p_value},
                {"largest_component", s.largest_component},
                {"largest_p_value", s.largest_p_value}};
  };
  return {{"count", group.count}, {"right", side(group.right)}, {"left", side(group.left)}};
}

Json mechanism_json(const inference::MechanismVerdict& verdict) {
  Json probabilities = Json::object();
  for (std::size_t k = 0; k < inference::tail_mechanisms.size(); ++k)
    probabilities[std::string(ensembles::name(inference::tail_mechanisms[k]))] =
        verdict.probabilities[k];
  return {{"name", std::string(ensembles::name(verdict.mechanism))},
          {"abstained", verdict.abstained},
          {"probabilities", probabilities}};
}

}  // namespace

Json to_json(const inference::MarchenkoPasturFit& fit,
             const inference::MarchenkoPasturOptions& options) {
  Json outliers = Json::array(), below = Json::array(), tests = Json::object();
  for (const auto& o : fit.outliers)
    outliers.push_back({{"lambda", o.lambda},
                        {"z", o.z},
                        {"p_value", o.p_value},
                        {"strength", o.spike.strength},
                        {"strength_ci", interval_json(o.spike.strength_ci)},
                        {"critical_window", o.spike.window},
                        {"cannot_tell", o.spike.cannot_tell}});
  for (const auto& o : fit.lower_outliers) {
    below.push_back({{"lambda", o.lambda}, {"z", o.z}, {"p_value", o.p_value}});
    if (!std::isfinite(o.z)) {  // the test is one of log lambda
      below.back()["z"] = nullptr;
      below.back()["z_reason"] = "the eigenvalue is zero";
    }
  }
  for (const auto& t : fit.tests)
    tests[std::string(name(t.test))] = {{"statistic", t.statistic}, {"p_value", t.p_value}};
  return {
      {"sigma2", fit.sigma2},
      {"sigma2_ci", interval_json(fit.sigma2_ci)},
      {"lambda_minus", fit.lambda_minus},
      {"lambda_plus", fit.lambda_plus},
      {"outliers", outliers},
      {"spike_kind", options.spike_kind == theory::SpikeKind::additive ? "additive" : "covariance"},
      {"spikes_ci", {fit.fewest_spikes, fit.most_spikes}},
      {"outlier_limit_reached", fit.outlier_limit_reached},
      {"lower_outliers", below},
      {"familywise_level", options.familywise_level},
      {"coverage", options.coverage},
      {"edge_z", fit.edge_z},
      {"edge_p_value", fit.edge_p_value},
      {"ks", fit.ks_bulk},
      {"p_value", fit.p_value},
      {"tests", tests},
      {"mean_gap_ratio", fit.bulk.mean_gap_ratio},
      {"entry_kurtosis", options.excess_kurtosis},
      {"effective_rows", fit.effective_rows},
      {"ks_all", fit.ks_all},
      {"outlier_fraction", fit.outlier_fraction},
      {"outlier_trace_fraction", fit.outlier_trace_fraction},
      {"bulk_count", fit.bulk_count},
      {"zero_count", fit.zero_count}};
}

Json to_json(const inference::PowerLawFit& fit) {
  return {{"alpha", fit.alpha},
          {"sigma_alpha", fit.sigma_alpha},
          {"xmin", fit.xmin},
          {"xmax", fit.xmax},
          {"ks", fit.ks},
          {"n", fit.n},
          {"n_tail", fit.n_tail},
          {"decades", fit.decades},
          {"warnings", fit.warnings}};
}

Json to_json(const inference::Alternative& alternative) {
  return {
      {"parameters", alternative.parameters},
      {"log_likelihood", alternative.log_likelihood},
      {"ratio", alternative.ratio},
      {"ratio_normalised", alternative.ratio_normalised},
      {"p_value", alternative.p_value},
      {"test", alternative.test == inference::LikelihoodTest::vuong ? "vuong" : "half_chi_square"},
      {"p_value_vuong", alternative.p_value_vuong}};
}

namespace {

Json tail_json(const inference::PowerLawFit& fit, const inference::MatrixAnalysis& a,
               const inference::MatrixDetails& details) {
  Json tail = to_json(fit);
  put(tail, "p_value", details.tail_goodness, [](const auto& g) { return Json(g.p_value); });
  put(tail, "alpha_ci", details.tail_interval, [](const auto& i) {
    return Json{i.lower, i.upper};
  });
  put(tail, "alpha_median", details.tail_interval,
      [](const auto& i) { return Json(i.alpha_median); });
  tail["alternatives"] = Json::object();
  put(tail["alternatives"], "exponential", a.exponential, [](const auto& x) { return to_json(x); });
  inference::FitContext context;
  context.values_are_eigenvalues = true;
  context.goodness = details.tail_goodness.value;
  tail["warnings"] = Json::array();
  for (const auto& warning : inference::diagnose(fit, context))
    tail["warnings"].push_back(full_text(warning));
  return tail;
}

}  // namespace

Json to_json(const inference::MatrixAnalysis& a, const inference::MatrixDetails& details,
             const std::string& file, const std::string& name) {
  const auto as_is = [](double x) { return Json(x); };
  Json j;
  j["file"] = file;
  j["name"] = name;
  j["rows"] = a.spectrum.rows;
  j["cols"] = a.spectrum.cols;
  j["transposed"] = a.spectrum.transposed;
  j["aspect_ratio"] = a.spectrum.aspect_ratio();
  j["method"] = spectra::name(a.spectrum.method);
  j["lambda_max"] = a.lambda_max;
  j["lambda_min"] = a.lambda_min;
  put(j, "stable_rank", a.stable_rank, as_is);
  put(j, "mp_soft_rank", a.mp_soft_rank, as_is);
  put(j, "matrix_entropy", a.matrix_entropy, as_is);
  j["hard_rank"] = a.hard_rank.rank;
  j["hard_rank_tolerance"] = a.hard_rank.tolerance;
  j["frobenius_norm"] = a.frobenius_norm;
  j["spectral_norm"] = a.spectral_norm;
  j["zero_count"] = a.zero_count;
  put(j, "entry_kurtosis", a.entry_kurtosis, [](const auto& k) { return kurtosis_json(k); });
  put(j, "marchenko_pastur", a.marchenko_pastur,
      [&a](const auto& fit) { return to_json(fit, a.marchenko_pastur_options); });
  put(j, "power_law", a.power_law, [&](const auto& fit) { return tail_json(fit, a, details); });
  put(j, "structure", details.structure, [](const auto& verdict) {
    return Json{{"source", std::string(inference::name(verdict.source))},
                {"p_noise", verdict.p_noise},
                {"p_shuffle", verdict.p_shuffle},
                {"p_restored", verdict.p_restored}};
  });
  put(j, "parallel_analysis", details.parallel, [](const auto& parallel) {
    return Json{{"outliers", parallel.outlier_count},
                {"lambda", parallel.steps.front().lambda},
                {"threshold", parallel.steps.front().threshold},
                {"p_value", parallel.steps.front().p_value}};
  });
  j["vectors"] = Json::object();
  const auto group = [](const auto& g) { return group_json(g); };
  put(j["vectors"], "outliers", details.outlier_vectors, group);
  put(j["vectors"], "bulk", details.bulk_vectors, group);
  j["phase"] = theory::name(a.decision.phase);
  j["abstained"] = a.decision.abstained;
  for (const theory::Phase phase : theory::all_phases)
    j["phase_probabilities"][std::string(theory::name(phase))] = probability(a.decision, phase);
  j["reason"] = a.decision.reason;
  put(j, "mechanism", details.mechanism,
      [](const auto& verdict) { return mechanism_json(verdict); });
  j["evidence"] = Json::object();
  for (const auto& statistic : inference::describe(a.decision.evidence)) {
    const std::string key(statistic.name);
    j["evidence"][key] = statistic.value ? Json(*statistic.value) : Json(nullptr);
  }
  if (a.decision.statistics)
    for (std::size_t i = 0; i < a.decision.statistics->size(); ++i)
      j["evidence"][std::string(inference::phase_statistic_list()[i].name)] =
          (*a.decision.statistics)[i];
  return j;
}

}  // namespace rmtlab::commands

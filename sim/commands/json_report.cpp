// SPDX-License-Identifier: MIT
#include "sim/commands/json_report.hpp"

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

}  // namespace

Json to_json(const inference::MarchenkoPasturFit& fit) {
  Json outliers = Json::array();
  for (const auto& o : fit.outliers)
    outliers.push_back({{"lambda", o.lambda}, {"z", o.z}, {"p_value", o.p_value}});
  return {{"sigma2", fit.sigma2},
          {"lambda_minus", fit.lambda_minus},
          {"lambda_plus", fit.lambda_plus},
          {"outliers", outliers},
          {"edge_z", fit.edge_z},
          {"edge_p_value", fit.edge_p_value},
          {"ks", fit.ks_bulk},
          {"p_value", fit.p_value},
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

Json to_json(const inference::MatrixAnalysis& a, const std::string& file, const std::string& name) {
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
  put(j, "marchenko_pastur", a.marchenko_pastur, [](const auto& fit) { return to_json(fit); });
  put(j, "power_law", a.power_law, [&a](const auto& fit) {
    Json tail = to_json(fit);
    tail["alternatives"] = Json::object();
    put(tail["alternatives"], "exponential", a.exponential,
        [](const auto& x) { return to_json(x); });
    return tail;
  });
  j["phase"] = theory::name(a.decision.phase);
  j["reason"] = a.decision.reason;
  j["evidence"] = Json::object();
  for (const auto& statistic : inference::describe(a.decision.evidence)) {
    const std::string key(statistic.name);
    j["evidence"][key] = statistic.value ? Json(*statistic.value) : Json(nullptr);
  }
  return j;
}

}  // namespace rmtlab::commands

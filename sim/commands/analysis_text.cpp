// SPDX-License-Identifier: MIT
#include "sim/commands/analysis_text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "sim/core/table.hpp"

namespace rmtlab::commands {
namespace {

std::string brief(const Json& value, int digits = 3) {
  return value.is_null() ? "-" : fmt::format("{:.{}g}", value.get<double>(), digits);
}

std::string interval(const Json& value, int digits = 3) {
  if (value.is_null()) return "";
  return fmt::format(" [{}, {}]", brief(value[0], digits), brief(value[1], digits));
}

std::string p(const Json& value) { return value == 0.0 ? "p < 1e-300" : "p " + brief(value, 2); }

using Lines = std::vector<std::string>;

void describe_noise(const Json& m, Lines& lines) {
  const Json& fit = m["marchenko_pastur"];
  if (fit.is_null()) {
    lines.push_back(
        fmt::format("noise    no fit: {}", m["marchenko_pastur_reason"].get<std::string>()));
    return;
  }
  lines.push_back(fmt::format("noise    sigma2 {}{}, edges {} to {}", brief(fit["sigma2"], 4),
                              interval(fit["sigma2_ci"], 4), brief(fit["lambda_minus"], 4),
                              brief(fit["lambda_plus"], 4)));
  const std::size_t outliers = fit["outliers"].size();
  lines.push_back(
      fmt::format("edge     z {}, {}{}; {} outliers (spikes: {} to {}) with {} of the trace",
                  brief(fit["edge_z"]), p(fit["edge_p_value"]),
                  fit.contains("edge_p_adjusted")
                      ? fmt::format(" (adjusted {})", brief(fit["edge_p_adjusted"], 2))
                      : "",
                  outliers, fit["spikes_ci"][0].get<int>(), fit["spikes_ci"][1].get<int>(),
                  brief(fit["outlier_trace_fraction"])));
  if (fit["outlier_limit_reached"].get<bool>())
    lines.push_back("         half of the spectrum lies outside: there is no bulk to speak of");
  if (outliers > 0) {
    const Json& first = fit["outliers"][0];
    lines.push_back(
        fmt::format("         strongest at {}: strength {}{} if {}{}", brief(first["lambda"], 4),
                    brief(first["strength"]), interval(first["strength_ci"]),
                    fit["spike_kind"].get<std::string>(),
                    first["cannot_tell"].get<bool>() ? "; cannot tell from noise" : ""));
  }
  const Json& parallel = m["parallel_analysis"];
  if (!parallel.is_null())
    lines.push_back(fmt::format(
        "         if columns have variances of their own: {} outliers, {} for the first",
        parallel["outliers"].get<int>(), p(parallel["p_value"])));
  std::string tests;
  for (const auto& [name, test] : fit["tests"].items())
    tests += fmt::format("{}{} {} ({})", tests.empty() ? "" : ", ", name, brief(test["statistic"]),
                         p(test["p_value"]));
  lines.push_back("bulk     " + tests);
}

void describe_tail(const Json& m, Lines& lines) {
  const Json& tail = m["power_law"];
  if (tail.is_null()) return;
  lines.push_back(fmt::format(
      "tail     alpha {}{}, {} as if independent, beyond {} ({} eigenvalues, {} decades)",
      brief(tail["alpha"]), interval(tail["alpha_ci"]), p(tail["p_value"]), brief(tail["xmin"]),
      tail["n_tail"].get<int>(), brief(tail["decades"], 2)));
}

void describe_entries(const Json& m, Lines& lines) {
  const Json& k = m["entry_kurtosis"];
  if (!k.is_null())
    lines.push_back(fmt::format(
        "entries  excess kurtosis {} +- {}, which moves the edge by {} units of z{}",
        brief(k["excess_kurtosis"]), brief(k["standard_error"], 2), brief(k["edge_shift"], 2),
        k["correction_unreliable"].get<bool>() ? ": the edge test is unreliable here" : ""));
  const Json& s = m["structure"];
  if (!s.is_null())
    lines.push_back(
        fmt::format("shuffle  what differs from noise: {} (W against its shuffles {}, shuffles "
                    "against noise {})",
                    s["source"].get<std::string>(), p(s["p_shuffle"]), p(s["p_restored"])));
}

void describe_vectors(const Json& m, Lines& lines) {
  for (const char* group : {"outliers", "bulk"}) {
    const Json& g = m["vectors"][group];
    if (g.is_null()) continue;
    std::string text;
    for (const char* side : {"right", "left"})
      text += fmt::format(", {} {} ({})", side, brief(g[side]["mean_scaled_ipr"]),
                          p(g[side]["p_value"]));
    lines.push_back(fmt::format(
        "vectors  of {} {}, components x participation (3: random){}", g["count"].get<int>(),
        group == std::string("bulk") ? "bulk eigenvalues" : "outliers", text));
  }
}

// "0.91 heavy-tailed, 0.08 bulk-decay": what has a percent or more, the likeliest first.
std::string likely(const Json& probabilities) {
  std::vector<std::pair<double, std::string>> list;
  for (const auto& [name, value] : probabilities.items())
    if (value.get<double>() >= 0.01) list.emplace_back(-value.get<double>(), name);
  std::sort(list.begin(), list.end());
  std::string text;
  for (const auto& [minus, name] : list)
    text += fmt::format("{}{:.2f} {}", text.empty() ? "" : ", ", -minus, name);
  return text;
}

void describe_phase(const Json& m, Lines& lines) {
  lines.push_back(fmt::format("phase    {}", likely(m["phase_probabilities"])));
  if (!m["mechanism"].is_null())
    lines.push_back(fmt::format(
        "made by  {}{}", likely(m["mechanism"]["probabilities"]),
        m["mechanism"]["abstained"].get<bool>() ? " (the evidence does not separate)" : ""));
}

std::string label(const Json& m) {
  const std::string file = m["file"], matrix = m["name"];
  return file.find(matrix) == std::string::npos ? file + ":" + matrix : file;
}

}  // namespace

std::string analysis_text(const Json& matrices, bool details) {
  if (matrices.empty()) return "";
  std::string text =
      fmt::format("{:<34} {:>11} {:<15} {:>9} {:>9} {:>8} {:>8} {:>8}\n", "matrix", "N x M",
                  "phase", "lmax/l+", "outliers", "alpha", "entropy", "s. rank");
  for (const Json& m : matrices) {
    text += fmt::format("{:<34} {:>11} {:<15} {:>9} {:>9} {:>8} {:>8} {:>8}\n", label(m),
                        fmt::format("{} x {}", m["rows"].get<int>(), m["cols"].get<int>()),
                        m["phase"].get<std::string>() + (m["abstained"].get<bool>() ? " ?" : ""),
                        brief(m["evidence"]["lambda_max_over_lambda_plus"], 4),
                        brief(m["evidence"]["outlier_count"], 4),
                        m["power_law"].is_null() ? "-" : brief(m["power_law"]["alpha"]),
                        brief(m["matrix_entropy"]), brief(m["stable_rank"]));
    Lines lines{m["reason"].get<std::string>()};
    if (details) {
      describe_phase(m, lines);
      describe_noise(m, lines);
      describe_tail(m, lines);
      describe_entries(m, lines);
      describe_vectors(m, lines);
    }
    for (const auto& line : lines) text += "    " + line + '\n';
  }
  return text;
}

std::string analysis_csv(const Json& matrices) {
  constexpr std::array nested = {"marchenko_pastur", "power_law",           "entry_kurtosis",
                                 "structure",        "parallel_analysis",   "vectors",
                                 "evidence",         "phase_probabilities", "mechanism"};
  core::Table table;
  for (const Json& matrix : matrices) {
    std::vector<std::string> columns, cells;
    const auto add = [&](const std::string& column, const Json& value) {
      columns.push_back(column);
      cells.push_back(value.is_string() ? value.get<std::string>()
                      : value.is_null() ? ""
                                        : value.dump());
    };
    for (const auto& [key, value] : matrix.items())
      if (std::find(nested.begin(), nested.end(), key) == nested.end() && !key.ends_with("_reason"))
        add(key, value);
    const auto of = [&](const char* fit, const char* key, const char* column) {
      add(column, matrix[fit].is_null() ? Json(nullptr) : matrix[fit][key]);
    };
    const auto bounds = [&](const char* fit, const char* key, const std::string& column) {
      const Json both = matrix[fit].is_null() ? Json(nullptr) : matrix[fit][key];
      add(column + "_lower", both.is_null() ? both : both[0]);
      add(column + "_upper", both.is_null() ? both : both[1]);
    };
    of("marchenko_pastur", "sigma2", "sigma2");
    bounds("marchenko_pastur", "sigma2_ci", "sigma2");
    of("marchenko_pastur", "lambda_plus", "lambda_plus");
    of("power_law", "alpha", "alpha");
    bounds("power_law", "alpha_ci", "alpha");
    of("power_law", "p_value", "tail_p_value");
    of("power_law", "xmin", "xmin");
    of("power_law", "n_tail", "n_tail");
    of("entry_kurtosis", "excess_kurtosis", "entry_kurtosis");
    for (const auto& [key, value] : matrix["evidence"].items()) add(key, value);
    if (table.columns().empty()) table = core::Table(columns);
    table.add(cells);
  }
  return matrices.empty() ? std::string() : table.csv();
}

}  // namespace rmtlab::commands

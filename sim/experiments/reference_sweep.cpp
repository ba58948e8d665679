// SPDX-License-Identifier: MIT
#include "sim/experiments/reference_sweep.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "theory/wishart_edge.hpp"

namespace rmtlab::experiments {
namespace {

// 1 - F1(z)^runs, with relative accuracy where it is small.
double pooled_p_value(double z, std::size_t runs) {
  return -std::expm1(static_cast<double>(runs) * std::log1p(-theory::edge_p_value(z)));
}

}  // namespace

void ReferenceSweep::declare(core::Schema& schema) {
  schema.section("layer", "W is N x M", [&] {
    schema.integer("rows", rows_, core::at_least(2), "N, the longer side");
    schema.integer("cols", cols_, core::at_least(2), "M, the shorter side");
    schema.number("sigma2", sigma2_, core::positive(),
                  "variance of the entries at initialisation, in the units of the eigenvalues");
  });
  schema.section("published", "what is known of the trained layer", [&] {
    schema.text("label", label_, "a text", "which row this is, for the table at the end");
    schema.number("lambda_max", lambda_max_, core::positive(),
                  "largest eigenvalue of W^T W / N over all runs");
    schema.number("lambda_max_error", lambda_max_error_, core::non_negative(),
                  "its reading error, half the width of the interval");
    schema.number("mean_ratio", mean_ratio_, core::non_negative(),
                  "mean eigenvalue over sigma2; 0: not published");
    schema.number("mean_ratio_error", mean_ratio_error_, core::non_negative(),
                  "its reading error, half the width of the interval");
    schema.integer("runs", runs_, core::at_least(1), "R, whose maximum lambda_max is");
  });
  schema.section("test", "of the hypothesis that W is noise", [&] {
    schema.number("level", level_,
                  core::Bounds{.lower = 0, .upper = 1, .open_lower = true, .open_upper = true},
                  "of the largest eigenvalue of all runs");
  });
}

std::vector<core::Complaint> ReferenceSweep::complaints() const {
  std::vector<core::Complaint> found;
  if (cols_ > rows_)
    found.push_back({"layer.cols",
                     fmt::format("must be at most layer.rows = {}, got {}", rows_, cols_),
                     {"turn the matrix: N is the longer side"}});
  if (lambda_max_error_ >= lambda_max_)
    found.push_back({"published.lambda_max_error",
                     fmt::format("must be below published.lambda_max = {}, got {}", lambda_max_,
                                 lambda_max_error_),
                     {}});
  if (mean_ratio_ > 0 && mean_ratio_error_ >= mean_ratio_)
    found.push_back({"published.mean_ratio_error",
                     fmt::format("must be below published.mean_ratio = {}, got {}", mean_ratio_,
                                 mean_ratio_error_),
                     {}});
  return found;
}

core::TaskResult ReferenceSweep::run(const core::Task& /*task*/) const {
  const auto n = static_cast<double>(rows_), m = static_cast<double>(cols_);
  const auto z_of = [&](double lambda, double ratio) {
    return edge_z(theory::upper_edge_scaling(n, m, ratio * sigma2_), lambda);
  };
  const bool rescaled = mean_ratio_ > 0;
  const double ratio = rescaled ? mean_ratio_ : 1, error = rescaled ? mean_ratio_error_ : 0;
  const double z = z_of(lambda_max_, ratio);
  const double z_lower = z_of(lambda_max_ - lambda_max_error_, ratio + error);
  const double z_upper = z_of(lambda_max_ + lambda_max_error_, ratio - error);
  const double p_largest = pooled_p_value(z_lower, runs_);
  const double p_smallest = pooled_p_value(z_upper, runs_);
  const std::string verdict = p_largest < level_     ? "refuted"
                              : p_smallest >= level_ ? "compatible"
                                                     : "cannot tell";
  core::TaskResult result;
  result.rows.push_back({{"label", label_},
                         {"aspect_ratio", n / m},
                         {"lambda_max", lambda_max_},
                         {"variance", std::string(rescaled ? "rescaled" : "raw")},
                         {"z_raw", z_of(lambda_max_, 1)},
                         {"z", z},
                         {"z_lower", z_lower},
                         {"z_upper", z_upper},
                         {"p_value", pooled_p_value(z, runs_)},
                         {"p_value_lower", p_smallest},
                         {"p_value_upper", p_largest},
                         {"random_like", verdict}});
  return result;
}

std::string ReferenceSweep::summary(const core::Table& records) const {
  std::string text = fmt::format("{:<16} {:>10} {:>8} {:>8} {:>20} {:>10}  {}\n", "row",
                                 "lambda_max", "z raw", "z", "interval", "p", "random-like");
  for (std::size_t row = 0; row < records.size(); ++row) {
    const auto number = [&](const char* column) { return records.number(row, column); };
    text += fmt::format("{:<16} {:>10} {:>8.3g} {:>8.3g} {:>20} {:>10.2g}  {}{}\n",
                        records.text(row, "label"), records.text(row, "lambda_max"),
                        number("z_raw"), number("z"),
                        fmt::format("{:.3g} to {:.3g}", number("z_lower"), number("z_upper")),
                        number("p_value"), records.text(row, "random_like"),
                        records.text(row, "variance") == "raw" ? " (variance of the start)" : "");
  }
  return text;
}

}  // namespace rmtlab::experiments

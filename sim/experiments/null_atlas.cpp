// SPDX-License-Identifier: MIT
#include "sim/experiments/null_atlas.hpp"

#include <cmath>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "sim/experiments/group_summary.hpp"
#include "sim/inference/null_atlas.hpp"
#include "sim/inference/outlier_count.hpp"

namespace rmtlab::experiments {

using inference::NullEntries;

void NullAtlasExperiment::declare(core::Schema& schema) {
  shape_.declare(schema);
  schema.section("noise", "whose statistics are tabulated", [&] {
    schema.choice<NullEntries>("entries", entries_,
                               {{"gaussian", NullEntries::gaussian},
                                {"rademacher", NullEntries::rademacher},
                                {"uniform", NullEntries::uniform},
                                {"student-t-10", NullEntries::student_t}},
                               "law of the entries: excess kurtosis 0, -2, -1.2, 1");
    schema.integer("draws", draws_, core::at_least(1000), "matrices per cell");
  });
}

std::vector<core::Complaint> NullAtlasExperiment::complaints() const {
  return shape_.complaints(inference::smallest_spectrum);
}

double NullAtlasExperiment::cost() const {
  const auto m = static_cast<double>(shape_.cols), n = static_cast<double>(shape_.rows());
  const double spectrum = entries_ == NullEntries::gaussian
                              ? 1.6e-8 * m * m
                              : n * m * 1e-8 + m * m * (n + 4 * m) * 2.5e-10;
  return static_cast<double>(draws_) * (spectrum + m * 1.5e-7);
}

core::TaskResult NullAtlasExperiment::run(const core::Task& task) const {
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  const double kurtosis = inference::excess_kurtosis(entries_);
  const inference::OutlierSettings settings{.excess_kurtosis = kurtosis};
  const core::Stream stream = task.own_stream("noise");
  std::array<std::vector<double>, inference::all_bulk_tests.size()> draws;
  for (std::size_t r = 0; r < draws_; ++r) {
    core::Stream own = stream.child(r);
    const arma::vec spectrum = null_spectrum(entries_, rows, cols, own);
    const std::span<const double> view(spectrum.memptr(), spectrum.n_elem);
    const std::size_t removed = inference::count_outliers(view, rows, settings).count;
    const auto statistics = inference::statistics_of_bulk(view, rows, removed, kurtosis);
    for (std::size_t t = 0; t < draws.size(); ++t) draws[t].push_back(statistics.values[t]);
    task.check_stop();
  }
  core::TaskResult result;
  for (const auto test : inference::all_bulk_tests) {
    core::Row row{{"rows", static_cast<std::int64_t>(rows)},
                  {"cols", static_cast<std::int64_t>(cols)},
                  {"excess_kurtosis", kurtosis},
                  {"draws", static_cast<std::int64_t>(draws_)},
                  {"test", std::string(name(test))}};
    const auto quantiles = inference::tail_quantiles(draws[static_cast<std::size_t>(test)]);
    // Six digits are far below the sampling error and keep the table small.
    for (std::size_t i = 0; i < quantiles.size(); ++i)
      row.push_back({fmt::format("tail_{}", inference::tabulated_tails[i]),
                     std::stod(fmt::format("{:.6g}", quantiles[i]))});
    result.rows.push_back(row);
  }
  return result;
}

std::string NullAtlasExperiment::summary(const core::Table& records) const {
  return group_summary(records,
                       {{"tail_0.5", "median", 4},
                        {"tail_0.05", "5 %", 4},
                        {"tail_0.01", "1 %", 4},
                        {"tail_0.001", "0.1 %", 4}},
                       {"test"});
}

}  // namespace rmtlab::experiments

// SPDX-License-Identifier: MIT
#include "sim/experiments/localization.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "sim/experiments/group_summary.hpp"
#include "sim/spectra/singular_vectors.hpp"

namespace rmtlab::experiments {
namespace {

using core::Row;

/// Column numbers of a group among the M ascending triplets.
struct Group {
  std::string name;
  std::vector<arma::uword> indices;
};

std::vector<Group> groups(std::size_t cols, std::size_t outliers, std::size_t edge,
                          std::size_t bulk) {
  std::vector<Group> result;
  const auto range = [](std::size_t begin, std::size_t end) {
    std::vector<arma::uword> indices;
    for (std::size_t i = begin; i < end; ++i) indices.push_back(i);
    return indices;
  };
  Group middle{"bulk", {}};
  for (std::size_t i = 0; i < bulk; ++i) middle.indices.push_back(cols / 4 + i * (cols / 2) / bulk);
  result.push_back(std::move(middle));
  result.push_back({"edge", range(cols - outliers - edge, cols - outliers)});
  if (outliers > 0) result.push_back({"outlier", range(cols - outliers, cols)});
  return result;
}

// Means of the statistics, and the share of vectors that a 5 % test calls localised.
void add_statistics(Row& row, const arma::mat& vectors, const spectra::LocalizationNull& null,
                    std::vector<double>& kept) {
  double ratio = 0, participation = 0, ipr = 0, shannon = 0, histogram = 0, largest = 0;
  double ratio_5 = 0, ipr_5 = 0, shannon_5 = 0, histogram_5 = 0, largest_5 = 0;
  const auto count = static_cast<double>(vectors.n_cols);
  for (arma::uword j = 0; j < vectors.n_cols; ++j) {
    const auto v = spectra::localization(vectors.col(j));
    const auto p = null.p_values(v);
    ratio += v.ratio / count;
    participation += v.participation_norm / count;
    ipr += v.scaled_ipr / count;
    shannon += v.shannon_entropy / count;
    histogram += v.histogram_entropy / count;
    largest += v.largest / count;
    ratio_5 += (p.ratio <= 0.05) / count;
    ipr_5 += (p.scaled_ipr <= 0.05) / count;
    shannon_5 += (p.shannon_entropy <= 0.05) / count;
    histogram_5 += (p.histogram_entropy <= 0.05) / count;
    largest_5 += (p.largest <= 0.05) / count;
    for (const double x : {v.ratio, v.participation_norm, v.shannon_entropy, v.histogram_entropy,
                           v.scaled_ipr, v.largest})
      kept.push_back(x);
  }
  row.insert(row.end(), {{"ratio", ratio},
                         {"participation_norm", participation},
                         {"scaled_ipr", ipr},
                         {"shannon_entropy", shannon},
                         {"histogram_entropy", histogram},
                         {"largest", largest},
                         {"ratio_rejected", ratio_5},
                         {"ipr_rejected", ipr_5},
                         {"shannon_rejected", shannon_5},
                         {"histogram_rejected", histogram_5},
                         {"largest_rejected", largest_5}});
}

// What the group says together, and the 95 % bands of single random vectors.
void add_null(Row& row, const arma::mat& vectors, const spectra::LocalizationNull& null) {
  using spectra::VectorStatistic;
  const auto test = null.test(vectors);
  const std::size_t n = vectors.n_rows;
  row.insert(row.end(), {{"group_ipr_p", test.ipr_p_value},
                         {"porter_thomas_ks", test.ks},
                         {"porter_thomas_p", test.ks_p_value}});
  const auto band = [&](const std::string& name, auto quantile) {
    row.emplace_back(name + "_null_low", quantile(0.025));
    row.emplace_back(name + "_null_median", quantile(0.5));
    row.emplace_back(name + "_null_high", quantile(0.975));
  };
  const auto direct = [&](VectorStatistic s) {
    return [&null, n, s](double p) { return null.quantile(n, s, p); };
  };
  band("ratio", direct(VectorStatistic::ratio));
  // A decreasing function of the inverse participation ratio: P = (n / scaled_ipr)^(1/4).
  band("participation_norm", [&](double p) {
    const double ipr = null.quantile(n, VectorStatistic::scaled_ipr, 1 - p);
    return std::pow(static_cast<double>(n) / ipr, 0.25);
  });
  band("shannon_entropy", direct(VectorStatistic::shannon_entropy));
  band("histogram_entropy", direct(VectorStatistic::histogram_entropy));
}

}  // namespace

void LocalizationExperiment::declare(core::Schema& schema) {
  ensemble_.declare(schema);
  shape_.declare(schema);
  schema.section("vectors", "which of the M singular vectors are looked at", [&] {
    schema.integer("bulk", bulk_, core::at_least(1), "of the middle half, evenly spread");
    schema.integer("edge", edge_, core::at_least(1), "the strongest below the predicted outliers");
  });
}

std::vector<core::Complaint> LocalizationExperiment::complaints() const {
  auto list = ensemble_.complaints();
  if (!list.empty()) return list;
  const std::size_t outliers = ensemble_.make().truth(shape_.rows(), shape_.cols).outliers.size();
  if (bulk_ > shape_.cols / 2)
    list.push_back({"vectors.bulk",
                    fmt::format("is {}, but the middle half of {} vectors has {}", bulk_,
                                shape_.cols, shape_.cols / 2),
                    {}});
  if (edge_ + outliers > shape_.cols / 4)
    list.push_back({"vectors.edge",
                    fmt::format("and the {} predicted outliers are more than the upper quarter of "
                                "{} vectors",
                                outliers, shape_.cols),
                    {}});
  return list;
}

std::vector<core::OutputKind> LocalizationExperiment::output_kinds() const {
  return {{"statistics", true,
           "of each vector: ratio, participation_norm, shannon_entropy, histogram_entropy, "
           "scaled_ipr, largest; by <side>/<group>/statistics"}};
}

double LocalizationExperiment::cost() const {
  const auto m = static_cast<double>(shape_.cols), n = static_cast<double>(shape_.rows());
  return 0.05 + m * m * (n + 9 * m) * 4e-10;
}

core::TaskResult LocalizationExperiment::run(const core::Task& task) const {
  const ensembles::Ensemble ensemble = ensemble_.make();
  core::Stream stream = task.own_stream("matrix");
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  const auto all = spectra::singular_vectors(ensemble.matrix(rows, cols, stream));
  const std::size_t outliers = ensemble.truth(rows, cols).outliers.size();
  core::TaskResult result;
  for (const std::string side : {"right", "left"})
    for (const Group& group : groups(cols, outliers, edge_, bulk_)) {
      const arma::uvec indices(group.indices);
      const arma::mat vectors = (side == "right" ? all.right : all.left).cols(indices);
      const arma::vec lambda = arma::square(all.values.elem(indices)) / static_cast<double>(rows);
      Row row{{"side", side},
              {"group", group.name},
              {"components", static_cast<std::int64_t>(vectors.n_rows)},
              {"vectors", static_cast<std::int64_t>(vectors.n_cols)},
              {"mean_lambda", arma::mean(lambda)}};
      std::vector<double> kept;
      add_statistics(row, vectors, *null_, kept);
      add_null(row, vectors, *null_);
      result.rows.push_back(std::move(row));
      if (task.wants("statistics"))
        result.arrays.push_back({side + "/" + group.name + "/statistics",
                                 {static_cast<std::size_t>(vectors.n_cols), 6},
                                 std::move(kept)});
    }
  return result;
}

std::string LocalizationExperiment::summary(const core::Table& records) const {
  std::string text;
  for (const std::string& side : records.distinct("side"))
    for (const std::string& group : records.distinct("group")) {
      core::Table part(records.columns());
      for (const std::size_t row : records.where("side", side))
        if (records.text(row, "group") == group) {
          std::vector<std::string> cells;
          for (const std::string& column : records.columns())
            cells.push_back(records.text(row, column));
          part.add(std::move(cells));
        }
      if (part.size() == 0) continue;
      text += fmt::format("\n{} {} vectors", side, group);
      text += group_summary(part, {{"scaled_ipr", "n IPR", 3},
                                   {"shannon_entropy", "entropy", 4},
                                   {"ipr_rejected", "IPR < 5 %", 2},
                                   {"largest_rejected", "max < 5 %", 2},
                                   {"group_ipr_p", "group p", 2},
                                   {"porter_thomas_p", "PT p", 2}});
    }
  return text.empty() ? "no records\n" : text;
}

}  // namespace rmtlab::experiments

// SPDX-License-Identifier: MIT
// What training added, in the records of `training`.
#include "sim/experiments/delta_records.hpp"

#include <cmath>

#include "sim/ensembles/gaussian_matrix.hpp"
#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

using tests::array;
using tests::cell;
using tests::number;

core::TaskResult run(const std::string& training, const std::string& record = "") {
  return tests::run_task(
      tests::load_experiment(
          "training",
          "parameters:\n"
          "  data: {train_samples: 120, test_samples: 40, input_dimension: 90, input_norm2: 20}\n"
          "  network: {hidden_widths: [60]}\n"
          "  training: {epochs: 3, batch_size: 2, learning_rate: 0.01" +
              training + "}\n  record: {epochs: [0]" + record + "}\n"),
      0, 0);
}

bool has(const core::Row& row, const std::string& column) {
  return std::ranges::any_of(row, [&](const auto& c) { return c.first == column; });
}

}  // namespace

TEST_CASE("delta_records: a training records what it added to W_0", "[experiments]") {
  const auto result = run(", weight_decay: 0.01");
  const core::Row &start = result.rows[0], &end = result.rows[1];
  CHECK(number(start, "initial_share") == 1);
  CHECK(number(start, "delta_norm_ratio") == 0);
  CHECK(cell(start, "delta_label") == core::Value(std::string("random-like")));
  // sgd_time = 0.01 * 180 / 0.1 = 18, 5 % of which has not acted; wd S = 0.18.
  CHECK_THAT(number(end, "initial_share"), WithinRel(std::exp(-0.18 * 0.95), 0.002));
  CHECK(std::get<std::vector<double>>(array(result, "fc1/epoch=0/delta_singular_values").values) ==
        std::vector<double>(60, 0.0));
  const auto s =
      std::get<std::vector<double>>(array(result, "fc1/epoch=3/delta_singular_values").values);
  double square = 0;
  for (const double x : s) square += x * x;
  // Delta is that of the weights less the decayed start, and not their whole change.
  CHECK(number(end, "delta_norm_ratio") > 0.1);
  const auto initial = std::get<std::vector<float>>(array(result, "fc1/initial_weights").values);
  double norm = 0;
  for (const float w : initial) norm += double{w} * double{w};
  CHECK_THAT(std::sqrt(square), WithinRel(number(end, "delta_norm_ratio") *
                                              number(end, "initial_share") * std::sqrt(norm),
                                          1e-9));
  CHECK_THAT(number(end, "delta_lambda_ratio"),
             WithinRel(number(end, "lambda_max") / number(end, "delta_lambda_max"), 1e-12));
  CHECK_FALSE(has(end, "noise_label"));
}

TEST_CASE("delta_records: without a share there is no prediction", "[experiments]") {
  const auto result = run(", optimizer: adam, weight_decay: 0.01", ", controls: true");
  const core::Row& end = result.rows.back();
  for (const std::string column :
       {"initial_share", "delta_norm_ratio", "delta_lambda_max", "delta_label", "noise_label"})
    CHECK(cell(end, column) == core::Value());
  CHECK(cell(end, "shuffled_label") != core::Value());
  CHECK(std::ranges::none_of(result.arrays, [](const core::Array& a) {
    return a.name.ends_with("delta_singular_values");
  }));
}

// A strong direction is there for the classifier, and gone in both controls.
TEST_CASE("delta_records: controls keep the norm and lose what was learned",
          "[experiments][null]") {
  core::Stream stream(41);
  experiments::TrainedMatrix matrix;
  matrix.W_0 = ensembles::gaussian_matrix(400, 100, 0.01, stream);
  matrix.initial_share = 0.9;
  matrix.entry_variance = 0.01;
  // Unit vectors of signs +, -, +, ...: a constant one would be a mean, which a shuffle keeps.
  const arma::vec u = 0.05 * arma::cos(arma::datum::pi * arma::regspace(0, 399.0));
  const arma::vec v = 0.1 * arma::cos(arma::datum::pi * arma::regspace(0, 99.0));
  matrix.W = 0.9 * matrix.W_0 + 8 * u * v.t();
  CHECK(experiments::predict(matrix)->label == inference::DeltaLabel::bulk_plus_spikes);
  core::Row row;
  experiments::add_controls(row, matrix, core::Stream(42));
  CHECK(cell(row, "shuffled_label") == core::Value(std::string("random-like")));
  CHECK(cell(row, "noise_label") == core::Value(std::string("random-like")));
  matrix.initial_share = 1e-60;  // nothing is left to predict with
  CHECK_FALSE(experiments::predict(matrix).has_value());
}

TEST_CASE("delta_records: phases are counted against labels", "[experiments]") {
  core::Table table({"phase", "delta_label"});
  table.add({"random-like", "random-like"});
  table.add({"bleeding-out", "bulk+spikes"});
  table.add({"heavy-tailed", "extensive"});
  table.add({"bulk+spikes", "extensive"});
  table.add({"bulk+spikes", ""});
  CHECK(experiments::agrees("rank-collapse", "extensive"));
  CHECK_FALSE(experiments::agrees("bulk-decay", "bulk+spikes"));
  const auto text = experiments::delta_agreement(table, {0, 1, 2, 3, 4});
  CHECK_THAT(text, ContainsSubstring("(4 rows; 1 undecided or without a)"));
  // Clopper and Pearson, 2 of 4 (R: binom.test).
  CHECK_THAT(text, ContainsSubstring("agree: 2 of 4 = 0.50, 95 % interval 0.07 to 0.93"));
  CHECK(experiments::delta_agreement(table, {4}).empty());
  CHECK(experiments::delta_agreement(core::Table({"phase"}), {}).empty());
}

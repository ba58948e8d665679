// SPDX-License-Identifier: MIT
// The experiment `training` on small networks.
#include "sim/experiments/training.hpp"

#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;

namespace {

using tests::array;
using tests::cell;

core::Configuration load(const std::string& parameters, const std::string& rest = "") {
  return tests::load_experiment("training", rest + "parameters:\n" + parameters);
}

const std::string small =
    "  data: {train_samples: 120, test_samples: 40, input_dimension: 90, input_norm2: 20}\n"
    "  network: {hidden_widths: [60]}\n"
    "  training: {epochs: 3, batch_size: 8, learning_rate: 0.01}\n";

core::TaskResult run(const core::Configuration& c, std::size_t point, std::size_t replicate) {
  return tests::run_task(c, point, replicate);
}

}  // namespace

TEST_CASE("training: one row per recorded epoch and layer, in that order", "[experiments]") {
  const auto c = load(small + "  record: {epochs: [0, 2], layers: [fc1, fc2]}\n");
  const auto result = run(c, 0, 0);
  REQUIRE(result.rows.size() == 6);
  const std::vector<std::pair<std::int64_t, std::string>> expected{
      {0, "fc1"}, {0, "fc2"}, {2, "fc1"}, {2, "fc2"}, {3, "fc1"}, {3, "fc2"}};
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(cell(result.rows[i], "epoch") == core::Value(expected[i].first));
    CHECK(cell(result.rows[i], "layer") == core::Value(expected[i].second));
  }
  // sgd_time = learning_rate * steps / (1 - momentum) = 0.01 * 3 * 15 / 0.1
  CHECK(std::abs(std::get<double>(cell(result.rows[4], "sgd_time")) - 4.5) < 1e-9);
  CHECK(array(result, "history").shape == std::vector<std::size_t>{3, 4});
  // No other column may end in the words that name the two results.
  for (const auto& [column, value] : result.rows[0]) {
    if (column.ends_with("phase")) CHECK(column == "phase");
    if (column.ends_with("alpha")) CHECK(column == "alpha");
  }
}

TEST_CASE("training: data and initial weights are paired along a sweep", "[experiments][repro]") {
  const auto c = load(small, "sweep: {training.batch_size: [8, 40]}\n");
  const auto a = run(c, 0, 0), b = run(c, 1, 0), other = run(c, 0, 1), again = run(c, 0, 0);
  CHECK(array(a, "fc1/initial_weights").values == array(b, "fc1/initial_weights").values);
  CHECK(array(a, "fc1/initial_weights").values != array(other, "fc1/initial_weights").values);
  CHECK(array(a, "history").values != array(b, "history").values);
  CHECK(a.rows == again.rows);
  // Doing nothing leaves the initial weights: a network of zero epochs is the paired one.
  const auto none = load(small + "", "outputs: [weights, initial_weights]\n");
  CHECK(array(run(none, 0, 0), "fc1/initial_weights").values ==
        array(a, "fc1/initial_weights").values);
}

TEST_CASE("training: impossible combinations are refused before anything runs",
          "[experiments][errors]") {
  CHECK_THROWS_WITH(load("  data: {kind: idx}\n"),
                    ContainsSubstring("data.images=PATH") && ContainsSubstring("2 errors"));
  CHECK_THROWS_WITH(load("  network: {hidden_widths: [20]}\n"),
                    ContainsSubstring("leaves no layer with min(N, M) >= 50"));
  CHECK_THROWS_WITH(load("  record: {layers: [fc3]}\n"),
                    ContainsSubstring("holds 'fc3', which is no layer") &&
                        ContainsSubstring("did you mean 'fc1'?"));
  CHECK_THROWS_WITH(load("  training: {epochs: 5}\n  record: {epochs: [9]}\n"),
                    ContainsSubstring("holds 9, but training.epochs is 5"));
}

TEST_CASE("training: a missing data file fails the task with its name", "[experiments][errors]") {
  const auto c = load("  data: {kind: idx, images: absent-images, labels: absent-labels}\n");
  CHECK_THROWS_WITH(run(c, 0, 0), ContainsSubstring("absent-images"));
}

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
  // No update has led to epoch 0; the last one of later epochs is smaller than all of them.
  for (std::size_t i = 0; i < 6; ++i) {
    if (i < 2) {
      CHECK(cell(result.rows[i], "update_norm") == core::Value());
      continue;
    }
    const double update = std::get<double>(cell(result.rows[i], "update_norm"));
    CHECK(update > 0);
    CHECK(update < std::get<double>(cell(result.rows[i], "frobenius_norm")) *
                       std::get<double>(cell(result.rows[i], "weight_change")));
  }
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

TEST_CASE("training: a run that diverges is an error with step, loss and |W|, no record",
          "[experiments][errors]") {
  const auto c = load(
      "  data: {train_samples: 120, test_samples: 40, input_dimension: 90, input_norm2: 20}\n"
      "  network: {hidden_widths: [60]}\n"
      "  training: {epochs: 30, batch_size: 1, learning_rate: 5}\n");
  CHECK_THROWS_WITH(run(c, 0, 0), ContainsSubstring("training diverged in epoch ") &&
                                      ContainsSubstring(", step ") &&
                                      ContainsSubstring("; loss = ") &&
                                      ContainsSubstring(", |W| = "));
}

TEST_CASE("training: early stopping ends with a record of the last epoch", "[experiments]") {
  // The first loss is an improvement on none; no later one falls by 10, so patience alone decides.
  const auto c = load(
      "  data: {train_samples: 120, test_samples: 40, input_dimension: 90, input_norm2: 20}\n"
      "  network: {hidden_widths: [60]}\n"
      "  training: {epochs: 30, learning_rate: 0.001, patience: 4, min_improvement: 10}\n",
      "sweep: {training.early_stopping: [test_loss, train_loss, none]}\n");
  for (const auto& [point, epochs] : {std::pair<std::size_t, std::size_t>{0, 5}, {1, 5}, {2, 30}}) {
    CAPTURE(point);
    const auto result = run(c, point, 0);
    CHECK(array(result, "history").shape == std::vector<std::size_t>{epochs, 4});
    REQUIRE(result.rows.size() == 1);
    CHECK(cell(result.rows[0], "epoch") == core::Value(static_cast<std::int64_t>(epochs)));
  }
}

TEST_CASE("training: runs end at equal steps, sgd_time or loss", "[experiments]") {
  const auto c = [](const std::string& stop) {
    return load(
        "  data: {train_samples: 120, test_samples: 40, input_dimension: 90, input_norm2: 20}\n"
        "  network: {hidden_widths: [60]}\n"
        "  training: {epochs: 40, learning_rate: 0.01, " +
            stop + "}\n",
        "sweep: {training.batch_size: [4, 40]}\n");
  };
  const auto last = [&](const std::string& stop, std::size_t point, const std::string& column) {
    return cell(run(c(stop), point, 0).rows.back(), column);
  };
  for (const std::size_t point : {0U, 1U}) {
    CAPTURE(point);
    CHECK(last("stop_at: steps, stop_value: 35", point, "steps") == core::Value(std::int64_t{35}));
    // 0.1 a step: 7.45 is reached at 75 steps.
    CHECK(last("stop_at: sgd_time, stop_value: 7.45", point, "steps") ==
          core::Value(std::int64_t{75}));
    const auto result = run(c("stop_at: train_loss, stop_value: 1.8"), point, 0);
    const auto history = std::get<std::vector<double>>(array(result, "history").values);
    CHECK(history[history.size() - 2] <= 1.8);
    REQUIRE(history.size() >= 8);
    CHECK(history[history.size() - 6] > 1.8);  // and not an epoch later than need be
  }
  // Epochs of 30 and of 3 steps: equal steps are far from equal epochs.
  CHECK(last("stop_at: steps, stop_value: 35", 0, "epoch") == core::Value(std::int64_t{2}));
  CHECK(last("stop_at: steps, stop_value: 35", 1, "epoch") == core::Value(std::int64_t{12}));
  CHECK_THROWS_WITH(run(c("stop_at: train_loss, stop_value: 1e-9"), 0, 0),
                    ContainsSubstring("after 40 epochs and should have fallen to"));
  CHECK_THROWS_WITH(c("stop_at: steps, stop_value: 121"),
                    ContainsSubstring("is 40, too few to reach training.stop_value = 121"));
  CHECK_THROWS_WITH(c("stop_at: sgd_time"), ContainsSubstring("is needed for this stop_at"));
  CHECK_THROWS_WITH(c("stop_at: sgd_time, stop_value: 1, optimizer: adam"),
                    ContainsSubstring("is sgd_time, which Adam has not"));
}

TEST_CASE("training: settings of the optimiser reach it", "[experiments]") {
  const auto with = [](const std::string& training, const std::string& network = "") {
    return run(load("  data: {train_samples: 120, test_samples: 40, input_dimension: 90, "
                    "input_norm2: 20}\n  network: {hidden_widths: [60]" +
                    network + "}\n  training: {epochs: 2, batch_size: 8, learning_rate: 0.01" +
                    training + "}\n"),
               0, 0);
  };
  const auto loss = [](const core::TaskResult& result) {
    return std::get<double>(cell(result.rows.back(), "train_loss"));
  };
  const double plain = loss(with(""));
  CHECK(loss(with(", optimizer: sgd, schedule: constant, decay: coupled")) == plain);
  for (const std::string setting :
       {", optimizer: nesterov", ", optimizer: adam", ", decay: decoupled, weight_decay: 0.1",
        ", l1: 0.01", ", spectral_penalty: 0.01", ", dropout: 0.5", ", label_smoothing: 0.1",
        ", max_norm: 0.1", ", gradient_clip: 0.01", ", schedule: cosine",
        ", schedule: step, step_epochs: 1", ", warmup_epochs: 1", ", reference_batch: 16",
        ", layer_learning_rates: [fc2=0.1]", ", weight_decay: 0.5, layer_weight_decays: [fc1=0]"}) {
    CAPTURE(setting);
    CHECK(loss(with(setting)) != plain);
  }
  for (const std::string setting :
       {", activation: tanh", ", activation: linear", ", loss: mse", ", loss: softmax_mse",
        ", initialization: he_normal", ", initialization: lecun_uniform", ", initial_bias: 0.1"}) {
    CAPTURE(setting);
    CHECK(loss(with("", setting)) != plain);
  }
  // The steps of Adam do not scale with the gradient: there is no such time.
  CHECK(cell(with(", optimizer: adam").rows[0], "sgd_time") == core::Value());
}

TEST_CASE("training: factors of layers that do not exist are refused", "[experiments][errors]") {
  CHECK_THROWS_WITH(
      load("  training: {layer_learning_rates: [fc3=0.1], layer_weight_decays: [fc1]}\n"),
      ContainsSubstring("holds 'fc3=0.1' (must be a layer fc1 to fc2 and a factor > 0)") &&
          ContainsSubstring("holds 'fc1' (must be a layer fc1 to fc2 and a factor >= 0)"));
}

TEST_CASE("training: impossible combinations are refused before anything runs",
          "[experiments][errors]") {
  CHECK_THROWS_WITH(load("  data: {kind: idx}\n"),
                    ContainsSubstring("data.images=PATH") && ContainsSubstring("2 errors"));
  CHECK_THROWS_WITH(load("  data: {kind: cifar10, classes: 5}\n"),
                    ContainsSubstring("data.images=PATH") &&
                        ContainsSubstring("must be 10 for data.kind cifar10"));
  CHECK_THROWS_WITH(load("  network: {hidden_widths: [20]}\n"),
                    ContainsSubstring("leaves no layer with min(N, M) >= 50"));
  CHECK_THROWS_WITH(load("  record: {layers: [fc3]}\n"),
                    ContainsSubstring("holds 'fc3', which is no layer") &&
                        ContainsSubstring("did you mean 'fc1'?"));
  CHECK_THROWS_WITH(load("  training: {epochs: 5}\n  record: {epochs: [9]}\n"),
                    ContainsSubstring("holds 9, but training.epochs is 5"));
}

TEST_CASE("training: label noise changes the training set alone", "[experiments]") {
  const auto c = load(small + "  record: {epochs: [0]}\n", "sweep: {data.label_noise: [0, 1]}\n");
  const auto clean = run(c, 0, 0), random = run(c, 1, 0);
  CHECK(array(clean, "fc1/initial_weights").values == array(random, "fc1/initial_weights").values);
  // Of the initial network, which is the same.
  CHECK(cell(clean.rows[0], "train_loss") != cell(random.rows[0], "train_loss"));
  CHECK(cell(clean.rows[0], "test_loss") == cell(random.rows[0], "test_loss"));
}

TEST_CASE("training: CIFAR-10 images are 2352 inputs", "[experiments]") {
  const tests::TemporaryFolder folder;
  std::string bytes;
  for (int i = 0; i < 12; ++i) {
    bytes.push_back(static_cast<char>(i % 10));
    for (int k = 0; k < 3072; ++k) bytes.push_back(static_cast<char>((k * (i + 3)) % 251));
  }
  const auto c = load("  data: {kind: cifar10, train_samples: 8, test_samples: 4, images: " +
                      folder.write("c.bin", bytes) +
                      "}\n  network: {hidden_widths: [50]}\n"
                      "  training: {epochs: 1, learning_rate: 1e-5}\n");
  CHECK(cell(run(c, 0, 0).rows[0], "rows") == core::Value(std::int64_t{2352}));
}

TEST_CASE("training: a missing data file fails the task with its name", "[experiments][errors]") {
  const auto c = load("  data: {kind: idx, images: absent-images, labels: absent-labels}\n");
  CHECK_THROWS_WITH(run(c, 0, 0), ContainsSubstring("absent-images"));
}

// SPDX-License-Identifier: MIT
#include "sim/network/training.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "sim/network/initialization.hpp"
#include "sim/network/teacher.hpp"
#include "tests/catch.hpp"
#include "tests/sim/network/allocation_count.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace rmtlab::network {
namespace {

const std::vector<std::size_t> tiny_widths{20, 16, 4};

DataSplit tiny_data(std::uint64_t seed = 51) {
  TeacherConfig config;
  config.train_samples = 203;
  config.test_samples = 1000;
  config.input_dimension = 20;
  config.classes = 4;
  config.input_norm2 = 20;
  return make_teacher(config, core::Stream(seed).child("data"));
}

DenseNetwork<float> tiny_network(std::uint64_t seed = 51) {
  DenseNetwork<float> network(tiny_widths);
  initialize(network, Initialization::glorot_normal, core::Stream(seed).child("weights"));
  return network;
}

TrainingConfig tiny_config(std::size_t batch_size, std::size_t epochs = 5) {
  TrainingConfig config;
  config.batch_size = batch_size;
  config.epochs = epochs;
  config.optimizer.learning_rate = 0.01;
  return config;
}

bool keep_going(const EpochReport&, const DenseNetwork<float>&) { return true; }

// Everything at once that leaves the path of plain SGD.
TrainingConfig rich_config(std::size_t batch_size) {
  TrainingConfig config = tiny_config(batch_size);
  config.optimizer.method = Method::adam;
  config.optimizer.decay = Decay::decoupled;
  config.optimizer.l1 = 1e-4;
  config.optimizer.gradient_clip = 1;
  config.optimizer.max_norm = 2;
  config.optimizer.spectral_penalty = 1e-2;
  config.schedule = {.course = Course::cosine, .warmup_epochs = 1, .reference_batch = 16};
  config.dropout = 0.2;
  return config;
}

std::vector<float> trained(std::size_t batch_size, std::uint64_t seed) {
  const Dataset data = tiny_data().train;
  DenseNetwork<float> network = tiny_network();
  Trainer trainer(network, data, tiny_config(batch_size), core::Stream(seed));
  REQUIRE(train(trainer, keep_going));
  return network.parameters().flat();
}

TEST_CASE("training: steps per epoch keep a partial batch", "[network]") {
  CHECK(steps_per_epoch(4000, 16) == 250);
  CHECK(steps_per_epoch(4000, 512) == 8);
  CHECK(steps_per_epoch(4001, 16) == 251);
  CHECK(steps_per_epoch(10, 16) == 1);
  CHECK_THROWS_WITH(steps_per_epoch(10, 0), ContainsSubstring("batch_size = 0 (must be >= 1)"));

  const Dataset data = tiny_data().train;  // 203 samples
  DenseNetwork<float> network = tiny_network();
  Trainer trainer(network, data, tiny_config(8), core::Stream(1));
  const double step = 0.01 / (1 - 0.9);
  CHECK_THAT(*trainer.run_epoch()->sgd_time, WithinRel(26 * step, 1e-12));
  CHECK_THAT(*trainer.run_epoch()->sgd_time, WithinRel(52 * step, 1e-12));
}

TEST_CASE("training: every epoch takes each sample once, in a new order", "[network]") {
  const Dataset data = tiny_data().train;
  DenseNetwork<float> network = tiny_network();
  // Steps too small to change a float: the running scores are then those of the fixed network,
  // whatever the order, if and only if each sample is scored once.
  TrainingConfig config = tiny_config(8);
  config.optimizer.learning_rate = 1e-30;
  Trainer trainer(network, data, config, core::Stream(2));
  const Score fixed = evaluate(network, data);
  std::vector<std::uint32_t> first;
  for (int epoch = 1; epoch <= 2; ++epoch) {
    const auto report = trainer.run_epoch();
    // Batches of 8 are summed in another order than those of 256: rounding of float outputs.
    CHECK_THAT(report->train_loss, WithinRel(fixed.loss, 1e-6));
    CHECK(report->train_accuracy == fixed.accuracy);
    CHECK(report->epoch == std::size_t(epoch));
    std::vector<std::uint32_t> order(trainer.order().begin(), trainer.order().end());
    CHECK(order != first);
    first = order;
    std::sort(order.begin(), order.end());
    bool each_once = order.size() == data.samples();
    for (std::size_t i = 0; i < order.size(); ++i) each_once = each_once && order[i] == i;
    CHECK(each_once);
  }
}

TEST_CASE("training: a batch larger than the data is full-batch gradient descent", "[network]") {
  const Dataset data = tiny_data().train;
  DenseNetwork<float> network = tiny_network();
  DenseNetwork<double> reference(tiny_widths);
  const auto start = network.parameters().flat();
  reference.parameters().assign(std::vector<double>(start.begin(), start.end()));

  Trainer trainer(network, data, tiny_config(100000), core::Stream(3));
  Optimizer<double> sgd(tiny_widths, tiny_config(1).optimizer);
  Workspace<double> workspace(tiny_widths, data.samples());
  Parameters<double> gradient(tiny_widths);
  const std::vector<double> x(data.inputs.begin(), data.inputs.end());
  for (int epoch = 0; epoch < 5; ++epoch) {
    trainer.run_epoch();
    reference.forward(x, workspace);
    reference.backward(x, data.labels, workspace, gradient);
    sgd.step(reference, gradient);
  }
  const auto a = network.parameters().flat();
  const auto b = reference.parameters().flat();
  double worst = 0;
  for (std::size_t k = 0; k < a.size(); ++k) worst = std::max(worst, std::abs(double(a[k]) - b[k]));
  CHECK(worst < 1e-6);  // five steps in single precision, numbers of order 1
}

TEST_CASE("training: the same stream gives the same bits, another one does not",
          "[network][repro]") {
  for (const std::size_t batch_size : {1U, 16U, 50U}) {
    CAPTURE(batch_size);
    CHECK(trained(batch_size, 4) == trained(batch_size, 4));
    CHECK(trained(batch_size, 4) != trained(batch_size, 5));
  }
}

TEST_CASE("training: threads do not disturb each other", "[network][repro]") {
  const std::vector<float> alone = trained(8, 4);
  std::vector<std::vector<float>> together(4);
  {
    const Dataset data = tiny_data().train;
    std::vector<std::jthread> threads;
    for (std::vector<float>& result : together)
      threads.emplace_back([&data, &result] {
        DenseNetwork<float> network = tiny_network();
        Trainer trainer(network, data, tiny_config(8), core::Stream(4));
        train(trainer, keep_going);
        result = network.parameters().flat();
      });
  }
  for (const std::vector<float>& result : together) CHECK(result == alone);
}

TEST_CASE("training: a restored training ends with the same bits", "[network][repro]") {
  const Dataset data = tiny_data().train;
  DenseNetwork<float> network = tiny_network();
  Trainer first(network, data, tiny_config(8), core::Stream(6));
  TrainingState state;
  const auto stop_at_two = [&](const EpochReport& report, const DenseNetwork<float>&) {
    if (report.epoch < 2) return true;
    state = first.state();
    return false;
  };
  CHECK_FALSE(train(first, stop_at_two));
  CHECK(state.epoch == 2);
  const bool finished = train(first, keep_going);
  CHECK(finished);
  const auto uninterrupted = network.parameters().flat();

  DenseNetwork<float> other(tiny_widths);
  Trainer second(other, data, tiny_config(8), core::Stream(6));
  second.restore(state);
  CHECK(train(second, keep_going));
  CHECK(second.epoch() == 5);
  CHECK(other.parameters().flat() == uninterrupted);

  state.velocity.pop_back();
  CHECK_THROWS_WITH(second.restore(state), ContainsSubstring("Trainer::restore: a state of 2"));
}

TEST_CASE("training: Adam, a schedule and dropout go on from a state, too", "[network][repro]") {
  const Dataset data = tiny_data().train;
  DenseNetwork<float> network = tiny_network();
  Trainer first(network, data, rich_config(8), core::Stream(6));
  first.run_epoch();
  first.run_epoch();
  const TrainingState state = first.state();
  CHECK(state.second_moment.size() == network.parameters().size());
  const EpochReport report = *first.run_epoch();
  CHECK_FALSE(report.sgd_time.has_value());

  DenseNetwork<float> other(tiny_widths);
  Trainer second(other, data, rich_config(8), core::Stream(6));
  second.restore(state);
  CHECK(second.run_epoch()->train_loss == report.train_loss);
  CHECK(other.parameters().flat() == network.parameters().flat());
  // Negative control: without the second moment or at another step it would differ.
  TrainingState wrong = state;
  for (float& u : wrong.second_moment) u *= 2;
  second.restore(wrong);
  second.run_epoch();
  CHECK(other.parameters().flat() != network.parameters().flat());
  // The singular vectors are part of the state too.
  wrong = state;
  REQUIRE(wrong.spectral_vectors.size() == 16 + 4);
  std::ranges::fill(wrong.spectral_vectors, 0.2F);
  second.restore(wrong);
  second.run_epoch();
  CHECK(other.parameters().flat() != network.parameters().flat());
  wrong.spectral_vectors.clear();
  CHECK_THROWS_WITH(second.restore(wrong), ContainsSubstring("0 numbers of singular vectors"));
  // A state of SGD does not fit.
  wrong = state;
  wrong.second_moment.clear();
  CHECK_THROWS_WITH(second.restore(wrong), ContainsSubstring("0 second moments"));
}

TEST_CASE("training: the norm of the last update, whatever made it", "[network]") {
  const Dataset data = tiny_data().train;  // 26 steps of 8 samples
  const auto method = GENERATE(Method::sgd, Method::nesterov, Method::adam);
  const auto rich = GENERATE(false, true);
  const auto steps = GENERATE(std::size_t{52}, std::size_t{30});  // a whole epoch; part of one
  CAPTURE(int(method), rich, steps);
  TrainingConfig config = rich ? rich_config(8) : tiny_config(8);
  config.optimizer.method = method;
  const auto weights_after = [&](std::size_t max_steps) {
    config.max_steps = max_steps;
    DenseNetwork<float> network = tiny_network();
    Trainer trainer(network, data, config, core::Stream(16));
    REQUIRE(train(trainer, keep_going));
    return network;
  };
  // The same training, ended one step earlier.
  const DenseNetwork<float> before = weights_after(steps - 1);

  config.max_steps = steps;
  DenseNetwork<float> network = tiny_network();
  Trainer trainer(network, data, config, core::Stream(16));
  CHECK_FALSE(trainer.update_norm(0).has_value());
  REQUIRE(train(trainer, keep_going));
  REQUIRE(trainer.config().max_steps == steps);
  for (std::size_t l = 0; l < 2; ++l) {
    double sum = 0, square = 0;
    std::size_t at = l == 0 ? 0 : 20 * 16 + 16;
    const std::vector<float> velocity = trainer.state().velocity;
    for (std::size_t k = 0; k < network.weights(l).size(); ++k, ++at) {
      sum += std::pow(double(network.weights(l)[k]) - double(before.weights(l)[k]), 2);
      square += std::pow(double(velocity[at]), 2);
    }
    CHECK(sum > 0);
    CHECK_THAT(*trainer.update_norm(l), WithinRel(std::sqrt(sum), 1e-12));
    // Plain SGD adds its velocity: equal up to the rounding of weights some 1000 times as large.
    if (method == Method::sgd && !rich)
      CHECK_THAT(*trainer.update_norm(l), WithinRel(std::sqrt(square), 1e-4));
    if (method != Method::sgd)  // negative control: the others do not
      CHECK(std::abs(*trainer.update_norm(l) / std::sqrt(square) - 1) > 1e-3);
  }
  const TrainingState state = trainer.state();
  trainer.restore(state);
  CHECK_FALSE(trainer.update_norm(0).has_value());
}

TEST_CASE("training: sgd_time adds up the rates of a schedule", "[network]") {
  const Dataset data = tiny_data().train;  // 26 steps of 8 samples
  DenseNetwork<float> network = tiny_network();
  TrainingConfig config = tiny_config(8);
  config.schedule.warmup_epochs = 1;
  Trainer trainer(network, data, config, core::Stream(14));
  CHECK_THAT(*trainer.run_epoch()->sgd_time, WithinRel(0.01 * 13.5 / 0.1, 1e-12));
  CHECK_THAT(*trainer.run_epoch()->sgd_time, WithinRel(0.01 * (13.5 + 26) / 0.1, 1e-12));
}

TEST_CASE("training: max_steps ends a training between epochs, with the same bits up to there",
          "[network]") {
  const Dataset data = tiny_data().train;  // 26 steps of 8 samples
  TrainingConfig config = tiny_config(8);
  config.max_steps = 30;
  DenseNetwork<float> network = tiny_network();
  Trainer trainer(network, data, config, core::Stream(15));
  std::vector<EpochReport> reports;
  CHECK(train(trainer, [&](const EpochReport& report, const DenseNetwork<float>&) {
    reports.push_back(report);
    return true;
  }));
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].steps == 26);
  CHECK(reports[1].steps == 30);
  CHECK_THAT(*reports[1].sgd_time, WithinRel(30 * 0.01 / 0.1, 1e-12));
  CHECK(trainer.finished());

  // The same four steps of the second epoch, made by hand.
  DenseNetwork<float> other = tiny_network();
  Trainer whole(other, data, tiny_config(8), core::Stream(15));
  whole.run_epoch();
  Optimizer<float> optimizer(tiny_widths, config.optimizer);
  optimizer.velocity().assign(whole.state().velocity);
  Workspace<float> workspace(tiny_widths, 8);
  double loss = 0;
  for (std::size_t step = 0; step < 4; ++step) {
    std::vector<float> x;
    std::vector<Label> labels;
    for (std::size_t b = 0; b < 8; ++b) {
      const std::size_t sample = trainer.order()[8 * step + b];
      x.insert(x.end(), data.input(sample).begin(), data.input(sample).end());
      labels.push_back(data.labels[sample]);
    }
    loss += optimizer.train_batch(other, x, labels, workspace).loss_sum / 32;
  }
  CHECK(other.parameters().flat() == network.parameters().flat());
  CHECK_THAT(reports[1].train_loss, WithinRel(loss, 1e-12));
}

TEST_CASE("training: early stopping waits for as many epochs as its patience", "[network]") {
  const auto stops_at = [](EarlyStopping stopping, const std::vector<double>& losses) {
    for (std::size_t i = 0; i < losses.size(); ++i)
      if (stopping.update(losses[i])) return i;
    return losses.size();
  };
  const std::vector<double> losses{5, 4, 4.5, 3.9, 4, 4, 4, 3, 2};
  CHECK(stops_at(EarlyStopping(0), losses) == 2);
  CHECK(stops_at(EarlyStopping(1), losses) == 2);
  CHECK(stops_at(EarlyStopping(3), losses) == 6);
  CHECK(stops_at(EarlyStopping(4), losses) == 9);
  CHECK(stops_at(EarlyStopping(2, 0.5), losses) == 3);  // 3.9 is no improvement of 0.5
  CHECK(stops_at(EarlyStopping(1), {1, std::numeric_limits<double>::quiet_NaN()}) == 1);
}

TEST_CASE("training: a requested stop is seen before the next step", "[network]") {
  const Dataset data = tiny_data().train;
  DenseNetwork<float> network = tiny_network();
  Trainer trainer(network, data, tiny_config(8), core::Stream(7));
  std::stop_source source;
  int called = 0;
  const auto stop_after_first = [&](const EpochReport&, const DenseNetwork<float>&) {
    ++called;
    source.request_stop();
    return true;
  };
  CHECK_FALSE(train(trainer, stop_after_first, source.get_token()));
  CHECK(called == 1);
  CHECK(trainer.epoch() == 1);
  const auto before = network.parameters().flat();
  CHECK_FALSE(trainer.run_epoch(source.get_token()).has_value());
  CHECK(network.parameters().flat() == before);
}

TEST_CASE("training: the steps of an epoch allocate nothing", "[network]") {
  if (!tests::allocation_count()) {
    WARN("skipped: allocations cannot be counted under AddressSanitizer");
    return;
  }
  const Dataset data = tiny_data().train;
  const auto [batch_size, rich] = GENERATE(
      table<std::size_t, bool>({{1, false}, {8, false}, {20, false}, {1, true}, {20, true}}));
  {
    DenseNetwork<float> network = tiny_network();
    Trainer trainer(network, data, rich ? rich_config(batch_size) : tiny_config(batch_size),
                    core::Stream(8));
    Workspace<float> workspace(tiny_widths, 64);
    trainer.run_epoch();
    const std::size_t before = *tests::allocation_count();
    trainer.run_epoch();
    evaluate(network, data, workspace);
    const std::size_t after = *tests::allocation_count();
    CAPTURE(batch_size, rich);
    // The epoch's streams derive their identities through short strings. A step that allocated would
    // show 203, 26 or 11 times.
    CHECK(after - before <= 4);
  }
  const std::size_t before = *tests::allocation_count();
  CHECK(DenseNetwork<float>(tiny_widths).layers() == 2);
  CHECK(*tests::allocation_count() > before);  // negative control: the counter counts
}

TEST_CASE("training: divergence is an error that says what to try", "[network][errors]") {
  const Dataset data = tiny_data().train;
  DenseNetwork<float> network = tiny_network();
  const auto run = [&](const TrainingConfig& config) {
    network = tiny_network();
    Trainer trainer(network, data, config, core::Stream(9));
    train(trainer, keep_going);
  };
  TrainingConfig config = tiny_config(1, 50);
  config.optimizer.learning_rate = 10;
  CHECK_THROWS_AS(run(config), DivergenceError);
  CHECK_THROWS_WITH(
      run(config),
      ContainsSubstring("(batch_size = 1, learning_rate = 10): ") &&
          ContainsSubstring("try a lower learning_rate, a larger batch_size or a smaller "
                            "input_norm2"));

  // A large rate that grows the weights but keeps everything finite.
  config.optimizer.learning_rate = 0.05;
  config.max_weight_growth = 1.5;
  CHECK_THROWS_WITH(run(config), ContainsSubstring("the weights of fc") &&
                                     ContainsSubstring("times (Frobenius norm; "
                                                       "max_weight_growth = 1.5)"));
  CHECK_NOTHROW(run(tiny_config(8, 50)));  // negative control: a sane rate passes
}

TEST_CASE("training: each sign of divergence is recognised", "[network][errors]") {
  const Dataset data = tiny_data().train;
  DenseNetwork<float> network = tiny_network();
  Trainer trainer(network, data, tiny_config(8), core::Stream(10));
  trainer.run_epoch();
  const TrainingState good = trainer.state();
  const auto with = [&](auto change) {
    TrainingState state = good;
    change(state);
    trainer.restore(state);
    trainer.run_epoch();
  };
  CHECK_NOTHROW(with([](TrainingState&) {}));
  // A loss that was ln 4 lower before, and a little more.
  CHECK_THROWS_WITH(with([](TrainingState& s) { s.lowest_loss -= std::log(4.0) + 0.5; }),
                    ContainsSubstring("in epoch 2, step 52") &&
                        ContainsSubstring("is more than 1.386, that of a blind guess, above its "
                                          "lowest"));
  CHECK_THROWS_WITH(
      with([](TrainingState& s) { s.parameters[0] = std::numeric_limits<float>::quiet_NaN(); }),
      // 203 samples in batches of 8 are 26 steps: the next one is the first to see it.
      ContainsSubstring("training diverged in epoch 2, step 27 (batch_size = 8, learning_rate = "
                        "0.01): the loss is not finite; loss = nan, |W| = nan; try"));
  const auto growth = [](TrainingState& s) { s.initial_norms[1] /= 100; };
  CHECK_THROWS_WITH(with(growth), ContainsSubstring("the weights of fc2 have grown"));
  // |W| is that of all weights: the network is left as it was when it diverged.
  double sum = 0;
  for (std::size_t l = 0; l < network.layers(); ++l)
    for (const float w : network.weights(l)) sum += double(w) * double(w);
  std::ostringstream norm;
  norm << std::setprecision(4) << ", |W| = " << std::sqrt(sum) << "; try";
  CHECK_THROWS_WITH(with(growth), ContainsSubstring(norm.str()));
}

TEST_CASE("training: a weight that overflows where no sample looks is still seen",
          "[network][errors]") {
  // Input 0 is always zero, so the infinite velocity of its weights never reaches the loss.
  Dataset data = tiny_data().train;
  for (std::size_t s = 0; s < data.samples(); ++s) data.inputs[s * 20] = 0;
  DenseNetwork<float> network = tiny_network();
  Trainer trainer(network, data, tiny_config(300), core::Stream(11));
  TrainingState state = trainer.state();
  state.velocity[0] = std::numeric_limits<float>::infinity();
  trainer.restore(state);
  CHECK_THROWS_WITH(trainer.run_epoch(), ContainsSubstring("a weight of fc1 is not finite"));
}

TEST_CASE("training: what cannot be trained is refused", "[network][errors]") {
  const Dataset data = tiny_data().train;
  DenseNetwork<float> network = tiny_network();
  const core::Stream stream(12);
  const auto trainer = [&](const Dataset& set, const TrainingConfig& config) {
    const Trainer made(network, set, config, stream);
  };
  CHECK_THROWS_WITH(trainer(data, tiny_config(0)), ContainsSubstring("batch_size = 0"));
  TrainingConfig config;
  config.max_weight_growth = 1;
  CHECK_THROWS_WITH(trainer(data, config),
                    ContainsSubstring("max_weight_growth = 1 (must be > 1)"));
  config = {};
  config.optimizer.momentum = -1;
  CHECK_THROWS_WITH(trainer(data, config), ContainsSubstring("momentum = -1 (must be >= 0"));
  CHECK_THROWS_WITH(trainer({20, 4, {}, {}}, {}),
                    ContainsSubstring("Trainer: the data set has no samples"));
  CHECK_THROWS_WITH(trainer({20, 4, std::vector<float>(19), {0}}, {}),
                    ContainsSubstring("Trainer: 19 inputs for 1 samples of 20"));
  CHECK_THROWS_WITH(trainer({20, 4, std::vector<float>(20), {4}}, {}),
                    ContainsSubstring("Trainer: label = 4 of sample 0 (must be < 4)"));
  CHECK_THROWS_WITH(trainer({10, 4, std::vector<float>(10), {0}}, {}),
                    ContainsSubstring("data with 10 inputs and 4 classes, network with 20 inputs"));
}

TEST_CASE("training: a tiny network learns a tiny teacher", "[network]") {
  const DataSplit data = tiny_data();
  DenseNetwork<float> network = tiny_network();
  Trainer trainer(network, data.train, tiny_config(8, 30), core::Stream(13));
  const Score before = evaluate(network, data.test);
  std::vector<double> losses;
  train(trainer, [&](const EpochReport& report, const DenseNetwork<float>&) {
    losses.push_back(report.train_loss);
    return true;
  });
  const Score after = evaluate(network, data.test);
  std::vector<double> fractions(4);
  for (const Label label : data.test.labels) fractions[label] += 1.0 / 1000;
  const double guess = *std::max_element(fractions.begin(), fractions.end());
  CAPTURE(before.accuracy, after.accuracy, guess, losses.front(), losses.back());
  CHECK(losses.size() == 30);
  CHECK(losses.back() < 0.5 * losses.front());
  CHECK(after.accuracy > guess + 0.15);
  CHECK(before.accuracy < guess + 0.15);
}

}  // namespace
}  // namespace rmtlab::network

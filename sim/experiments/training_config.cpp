// SPDX-License-Identifier: MIT
#include "sim/experiments/training_config.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace rmtlab::experiments {

using core::at_least;
using core::non_negative;
using core::positive;

namespace {

void declare_protocol(core::Schema& schema, TrainingParameters& p) {
  schema.choice<Protocol>("stop_at", p.stop_at,
                          {{"epochs", Protocol::epochs},
                           {"steps", Protocol::steps},
                           {"sgd_time", Protocol::sgd_time},
                           {"train_loss", Protocol::train_loss}},
                          "what runs that are compared have in common at their end; for all but "
                          "epochs, the epochs must suffice to reach stop_value");
  schema.number("stop_value", p.stop_value, non_negative(),
                "number of steps, sgd_time, or running training loss to fall to");
}

void complain_about_protocol(const TrainingParameters& p, std::vector<core::Complaint>& list) {
  if (p.stop_at == Protocol::epochs) return;
  if (!(p.stop_value > 0)) {
    list.push_back({"training.stop_value", "is needed for this stop_at and not set", {}});
    return;
  }
  if (p.stop_at == Protocol::sgd_time && p.training.optimizer.method == network::Method::adam)
    list.push_back({"training.stop_at", "is sgd_time, which Adam has not", {}});
  else if (p.stop_at != Protocol::train_loss && !stop_steps(p))
    list.push_back({"training.epochs",
                    fmt::format("is {}, too few to reach training.stop_value = {}",
                                p.training.epochs, p.stop_value),
                    {}});
}

void declare_optimizer(core::Schema& schema, TrainingParameters& p) {
  using network::Decay;
  using network::Method;
  auto& optimizer = p.training.optimizer;
  schema.choice<Method>(
      "optimizer", optimizer.method,
      {{"sgd", Method::sgd}, {"nesterov", Method::nesterov}, {"adam", Method::adam}},
      "adam with decay: decoupled is AdamW");
  schema.choice<Decay>("decay", optimizer.decay,
                       {{"coupled", Decay::coupled}, {"decoupled", Decay::decoupled}},
                       "coupled: weight_decay W is part of the gradient; decoupled: W also shrinks "
                       "by learning_rate weight_decay W in each step");
  schema.number("adam_beta1", optimizer.adam_beta1, core::fraction_below_one(),
                "adam: decay of the mean of the gradient");
  schema.number("adam_beta2", optimizer.adam_beta2, core::fraction_below_one(),
                "adam: decay of the mean of its square");
  schema.number("adam_epsilon", optimizer.adam_epsilon, positive(),
                "adam: added to the root of that");
  schema.texts("layer_learning_rates", p.layer_learning_rates, "a list such as [fc1=0.1]",
               "factors of learning_rate for layers that differ");
  schema.texts("layer_weight_decays", p.layer_weight_decays, "a list such as [fc2=0]",
               "factors of weight_decay, l1 and spectral_penalty for layers that differ");
}

void declare_schedule(core::Schema& schema, network::ScheduleConfig& schedule) {
  using network::Course;
  schema.choice<Course>(
      "schedule", schedule.course,
      {{"constant", Course::constant}, {"step", Course::step}, {"cosine", Course::cosine}},
      "course of the learning rate after the warm-up");
  schema.integer("warmup_epochs", schedule.warmup_epochs, non_negative(),
                 "epochs in which the learning rate grows linearly from 0");
  schema.integer("step_epochs", schedule.step_epochs, at_least(1),
                 "step: epochs between two drops of the learning rate");
  schema.number("step_factor", schedule.step_factor,
                core::Bounds{.lower = 0, .upper = 1, .open_lower = true},
                "step: what a drop multiplies the learning rate by");
  schema.number("final_fraction", schedule.final_fraction, core::between(0, 1),
                "cosine: share of the learning rate that is left at the end");
  schema.integer("reference_batch", schedule.reference_batch, non_negative(),
                 "if not 0, learning_rate is that of this batch size, and proportional to it");
}

void declare_regularisation(core::Schema& schema, TrainingParameters& p) {
  auto& optimizer = p.training.optimizer;
  schema.number("l1", optimizer.l1, non_negative(),
                "coefficient of the penalty sum |w|, on weights and not on biases");
  schema.number(
      "spectral_penalty", optimizer.spectral_penalty, non_negative(),
      "coefficient of the penalty sum ||W||_2^2 / 2, of the layers' largest singular values");
  schema.number("dropout", p.training.dropout, core::fraction_below_one(),
                "probability that a step leaves a hidden unit out");
  schema.number("label_smoothing", p.label_smoothing, core::fraction_below_one(),
                "share of the target that is spread evenly over the classes");
  schema.number("max_norm", optimizer.max_norm, non_negative(),
                "if not 0, largest norm of the weights into one unit");
  schema.number("gradient_clip", optimizer.gradient_clip, non_negative(),
                "if not 0, largest norm of the gradient of all parameters");
  schema.choice<Monitor>("early_stopping", p.early_stopping,
                         {{"none", Monitor::none},
                          {"train_loss", Monitor::train_loss},
                          {"test_loss", Monitor::test_loss}},
                         "the loss whose standstill ends the training before its epochs do");
  schema.integer("patience", p.patience, non_negative(),
                 "early_stopping: epochs in a row without improvement; 0 acts as 1");
  schema.number("min_improvement", p.min_improvement, non_negative(),
                "early_stopping: what the loss must fall by to count as improved");
}

// "fc2=0.1" as (1, 0.1); nothing if it is not of that form or there is no such layer.
std::optional<std::pair<std::size_t, double>> parse_layer_factor(const std::string& text,
                                                                 std::size_t layers) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) return std::nullopt;
  for (std::size_t l = 0; l < layers; ++l) {
    if (text.substr(0, equals) != network::layer_name(l)) continue;
    double factor = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + equals + 1, end, factor);
    if (error != std::errc() || stop != end || !std::isfinite(factor)) return std::nullopt;
    return std::pair{l, factor};
  }
  return std::nullopt;
}

// The factors of all layers; those not named have 1.
std::vector<double> layer_factors(const std::vector<std::string>& texts, std::size_t layers) {
  if (texts.empty()) return {};
  std::vector<double> factors(layers, 1.0);
  for (const auto& text : texts) {
    const auto parsed = parse_layer_factor(text, layers);
    if (!parsed)
      throw std::invalid_argument(
          fmt::format("training: '{}' is no factor of a layer, such as fc1=0.1", text));
    factors[parsed->first] = parsed->second;
  }
  return factors;
}

void complain_about_factors(const TrainingParameters& p, std::vector<core::Complaint>& list) {
  const std::size_t layers = p.hidden_widths.size() + 1;
  const auto complain = [&](const char* path, const std::vector<std::string>& texts, bool zero) {
    for (const auto& text : texts) {
      const auto parsed = parse_layer_factor(text, layers);
      if (!parsed || parsed->second < 0 || (parsed->second == 0 && !zero))
        list.push_back({path,
                        fmt::format("holds '{}' (must be a layer fc1 to fc{} and a factor {} 0)",
                                    text, layers, zero ? ">=" : ">"),
                        {"write fc1=0.1"}});
    }
  };
  complain("training.layer_learning_rates", p.layer_learning_rates, false);
  complain("training.layer_weight_decays", p.layer_weight_decays, true);
}

}  // namespace

void declare(core::Schema& schema, TrainingParameters& p) {
  using network::Initialization;
  schema.section("data", "what the network learns", [&] { declare_data(schema, p.data); });
  schema.section("network", "what learns", [&] {
    schema.integers("hidden_widths", p.hidden_widths, at_least(1),
                    "units of the hidden layers; [128] is d-128-K");
    schema.choice<network::Activation>("activation", p.activation,
                                       {{"relu", network::Activation::relu},
                                        {"tanh", network::Activation::tanh},
                                        {"linear", network::Activation::linear}},
                                       "of the hidden layers");
    schema.choice<network::Loss>("loss", p.loss,
                                 {{"softmax_cross_entropy", network::Loss::softmax_cross_entropy},
                                  {"mse", network::Loss::mse},
                                  {"softmax_mse", network::Loss::softmax_mse}},
                                 "what training minimises; both mean squares are means over the "
                                 "classes, of the outputs or of their softmax");
    schema.choice<Initialization>(
        "initialization", p.initialization,
        {{"glorot_normal", Initialization::glorot_normal},
         {"truncated_glorot_normal", Initialization::truncated_glorot_normal},
         {"glorot_uniform", Initialization::glorot_uniform},
         {"he_normal", Initialization::he_normal},
         {"truncated_he_normal", Initialization::truncated_he_normal},
         {"he_uniform", Initialization::he_uniform},
         {"lecun_normal", Initialization::lecun_normal},
         {"truncated_lecun_normal", Initialization::truncated_lecun_normal},
         {"lecun_uniform", Initialization::lecun_uniform}},
        "law of the initial weights, of variance 2/(n + m), 2/n or 1/n for n inputs and m outputs; "
        "the truncated ones are Keras' of 2018, of 0.774 times that");
    schema.number("initial_bias", p.initial_bias, {}, "value of every bias at the start");
  });
  schema.section(
      "training",
      "how it learns; by default v = momentum v - learning_rate (gradient + "
      "weight_decay W), W += v",
      [&] {
        schema.integer("batch_size", p.training.batch_size, at_least(1),
                       "samples per step; more than there are means full batch");
        schema.integer("epochs", p.training.epochs, non_negative(),
                       "passes over the training samples");
        auto& optimizer = p.training.optimizer;
        schema.number("learning_rate", optimizer.learning_rate, positive(), "step size");
        schema.number("momentum", optimizer.momentum, core::fraction_below_one(),
                      "of stochastic gradient descent, with or without Nesterov");
        schema.number("weight_decay", optimizer.weight_decay, non_negative(),
                      "L2 coefficient, on weights and not on biases");
        schema.number(
            "max_weight_growth", p.training.max_weight_growth,
            core::Bounds{.lower = 1, .open_lower = true},
            "divergence guard: a training whose ||W||_F exceeds this multiple of its initial "
            "value fails");
        declare_protocol(schema, p);
        declare_optimizer(schema, p);
        declare_schedule(schema, p.training.schedule);
        declare_regularisation(schema, p);
      });
  schema.section("record", "what is written down", [&] {
    schema.integers("epochs", p.recorded_epochs, non_negative(),
                    "epochs to record besides the last; 0 is the initial network");
    schema.texts("layers", p.layers, "a list of layer names such as fc1",
                 "layers to analyse; [] means those with min(N, M) >= 50");
    schema.boolean(
        "controls", p.record_controls,
        "also the phase of W with its entries shuffled (shuffled_label) and with what it "
        "has learned replaced by noise of the same norm (noise_label)");
  });
}

std::vector<core::Complaint> complaints(const TrainingParameters& p) {
  std::vector<core::Complaint> list;
  complain_about_data(p.data, list);
  for (const std::size_t epoch : p.recorded_epochs)
    if (epoch > p.training.epochs)
      list.push_back({"record.epochs",
                      fmt::format("holds {}, but training.epochs is {}", epoch, p.training.epochs),
                      {}});
  const std::size_t layer_count = p.hidden_widths.size() + 1;
  std::vector<std::string> names;
  for (std::size_t l = 1; l <= layer_count; ++l) names.push_back(fmt::format("fc{}", l));
  for (const auto& layer : p.layers)
    if (std::find(names.begin(), names.end(), layer) == names.end())
      list.push_back({"record.layers", fmt::format("holds '{}', which is no layer", layer),
                      core::suggest(layer, names)});
  complain_about_factors(p, list);
  complain_about_protocol(p, list);
  // Without this a narrow network would run to the end and record nothing.
  const std::optional<std::size_t> dimension = input_dimension(p.data);
  if (p.layers.empty() && dimension) {
    const auto widths = network_widths(p, *dimension, p.data.teacher.classes);
    bool any = false;
    for (std::size_t l = 0; l < layer_count; ++l)
      any = any || std::min(widths[l], widths[l + 1]) >= 50;
    if (!any)
      list.push_back({"network.hidden_widths",
                      "leaves no layer with min(N, M) >= 50 to analyse",
                      {"widen a layer, or name layers: record.layers: [fc1]"}});
  }
  return list;
}

std::vector<std::size_t> network_widths(const TrainingParameters& p, std::size_t dimension,
                                        std::size_t classes) {
  std::vector<std::size_t> widths{dimension};
  widths.insert(widths.end(), p.hidden_widths.begin(), p.hidden_widths.end());
  widths.push_back(classes);
  return widths;
}

std::optional<std::size_t> stop_steps(const TrainingParameters& p) {
  const std::size_t limit =
      p.training.epochs * network::steps_per_epoch(train_samples(p.data), p.training.batch_size);
  if (p.stop_at == Protocol::steps) {
    const double steps = std::ceil(p.stop_value);
    if (steps > static_cast<double>(limit)) return std::nullopt;
    return static_cast<std::size_t>(steps);
  }
  if (p.stop_at != Protocol::sgd_time) return std::nullopt;
  const std::size_t batch = std::min(p.training.batch_size, train_samples(p.data));
  const network::Schedule schedule(p.training.schedule, batch,
                                   network::steps_per_epoch(train_samples(p.data), batch),
                                   p.training.epochs);
  // Added up here step by step, hence the margin for rounding.
  const double goal = p.stop_value * (1 - p.training.optimizer.momentum) /
                      p.training.optimizer.learning_rate * (1 - 1e-9);
  double sum = 0;
  for (std::size_t steps = 0; steps < limit;) {
    sum += schedule.factor(steps++);
    if (sum >= goal) return steps;
  }
  return std::nullopt;
}

network::TrainingConfig training_config(const TrainingParameters& p, std::size_t layers) {
  network::TrainingConfig config = p.training;
  config.optimizer.rate_factors = layer_factors(p.layer_learning_rates, layers);
  config.optimizer.decay_factors = layer_factors(p.layer_weight_decays, layers);
  config.max_steps = stop_steps(p).value_or(0);
  return config;
}

double training_cost(const TrainingParameters& p) {
  constexpr std::size_t mnist = 784;  // most files have about as many inputs
  const auto widths =
      network_widths(p, input_dimension(p.data).value_or(mnist), p.data.teacher.classes);
  double weights = 0;
  for (std::size_t l = 0; l + 1 < widths.size(); ++l)
    weights += static_cast<double>(widths[l] * widths[l + 1]);
  const auto samples = static_cast<double>(train_samples(p.data));
  const double batch = std::min(samples, static_cast<double>(p.training.batch_size));
  // Per sample 6 flops a weight at about 60 GFLOP/s; per step 20 bytes a weight at about 80 GB/s.
  const double epoch = weights * samples * (1e-10 + 2.5e-10 / batch);
  const auto steps = stop_steps(p);
  const double epochs = steps ? static_cast<double>(*steps) * batch / samples
                              : static_cast<double>(p.training.epochs);
  return 0.3 + epochs * epoch;
}

}  // namespace rmtlab::experiments

// SPDX-License-Identifier: MIT
#include "sim/experiments/training_config.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace rmtlab::experiments {

using core::at_least;
using core::non_negative;
using core::positive;

void declare(core::Schema& schema, TrainingParameters& p) {
  using network::Initialization;
  schema.section("data", "what the network learns", [&] {
    schema.choice<DataKind>("kind", p.data_kind,
                            {{"teacher", DataKind::teacher}, {"idx", DataKind::idx}},
                            "teacher: synthetic, labelled by a fixed random network; idx: files in "
                            "MNIST's format");
    schema.integer("train_samples", p.teacher.train_samples, at_least(1), "samples to learn from");
    schema.integer("test_samples", p.teacher.test_samples, at_least(1), "samples to judge by");
    schema.number("input_norm2", p.teacher.input_norm2, positive(),
                  "mean of ||x||^2 after centring; it sets the largest stable learning rate");
    schema.integer("classes", p.teacher.classes, core::between(2, 65536), "number of classes K");
    schema.integer("input_dimension", p.teacher.input_dimension, at_least(1),
                   "teacher: number of inputs d (idx: the images decide)");
    schema.integer("teacher_hidden", p.teacher.hidden, at_least(1),
                   "teacher: hidden units of the labelling network");
    schema.number("covariance_exponent", p.teacher.covariance_exponent, non_negative(),
                  "teacher: the variance of input i is proportional to i^-a; natural images have "
                  "a near 1");
    schema.number("zipf", p.teacher.zipf, non_negative(),
                  "teacher: handicap zipf ln(k + 1) of class k; 0 gives classes of equal size");
    schema.text("images", p.images, "a path", "idx: file of images, plain or .gz");
    schema.text("labels", p.labels, "a path", "idx: file of labels, plain or .gz");
  });
  schema.section("network", "what learns", [&] {
    schema.integers("hidden_widths", p.hidden_widths, at_least(1),
                    "units of the hidden layers; [128] is d-128-K");
    schema.choice<network::Activation>(
        "activation", p.activation, {{"relu", network::Activation::relu}}, "of the hidden layers");
    schema.choice<network::Loss>("loss", p.loss,
                                 {{"softmax_cross_entropy", network::Loss::softmax_cross_entropy}},
                                 "what training minimises");
    schema.choice<Initialization>(
        "initialization", p.initialization,
        {{"glorot_normal", Initialization::glorot_normal},
         {"truncated_glorot_normal", Initialization::truncated_glorot_normal},
         {"glorot_uniform", Initialization::glorot_uniform}},
        "law of the initial weights; the truncated one is Keras' of 2018, of variance 0.774 times "
        "the others'");
  });
  schema.section(
      "training",
      "how it learns: v = momentum v - learning_rate (gradient + "
      "weight_decay W), W += v",
      [&] {
        schema.integer("batch_size", p.training.batch_size, at_least(1),
                       "samples per step; more than there are means full batch");
        schema.integer("epochs", p.training.epochs, non_negative(),
                       "passes over the training samples");
        schema.number("learning_rate", p.training.learning_rate, positive(), "step size");
        schema.number("momentum", p.training.momentum, core::fraction_below_one(),
                      "of stochastic gradient descent");
        schema.number("weight_decay", p.training.weight_decay, non_negative(),
                      "coupled L2 coefficient, on weights and not on biases");
        schema.number(
            "max_weight_growth", p.training.max_weight_growth,
            core::Bounds{.lower = 1, .open_lower = true},
            "divergence guard: a training whose ||W||_F exceeds this multiple of its initial "
            "value fails");
      });
  schema.section("record", "what is written down", [&] {
    schema.integers("epochs", p.recorded_epochs, non_negative(),
                    "epochs to record besides the last; 0 is the initial network");
    schema.texts("layers", p.layers, "a list of layer names such as fc1",
                 "layers to analyse; [] means those with min(N, M) >= 50");
  });
}

std::vector<core::Complaint> complaints(const TrainingParameters& p) {
  std::vector<core::Complaint> list;
  if (p.data_kind == DataKind::idx) {
    for (const auto& [path, value] :
         {std::pair{"data.images", &p.images}, std::pair{"data.labels", &p.labels}})
      if (value->empty())
        list.push_back({path,
                        "is needed for data.kind idx and not set",
                        {fmt::format("give it on the command line: {}=PATH", path)},
                        true});
  }
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
  // Without this a narrow network would run to the end and record nothing.
  if (p.layers.empty() && p.data_kind == DataKind::teacher) {
    const auto widths = network_widths(p, p.teacher.input_dimension, p.teacher.classes);
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

double training_cost(const TrainingParameters& p) {
  const std::size_t dimension = p.data_kind == DataKind::teacher ? p.teacher.input_dimension : 784;
  const auto widths = network_widths(p, dimension, p.teacher.classes);
  double weights = 0;
  for (std::size_t l = 0; l + 1 < widths.size(); ++l)
    weights += static_cast<double>(widths[l] * widths[l + 1]);
  const auto samples = static_cast<double>(p.teacher.train_samples);
  const double batch = std::min(samples, static_cast<double>(p.training.batch_size));
  // Per sample 6 flops a weight at about 60 GFLOP/s; per step 20 bytes a weight at about 80 GB/s.
  const double epoch = weights * samples * (1e-10 + 2.5e-10 / batch);
  return 0.3 + static_cast<double>(p.training.epochs) * epoch;
}

}  // namespace rmtlab::experiments

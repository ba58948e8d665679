// SPDX-License-Identifier: MIT
#include "sim/experiments/training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "sim/inference/matrix_analysis.hpp"
#include "sim/network/gradient_statistics.hpp"

namespace rmtlab::experiments {
namespace {

using core::Row;
using core::Value;

network::DataSplit clean_data(const TrainingParameters& p, const core::Stream& stream) {
  if (p.data_kind == DataKind::teacher) return network::make_teacher(p.teacher, stream);
  if (p.data_kind == DataKind::cifar10)
    return network::split_cifar10(network::read_cifar10(p.images),
                                  {p.teacher.train_samples, p.teacher.test_samples}, stream);
  network::IdxConfig config;
  config.train_samples = p.teacher.train_samples;
  config.test_samples = p.teacher.test_samples;
  config.input_norm2 = p.teacher.input_norm2;
  config.classes = p.teacher.classes;
  const auto images = network::read_idx_images(p.images);
  const auto labels = network::read_idx_labels(p.labels);
  return network::split_idx(images, labels, config, stream);
}

network::DataSplit make_data(const TrainingParameters& p, const core::Stream& stream) {
  network::DataSplit data = clean_data(p, stream);
  if (p.label_noise > 0)
    network::randomise_labels(data.train, p.label_noise, stream.child("label_noise"));
  return data;
}

// A layer that is analysed, and where its spectra go.
struct Layer {
  std::string name;
  std::size_t index;
};

std::vector<Layer> analysed_layers(const TrainingParameters& p,
                                   const network::DenseNetwork<float>& network) {
  std::vector<Layer> layers;
  for (std::size_t l = 0; l < network.layers(); ++l) {
    const std::string name = fmt::format("fc{}", l + 1);
    const bool wanted = p.layers.empty()
                            ? std::min(network.inputs(l), network.outputs(l)) >= 50
                            : std::find(p.layers.begin(), p.layers.end(), name) != p.layers.end();
    if (wanted) layers.push_back({name, l});
  }
  return layers;
}

// Weights of layer l as N_in x N_out; the network stores them row by row, Armadillo by columns.
arma::fmat weights_of(const network::DenseNetwork<float>& network, std::size_t l) {
  const auto w = network.weights(l);
  return arma::fmat(w.data(), network.outputs(l), network.inputs(l)).t();
}

core::Array weights_array(const network::DenseNetwork<float>& network, const Layer& layer,
                          const std::string& name) {
  const auto w = network.weights(layer.index);
  return {fmt::format("{}/{}", layer.name, name),
          {network.inputs(layer.index), network.outputs(layer.index)},
          std::vector<float>(w.begin(), w.end())};
}

template <class T>
Value value_of(const std::optional<T>& x) {
  if (x) return static_cast<double>(*x);
  return std::monostate{};
}

// Infinities have no text in records.
Value finite(double x) { return std::isfinite(x) ? Value(x) : Value(); }

Value count(std::size_t n) { return static_cast<std::int64_t>(n); }

// Columns that describe the matrix; names as in the manifest, reports and JSON.
void add_analysis(Row& row, const inference::MatrixAnalysis& a) {
  row.emplace_back("lambda_max", a.lambda_max);
  row.emplace_back("lambda_min", a.lambda_min);
  row.emplace_back("stable_rank", value_of(a.stable_rank.value));
  row.emplace_back("mp_soft_rank", value_of(a.mp_soft_rank.value));
  row.emplace_back("matrix_entropy", value_of(a.matrix_entropy.value));
  row.emplace_back("hard_rank", count(a.hard_rank.rank));
  row.emplace_back("frobenius_norm", a.frobenius_norm);
  row.emplace_back("spectral_norm", a.spectral_norm);
  const auto& mp = a.marchenko_pastur.value;
  row.emplace_back("sigma2", mp ? Value(mp->sigma2) : Value());
  row.emplace_back("lambda_minus", mp ? Value(mp->lambda_minus) : Value());
  row.emplace_back("lambda_plus", mp ? Value(mp->lambda_plus) : Value());
  // The exponent has a column of its own below; the tail's evidence does not repeat it.
  for (const auto& statistic : inference::describe(a.decision.evidence))
    if (statistic.name != "tail_exponent")
      row.emplace_back(std::string(statistic.name), value_of(statistic.value));
  const auto& tail = a.power_law.value;
  row.emplace_back("alpha", tail ? Value(tail->alpha) : Value());
  row.emplace_back("xmin", tail ? Value(tail->xmin) : Value());
  row.emplace_back("n_tail", tail ? count(tail->n_tail) : Value());
  row.emplace_back("decades", tail ? Value(tail->decades) : Value());
  row.emplace_back("phase", std::string(name(a.decision.phase)));
  row.emplace_back("reason", a.decision.reason);
}

// One task at work: knows how to write down the network as it stands.
class Recorder {
public:
  Recorder(const TrainingParameters& parameters, const core::Task& task,
           const network::DataSplit& data, const network::DenseNetwork<float>& network)
      : parameters_(parameters),
        task_(task),
        data_(data),
        network_(network),
        initial_(network.parameters()) {
    layers_ = analysed_layers(parameters, network);
    if (layers_.empty())
      throw std::invalid_argument(
          "training: no layer has min(N, M) >= 50; name layers in record.layers");
  }

  void record_initial() {
    for (const Layer& layer : layers_)
      if (task_.wants("initial_weights"))
        result_.arrays.push_back(weights_array(network_, layer, "initial_weights"));
    if (is_recorded(0))
      record(0, 0,
             parameters_.training.optimizer.method == network::Method::adam
                 ? std::nullopt
                 : std::optional<double>(0));
  }

  void record_epoch(const network::EpochReport& report, bool is_last) {
    history_.insert(history_.end(),
                    {static_cast<double>(report.epoch),
                     report.sgd_time.value_or(std::numeric_limits<double>::quiet_NaN()),
                     report.train_loss, report.train_accuracy});
    if (is_last || is_recorded(report.epoch)) record(report.epoch, report.steps, report.sgd_time);
  }

  core::TaskResult finish() {
    if (task_.wants("history") && !history_.empty())
      result_.arrays.push_back({"history", {history_.size() / 4, 4}, history_});
    for (const Layer& layer : layers_)
      if (task_.wants("weights"))
        result_.arrays.push_back(weights_array(network_, layer, "weights"));
    return std::move(result_);
  }

private:
  [[nodiscard]] bool is_recorded(std::size_t epoch) const {
    const auto& list = parameters_.recorded_epochs;
    return epoch == parameters_.training.epochs ||
           std::find(list.begin(), list.end(), epoch) != list.end();
  }

  // ||W_l - W_l(0)|| / ||W_l(0)||, Frobenius norms.
  [[nodiscard]] Value weight_change(std::size_t l) const {
    const auto now = network_.weights(l), before = initial_.weights(l);
    double moved = 0, norm = 0;
    for (std::size_t k = 0; k < now.size(); ++k) {
      moved += std::pow(static_cast<double>(now[k]) - static_cast<double>(before[k]), 2);
      norm += std::pow(static_cast<double>(before[k]), 2);
    }
    return std::sqrt(moved / norm);
  }

  void record(std::size_t epoch, std::size_t steps, const std::optional<double>& sgd_time) {
    const auto train = network::evaluate(network_, data_.train);
    const auto test = network::evaluate(network_, data_.test);
    const auto gradient = network::gradient_statistics(network_, data_.train);
    for (const Layer& layer : layers_) {
      const auto analysis = inference::analyze_matrix(weights_of(network_, layer.index));
      Row row{{"epoch", count(epoch)},
              {"layer", layer.name},
              {"rows", count(analysis.spectrum.rows)},
              {"cols", count(analysis.spectrum.cols)},
              {"sgd_time", value_of(sgd_time)},
              {"train_loss", train.loss},
              {"train_accuracy", train.accuracy},
              {"test_loss", test.loss},
              {"test_accuracy", test.accuracy},
              {"steps", count(steps)},
              {"gradient_norm", gradient.norm},
              {"gradient_noise_scale", finite(gradient.noise_scale)},
              {"weight_change", weight_change(layer.index)}};
      add_analysis(row, analysis);
      result_.rows.push_back(std::move(row));
      if (task_.wants("eigenvalues")) {
        const auto& e = analysis.spectrum.eigenvalues;
        result_.arrays.push_back({fmt::format("{}/epoch={}/eigenvalues", layer.name, epoch),
                                  {e.n_elem},
                                  std::vector<double>(e.begin(), e.end())});
      }
    }
  }

  const TrainingParameters& parameters_;
  const core::Task& task_;
  const network::DataSplit& data_;
  const network::DenseNetwork<float>& network_;
  network::Parameters<float> initial_;
  std::vector<Layer> layers_;
  std::vector<double> history_;
  core::TaskResult result_;
};

}  // namespace

std::vector<core::OutputKind> Training::output_kinds() const {
  return {{"eigenvalues", true, "spectrum of W^T W / N per layer and recorded epoch"},
          {"history", true,
           "per epoch: epoch, sgd_time (not a number for adam), running train loss and accuracy"},
          {"initial_weights", true, "W_0 of every analysed layer"},
          {"weights", false, "W of every analysed layer after the last epoch"}};
}

std::vector<core::InputFile> Training::inputs() const {
  std::vector<core::InputFile> files;
  for (const auto& [path, file] : data_files(parameters_))
    if (!file.empty()) files.push_back({path, file});
  return files;
}

void Training::check_inputs() const {
  if (parameters_.data_kind != DataKind::teacher) make_data(parameters_, core::Stream(0));
}

core::TaskResult Training::run(const core::Task& task) const {
  const network::DataSplit data = make_data(parameters_, task.paired_stream("data"));
  network::DenseNetwork<float> network(
      network_widths(parameters_, data.train.dimension, data.train.classes), parameters_.activation,
      parameters_.loss, parameters_.label_smoothing);
  network::initialize(network, parameters_.initialization, task.paired_stream("initial_weights"),
                      parameters_.initial_bias);
  Recorder recorder(parameters_, task, data, network);
  recorder.record_initial();
  network::Trainer trainer(network, data.train, training_config(parameters_, network.layers()),
                           task.own_stream("order"));
  network::EarlyStopping stopping(parameters_.patience, parameters_.min_improvement);
  network::train(trainer, [&](const network::EpochReport& report, const auto&) {
    task.check_stop();
    const bool reached =
        parameters_.stop_at == Protocol::train_loss && report.train_loss <= parameters_.stop_value;
    const bool stop = parameters_.early_stopping != Monitor::none &&
                      stopping.update(parameters_.early_stopping == Monitor::train_loss
                                          ? report.train_loss
                                          : network::evaluate(network, data.test).loss);
    const bool is_last = stop || reached || trainer.finished();
    if (is_last && parameters_.stop_at == Protocol::train_loss && !reached)
      throw std::runtime_error(fmt::format(
          "training: the running training loss is {:.4g} after {} epochs and should have fallen to "
          "stop_value = {}; give it more epochs",
          report.train_loss, report.epoch, parameters_.stop_value));
    recorder.record_epoch(report, is_last);
    return !is_last;
  });
  return recorder.finish();
}

}  // namespace rmtlab::experiments

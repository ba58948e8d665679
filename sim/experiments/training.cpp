// SPDX-License-Identifier: MIT
#include "sim/experiments/training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "sim/experiments/delta_records.hpp"
#include "sim/experiments/phase_records.hpp"
#include "sim/experiments/training_progress.hpp"
#include "sim/inference/matrix_analysis.hpp"
#include "sim/network/gradient_statistics.hpp"
#include "sim/network/initial_share.hpp"

namespace rmtlab::experiments {
namespace {

using core::Row;
using core::Value;

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
arma::fmat weights_of(const network::Parameters<float>& parameters, std::size_t l) {
  const auto w = parameters.weights(l);
  return arma::fmat(w.data(), parameters.outputs(l), parameters.inputs(l)).t();
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
}

void add_phase(Row& row, const inference::MatrixAnalysis& a) {
  row.emplace_back("phase", std::string(name(a.decision.phase)));
  row.emplace_back("abstained", a.decision.abstained);
  for (const theory::Phase phase : theory::all_phases)
    row.emplace_back(probability_column(phase), probability(a.decision, phase));
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
        initial_(network.parameters()),
        config_(training_config(parameters, network.layers())) {
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

  void record_epoch(const network::EpochReport& report, const network::Trainer& trainer,
                    bool is_last) {
    history_.insert(history_.end(),
                    {static_cast<double>(report.epoch),
                     report.sgd_time.value_or(std::numeric_limits<double>::quiet_NaN()),
                     report.train_loss, report.train_accuracy});
    if (is_last || is_recorded(report.epoch))
      record(report.epoch, report.steps, report.sgd_time, &trainer);
  }

  // What was recorded so far, to be kept and to be taken up.
  [[nodiscard]] const std::vector<double>& history() const { return history_; }
  [[nodiscard]] const core::TaskResult& result() const { return result_; }
  void restore(std::vector<double> history, core::TaskResult result) {
    history_ = std::move(history);
    result_ = std::move(result);
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

  // The layer now and at the start, and how much of that should be left.
  [[nodiscard]] TrainedMatrix trained_matrix(std::size_t l, std::size_t steps) const {
    return {arma::conv_to<arma::mat>::from(weights_of(network_.parameters(), l)),
            arma::conv_to<arma::mat>::from(weights_of(initial_, l)),
            network::initial_share(config_, data_.train.samples(), l, steps),
            network::variance(parameters_.initialization, network_.inputs(l), network_.outputs(l))};
  }

  // What training has added: columns, and the singular values.
  void record_delta(Row& row, const Layer& layer, std::size_t epoch, std::size_t steps,
                    double lambda_max) {
    const TrainedMatrix matrix = trained_matrix(layer.index, steps);
    const auto prediction = predict(matrix);
    add_delta(row, matrix.initial_share, prediction, lambda_max);
    if (parameters_.record_controls)
      add_controls(row, matrix, task_.own_stream("controls").child(epoch).child(layer.name));
    if (!prediction || !task_.wants("delta")) return;
    const arma::vec& s = prediction->singular_values;
    result_.arrays.push_back({fmt::format("{}/epoch={}/delta_singular_values", layer.name, epoch),
                              {s.n_elem},
                              std::vector<double>(s.begin(), s.end())});
  }

  // Without a trainer there has been no step.
  void record(std::size_t epoch, std::size_t steps, const std::optional<double>& sgd_time,
              const network::Trainer* trainer = nullptr) {
    const auto train = network::evaluate(network_, data_.train);
    const auto test = network::evaluate(network_, data_.test);
    const auto gradient = network::gradient_statistics(network_, data_.train);
    for (const Layer& layer : layers_) {
      const auto analysis =
          inference::analyze_matrix(weights_of(network_.parameters(), layer.index));
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
              {"weight_change", weight_change(layer.index)},
              {"update_norm",
               value_of(trainer ? trainer->update_norm(layer.index) : std::optional<double>())}};
      add_analysis(row, analysis);
      record_delta(row, layer, epoch, steps, analysis.lambda_max);
      add_phase(row, analysis);
      result_.rows.push_back(std::move(row));
      if (task_.wants("eigenvalues")) {
        const auto& e = analysis.spectrum.eigenvalues;
        result_.arrays.push_back({fmt::format("{}/epoch={}/eigenvalues", layer.name, epoch),
                                  {e.n_elem},
                                  std::vector<double>(e.begin(), e.end())});
      }
      if (task_.wants("epoch_weights"))
        result_.arrays.push_back(
            weights_array(network_, layer, fmt::format("epoch={}/weights", epoch)));
    }
  }

  const TrainingParameters& parameters_;
  const core::Task& task_;
  const network::DataSplit& data_;
  const network::DenseNetwork<float>& network_;
  network::Parameters<float> initial_;
  network::TrainingConfig config_;
  std::vector<Layer> layers_;
  std::vector<double> history_;
  core::TaskResult result_;
};

}  // namespace

std::vector<core::OutputKind> Training::output_kinds() const {
  return {{"eigenvalues", true, "spectrum of W^T W / N per layer and recorded epoch"},
          {"history", true,
           "per epoch: epoch, sgd_time (not a number for adam), running train loss and accuracy"},
          {"delta", true,
           "singular values of W - a W_0, what training added, per layer and recorded epoch"},
          {"initial_weights", true, "W_0 of every analysed layer"},
          {"weights", false, "W of every analysed layer after the last epoch"},
          {"epoch_weights", false, "W of every analysed layer at every recorded epoch"}};
}

std::vector<core::InputFile> Training::inputs() const {
  std::vector<core::InputFile> files;
  for (const auto& [path, file] : data_files(parameters_.data))
    if (!file.empty()) files.push_back({path, file});
  return files;
}

void Training::check_inputs() const {
  if (!data_files(parameters_.data).empty()) make_data(parameters_.data, core::Stream(0));
}

core::TaskResult Training::run(const core::Task& task) const {
  const network::DataSplit data = make_data(parameters_.data, task.paired_stream("data"));
  network::DenseNetwork<float> network(
      network_widths(parameters_, data.train.dimension, data.train.classes), parameters_.activation,
      parameters_.loss, parameters_.label_smoothing);
  network::initialize(network, parameters_.initialization, task.paired_stream("initial_weights"),
                      parameters_.initial_bias);
  Recorder recorder(parameters_, task, data, network);
  network::Trainer trainer(network, data.train, training_config(parameters_, network.layers()),
                           task.own_stream("order"));
  network::EarlyStopping stopping(parameters_.patience, parameters_.min_improvement);
  const bool is_resumed = task.resume([&](std::string_view bytes) {
    TrainingProgress kept = decode_training_progress(bytes);
    trainer.restore(kept.state);  // throws before it changes anything
    stopping.restore(kept.stopping);
    recorder.restore(std::move(kept.history), std::move(kept.result));
  });
  if (!is_resumed) recorder.record_initial();
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
    recorder.record_epoch(report, trainer, is_last);
    if (!is_last)
      task.keep(fmt::format("epoch {} of {}", report.epoch, parameters_.training.epochs), [&] {
        return encode(TrainingProgress{trainer.state(), stopping.state(), recorder.history(),
                                       recorder.result()});
      });
    return !is_last;
  });
  return recorder.finish();
}

}  // namespace rmtlab::experiments

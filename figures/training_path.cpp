// SPDX-License-Identifier: MIT
#include "figures/training_path.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::figures {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 9> labels{
    {{"training.batch_size", "batch size"},
     {"training.learning_rate", "learning rate"},
     {"training.weight_decay", "weight decay"},
     {"training.dropout", "dropout"},
     {"data.snr", "signal to noise"},
     {"data.classes", "classes"},
     {"data.covariance_exponent", "exponent of the input covariance"},
     {"data.label_noise", "label noise"},
     {"epoch", "epoch"}}};

// The task of a row: swept texts and replicate.
std::string task_of(const core::Run& run, std::size_t row) {
  std::string key;
  for (const std::string& path : run.swept()) key += run.records().text(row, path) + '/';
  return key + run.records().text(row, "replicate");
}

// Labels closer than this share of a logarithmic axis would run into each other.
constexpr double label_room = 0.09;

}  // namespace

core::Run open_training(const std::filesystem::path& folder) {
  auto run = core::Run::open(folder, "training");
  if (run.records().size() == 0)
    throw std::runtime_error(
        fmt::format("{} has no records (every task failed?)", folder.string()));
  return run;
}

const std::vector<std::string>& phase_names() {
  static const std::vector<std::string> names{"random-like", "bleeding-out", "bulk+spikes",
                                              "bulk-decay",  "heavy-tailed", "rank-collapse"};
  return names;
}

std::size_t phase_order(const std::string& phase) {
  const auto& names = phase_names();
  const auto at = std::find(names.begin(), names.end(), phase);
  if (at == names.end()) throw std::runtime_error("no phase is called '" + phase + "'");
  return static_cast<std::size_t>(at - names.begin());
}

Rows layer_rows(const core::Run& run, const std::string& layer) {
  return rows_where(run.records(), {{"layer", layer}});
}

Rows final_rows(const core::Run& run, const std::string& layer) {
  std::map<std::string, std::size_t> last;
  const Rows all = layer_rows(run, layer);
  for (const std::size_t row : all) {
    const auto [at, is_new] = last.try_emplace(task_of(run, row), row);
    if (!is_new && run.records().number(row, "epoch") > run.records().number(at->second, "epoch"))
      at->second = row;
  }
  Rows rows;
  for (const auto& entry : last) rows.push_back(entry.second);
  std::sort(rows.begin(), rows.end());
  return rows;
}

bool abstained(const core::Table& records, std::size_t row) {
  return records.has_column("abstained") && records.text(row, "abstained") == "true";
}

Vote vote(const core::Table& records, const Rows& rows) {
  if (rows.empty()) throw std::invalid_argument("vote of nothing");
  std::array<std::size_t, 6> counts{};
  Vote v;
  for (const std::size_t row : rows) {
    ++counts.at(phase_order(records.text(row, "phase")));
    v.abstained += abstained(records, row) ? 1 : 0;
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  v.phase = phase_names()[static_cast<std::size_t>(most - counts.begin())];
  v.count = *most;
  v.total = rows.size();
  return v;
}

Start start_of(const core::Run& run, const Rows& rows) {
  if (rows.empty()) throw std::invalid_argument("start of nothing");
  Start start{run.parameter(rows[0], "training.batch_size"),
              run.parameter(rows[0], "training.learning_rate"), 0};
  for (const std::size_t row : rows) {
    start.batch_size = std::max(start.batch_size, run.parameter(row, "training.batch_size"));
    start.learning_rate =
        std::min(start.learning_rate, run.parameter(row, "training.learning_rate"));
  }
  bool found = false;
  for (const std::size_t row : rows) {
    if (run.parameter(row, "training.batch_size") != start.batch_size ||
        run.parameter(row, "training.learning_rate") != start.learning_rate)
      continue;
    const double epoch = run.records().number(row, "epoch");
    start.epoch = found ? std::min(start.epoch, epoch) : epoch;
    found = true;
  }
  return start;
}

Way way_of(const core::Run& run, std::size_t row, const Start& start) {
  if (run.parameter(row, "training.batch_size") != start.batch_size) return Way::batch;
  if (run.parameter(row, "training.learning_rate") != start.learning_rate) return Way::rate;
  return run.records().number(row, "epoch") == start.epoch ? Way::none : Way::epochs;
}

const char* name_of(Way way) {
  switch (way) {
    case Way::none:
      return "start";
    case Way::batch:
      return "smaller batch";
    case Way::rate:
      return "larger learning rate";
    case Way::epochs:
      return "more epochs";
  }
  return "";
}

double effective_rank(const core::Table& records, std::size_t row) {
  return std::pow(records.number(row, "cols"), records.number(row, "matrix_entropy"));
}

RankBound rank_bound(const core::Run& run, std::size_t row) {
  const double decay = run.parameter(row, "training.weight_decay");
  const double rate = run.parameter(row, "training.learning_rate");
  constexpr double forgotten = 5;  // exp(-5): less than a hundredth of the start is left
  RankBound bound;
  bound.scale = run.parameter(row, "training.batch_size") *
                (1 - run.parameter(row, "training.momentum")) / (rate * decay);
  bound.active =
      bound.scale < run.records().number(row, "cols") / 2 &&
      decay * run.records().number(row, "sgd_time") >= forgotten &&
      run.records().number(row, "train_accuracy") * run.parameter(row, "data.classes") >= 2;
  return bound;
}

std::string parameter_label(const std::string& path) {
  for (const auto& [key, label] : labels)
    if (path == key) return label;
  return path;
}

std::string short_text(double value) {
  const double size = std::abs(value);
  if (size == 0 || (size >= 0.001 && size < 10000)) return fmt::format("{:g}", value);
  std::string text = fmt::format("{:.0e}", value);  // "3e-04" or "2e+04"
  const auto sign = text.find('e') + 1;
  const bool negative = text[sign] == '-';
  const auto digits = text.find_first_not_of('0', sign + 1);
  return text.substr(0, sign) + (negative ? "-" : "") + text.substr(digits);
}

Axis axis_of(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument("axis of nothing");
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  const double least = values.front(), most = values.back();
  const auto positive = std::find_if(values.begin(), values.end(), [](double v) { return v > 0; });
  Axis axis;
  axis.logarithmic = least >= 0 && positive != values.end() && most >= 8 * *positive;
  if (axis.logarithmic) {
    const auto count = static_cast<double>(values.end() - positive);
    const double step = std::pow(most / *positive, 1 / (count - 1));
    axis.zero = *positive / step;
    axis.left = axis.place(least) / std::sqrt(step);
    axis.right = most * std::sqrt(step);
  } else {
    const double margin = most > least ? 0.06 * (most - least) : 0.5;
    axis.left = least - margin;
    axis.right = most + margin;
  }
  const auto relative = [&](double place) {
    return axis.logarithmic ? std::log(place / axis.left) / std::log(axis.right / axis.left)
                            : (place - axis.left) / (axis.right - axis.left);
  };
  double last = -1;
  const double end = relative(axis.place(most));
  for (const double value : values) {
    const double here = relative(axis.place(value));
    const bool room = value == most || (here - last >= label_room && end - here >= label_room);
    axis.ticks.emplace_back(axis.place(value), room ? short_text(value) : std::string());
    if (room) last = here;
  }
  return axis;
}

}  // namespace rmtlab::figures

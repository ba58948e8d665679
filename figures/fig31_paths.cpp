// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 31: order parameters of FC1 along a path, with the spread over seeds.
///
/// The path is the swept parameter, or the recorded epochs of a run without a sweep; a second swept
/// parameter makes one line for each of its values. Per matrix and never pooled: stable rank,
/// distance of the spectrum to noise, share of the trace in outliers, exponent of the fitted tail,
/// accuracies. Lines join medians over replicates, bands span them all, the colour of a point is
/// the most frequent phase; points are hollow where most replicates abstained.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig31_paths results/training_time paper/figures/fig31_paths_training_time
#include <algorithm>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/plot.hpp"
#include "figures/training_path.hpp"
#include "figures/training_run.hpp"

namespace {

using namespace rmtlab;
using figures::Dash;
using figures::Panel;
using figures::Rows;

struct Line {
  std::string name;
  Rows rows;
  Dash dash;
};

struct Path {
  std::string variable;
  Rows rows;
  std::vector<Line> lines;
  figures::Axis axis;
  bool falling;  // drawn from large to small values
};

Path path_of(const core::Run& run, const std::filesystem::path& folder) {
  const core::Table& records = run.records();
  const auto& swept = run.swept();
  if (swept.size() > 2)
    throw std::runtime_error(fmt::format("{} sweeps {} parameters, this figure needs at most two",
                                         folder.string(), swept.size()));
  Path path;
  path.variable = swept.empty() ? "epoch" : swept[0];
  path.rows = swept.empty() ? figures::layer_rows(run, "fc1") : figures::final_rows(run, "fc1");
  const auto values = figures::distinct_numbers(records, path.rows, path.variable);
  if (values.size() < 2)
    throw std::runtime_error(
        fmt::format("{} has one {} only, which is no path", folder.string(), path.variable));
  path.axis = figures::axis_of(values);
  path.falling = path.variable == "training.batch_size";
  if (swept.size() < 2) {
    path.lines.push_back({"", path.rows, Dash::solid});
    return path;
  }
  const Dash dashes[] = {Dash::solid, Dash::dashed, Dash::dotted};
  for (const std::string& text : records.distinct(swept[1])) {
    Line line{figures::parameter_label(swept[1]) + ' ' + text,
              {},
              dashes[std::min<std::size_t>(path.lines.size(), 2)]};
    for (const std::size_t row : path.rows)
      if (records.text(row, swept[1]) == text) line.rows.push_back(row);
    path.lines.push_back(std::move(line));
  }
  return path;
}

// Median and range of a statistic at every place of a line that has it.
struct Curve {
  std::vector<double> x, middle, low, high;
  std::vector<figures::Vote> votes;
};

Curve curve_of(const core::Table& records, const Path& path, const Line& line,
               const std::string& column) {
  Curve c;
  for (const double at : figures::distinct_numbers(records, line.rows, path.variable)) {
    Rows here;
    for (const std::size_t row : line.rows)
      if (records.number(row, path.variable) == at) here.push_back(row);
    const auto values = figures::column(records, here, column);
    if (values.empty()) continue;
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    c.x.push_back(path.axis.place(at));
    c.middle.push_back(figures::median(values));
    c.low.push_back(*low);
    c.high.push_back(*high);
    c.votes.push_back(figures::vote(records, here));
  }
  return c;
}

void draw_points(Panel& panel, const Curve& c, const std::string& line) {
  constexpr int filled = 7, hollow = 6;
  for (std::size_t i = 0; i < c.x.size(); ++i) {
    const auto& v = c.votes[i];
    panel.points(line.empty() ? v.phase : line + ": " + v.phase, {c.x[i]}, {c.middle[i]},
                 figures::phase_colour(v.phase), 1.1, v.open() ? hollow : filled);
    panel.unlisted();
  }
}

void path_axis(Panel& panel, const Path& path) {
  if (path.axis.logarithmic) panel.log_x();
  panel.x_ticks(path.axis.ticks);
  if (path.falling)
    panel.x_range(path.axis.right, path.axis.left);
  else
    panel.x_range(path.axis.left, path.axis.right);
}

void draw_statistic(Panel& panel, const core::Table& records, const Path& path,
                    const std::string& column) {
  double top = 0;
  for (const Line& line : path.lines) {
    const Curve c = curve_of(records, path, line, column);
    panel.band(line.name, c.x, c.low, c.high, figures::colour::grey);
    panel.unlisted();
    panel.line(line.name, c.x, c.middle, figures::colour::grey, 2, line.dash);
    panel.unlisted();
    draw_points(panel, c, line.name);
    for (const double high : c.high) top = std::max(top, high);
  }
  panel.y_range(0, top > 0 ? 1.12 * top : 1);
  path_axis(panel, path);
}

// Phases that occur, lines, hollow points, and the accuracies below them.
void draw_accuracy(Panel& panel, const core::Table& records, const Path& path) {
  for (const Line& line : path.lines) {
    const bool first = &line == &path.lines.front();
    const Curve train = curve_of(records, path, line, "train_accuracy");
    panel.line("training", train.x, train.middle, figures::colour::orange, 2, line.dash);
    if (!first) panel.unlisted();
    const Curve test = curve_of(records, path, line, "test_accuracy");
    panel.line("test", test.x, test.middle, figures::colour::blue, 2, line.dash);
    if (!first) panel.unlisted();
  }
  panel.y_range(0, 1.35);  // room for the key above what no curve exceeds
  panel.key("top right");
  path_axis(panel, path);
}

void draw_legend(Panel& panel, const core::Table& records, const Path& path) {
  panel.legend_only();
  panel.x_range(0, 1);
  panel.y_range(0, 1);
  panel.key("top left Left reverse");
  bool any_open = false;
  for (const Line& line : path.lines)
    for (const auto& v : curve_of(records, path, line, "stable_rank").votes)
      any_open = any_open || v.open();
  const auto phases = records.distinct("phase");
  for (const std::string& phase : figures::phase_names())
    if (std::find(phases.begin(), phases.end(), phase) != phases.end())
      panel.points(phase, {-2}, {-2}, figures::phase_colour(phase), 1.1);
  if (any_open) panel.points("hollow: most abstained", {-2}, {-2}, figures::colour::black, 1.1, 6);
  if (path.lines.size() > 1)
    for (const Line& line : path.lines)
      panel.line(line.name, {-2, -1}, {-2, -2}, figures::colour::grey, 2, line.dash);
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_training(folder);
  const core::Table& records = run.records();
  const Path path = path_of(run, folder);
  const std::size_t replicates = records.distinct("replicate").size();
  figures::Figure figure(2, 3, 3.1, 2.1);
  figure.headline(
      fmt::format("Order parameters of FC1 against {}: median and range of {} "
                  "replicate{}, seed {}",
                  figures::parameter_label(path.variable), replicates, replicates == 1 ? "" : "s",
                  run.manifest().at("seed").get<std::uint64_t>()));
  struct Item {
    const char *column, *title, *label;
  };
  const Item items[] = {{"stable_rank", "stable rank", "Σ λ / λ_{max}"},
                        {"ks_all", "distance to noise", "KS"},
                        {"outlier_trace_fraction", "trace in outliers", "share"},
                        {"alpha", "tail exponent", "{/:Italic α}"}};
  for (std::size_t i = 0; i < std::size(items); ++i) {
    Panel& panel = figure.panel(i / 3, i % 3, items[i].title);
    panel.title(items[i].title);
    panel.labels(figures::parameter_label(path.variable), items[i].label);
    draw_statistic(panel, records, path, items[i].column);
  }
  Panel& accuracy = figure.panel(1, 1, "accuracy");
  accuracy.title("accuracy");
  accuracy.labels(figures::parameter_label(path.variable), "share correct");
  draw_accuracy(accuracy, records, path);
  draw_legend(figure.panel(1, 2, "key"), records, path);
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }

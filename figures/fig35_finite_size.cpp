// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 35: order parameters of FC1 against batch size, and the boundaries of the phases
/// against the width M at a fixed aspect ratio.
///
/// Top row and lower left: distance to noise, largest eigenvalue, share of the trace in outliers and
/// their number, one curve for each M; lines join medians over replicates, bands span them all. Each
/// batch size stands for the same sgd_time at every M.
///
/// Lower middle: the batch size at which a statistic crosses a level, geometric means over replicates
/// with 95 % intervals of Student (3 replicates: 4.3 standard errors), only where every replicate gets
/// there; in the key the exponent in M with the same interval over replicates, and that between the two
/// largest M alone. The first outlier is where the largest eigenvalue has p = 0.01 under Tracy-Widom; the
/// bulk is refused where without its outliers it has p = 0.01 as Marchenko-Pastur. The levels 1.5 (and 1.2)
/// lambda_plus and an eighth (and a quarter) of the trace are conventions, and the batch size of a boundary
/// depends on them. Leaving out every other batch size of 512 to 1 moves the boundaries by a fifth or less,
/// but that of the first outlier by a factor up to 1.9, since its statistic bends there, and that of the
/// refused bulk at M = 64, whose p-value is noisy, by a factor up to 4.7.
///
/// Lower right: the same from the labels of the classifier, abstentions left out. They move in steps
/// of the grid; bars span the neighbours of all replicates that get there, and no exponent is fitted.
///
/// A finite number of spikes of norm O(1) on a bulk of norm O(1) has boundaries that tend to a constant in M,
/// up to the finite width of the edge; their share of the trace falls as 1 / M, so that a share that grows as
/// sgd_time^a is reached at batch sizes ~ M^(-1/a). Where local exponents differ there is no power law, and
/// the one in front is a summary, whose interval knows the spread over replicates alone.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn; OUTPUT_boundaries.csv and
///         OUTPUT_exponents.csv; the exponents on standard output
///
/// Usage   fig35_finite_size results/finite_size paper/figures/fig35_finite_size
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/finite_size.hpp"
#include "figures/plot.hpp"
#include "figures/training_path.hpp"
#include "figures/training_run.hpp"
#include "sim/core/atomic_file.hpp"
#include "sim/core/number_format.hpp"
#include "theory/tracy_widom.hpp"

namespace {

using namespace rmtlab;
using figures::Exponent;
using figures::Interval;
using figures::Panel;
using figures::Rows;
using figures::SizedBoundary;
namespace colour = figures::colour;

constexpr const char* batch = "training.batch_size";

// From the smallest M to the largest, darkening.
struct Look {
  const char* colour;
  int shape;
};
constexpr std::array<Look, 5> looks{{{colour::orange, 5},
                                     {colour::vermillion, 7},
                                     {colour::purple, 9},
                                     {colour::blue, 11},
                                     {colour::black, 13}}};

// A boundary as it is drawn; of two levels of one statistic the second is hollow and dashed.
struct Drawn {
  figures::Threshold threshold;
  const char *label, *colour;
  bool main;
  std::vector<SizedBoundary> boundaries;
};

std::vector<Drawn> drawn_boundaries(const core::Run& run) {
  constexpr double p = 0.01;
  const double edge = quantile_sf(theory::TracyWidom(1), p);
  const char* const ratio = "lambda_max_over_lambda_plus";
  const char* const share = "outlier_trace_fraction";
  const char* const refused = "ks_bulk_p_value";
  std::vector<Drawn> list{
      {{"first outlier", "edge_z", edge, false}, "first outlier", colour::sky, true, {}},
      {{"lambda_max = 1.2 lambda_plus", ratio, 1.2, false}, "1.2 λ_+", colour::blue, false, {}},
      {{"lambda_max = 1.5 lambda_plus", ratio, 1.5, false}, "1.5 λ_+", colour::blue, true, {}},
      {{"bulk refused", refused, p, true}, "bulk refused", colour::green, true, {}},
      {{"1/8 of the trace", share, 0.125, false}, "trace 1/8", colour::vermillion, true, {}},
      {{"1/4 of the trace", share, 0.25, false}, "trace 1/4", colour::vermillion, false, {}}};
  for (Drawn& d : list) d.boundaries = figures::threshold_boundaries(run, d.threshold);
  return list;
}

std::string interval_text(const Interval& value) {
  if (value.count < 2) return fmt::format("{:+.2f}", value.value);
  return fmt::format("{:+.2f} ± {:.2f}", value.value, value.high - value.value);
}

void batch_axis(Panel& panel, const std::vector<double>& batches) {
  const auto axis = figures::axis_of(batches);
  if (axis.logarithmic) panel.log_x();
  panel.x_ticks(axis.ticks);
  panel.x_range(axis.right, axis.left);
}

struct Curve {
  std::vector<double> x, middle, low, high;
};

Curve curve_of(const core::Table& records, const Rows& rows, const std::string& column) {
  Curve c;
  for (const double at : figures::distinct_numbers(records, rows, batch)) {
    Rows here;
    for (const std::size_t row : rows)
      if (records.number(row, batch) == at) here.push_back(row);
    const auto values = figures::column(records, here, column);
    if (values.empty()) continue;
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    c.x.push_back(at);
    c.middle.push_back(figures::median(values));
    c.low.push_back(*low);
    c.high.push_back(*high);
  }
  return c;
}

// One curve for each M; the largest value that occurs.
double draw_sizes(Panel& panel, const core::Table& records, const Rows& rows,
                  const std::string& column) {
  double top = 0;
  std::size_t i = 0;
  for (const double size : figures::distinct_numbers(records, rows, "cols")) {
    const Look look = looks.at(i++);
    Rows of_size;
    for (const std::size_t row : rows)
      if (records.number(row, "cols") == size) of_size.push_back(row);
    const Curve c = curve_of(records, of_size, column);
    const std::string name = fmt::format("M = {:g}", size);
    panel.band(name, c.x, c.low, c.high, look.colour);
    panel.unlisted();
    panel.line(name, c.x, c.middle, look.colour, 1.6);
    panel.unlisted();
    panel.points(name, c.x, c.middle, look.colour, 0.8, look.shape);
    for (const double high : c.high) top = std::max(top, high);
  }
  return top;
}

void draw_level(Panel& panel, const std::vector<double>& batches, double level,
                const std::string& text, double top) {
  const auto axis = figures::axis_of(batches);
  panel.line(text, {axis.left, axis.right}, {level, level}, colour::black, 1,
             figures::Dash::dotted);
  panel.unlisted();
  panel.note(text, 0.03, level / top + 0.04);
}

void draw_order_parameters(figures::Figure& figure, const core::Table& records, const Rows& rows) {
  const auto batches = figures::distinct_numbers(records, rows, batch);
  struct Item {
    const char *column, *title, *label;
  };
  const Item items[] = {{"ks_all", "distance to noise", "KS"},
                        {"lambda_max_over_lambda_plus", "largest eigenvalue", "λ_{max} / λ_+"},
                        {"outlier_trace_fraction", "trace in outliers", "share"},
                        {"outlier_count", "outliers", "count"}};
  for (std::size_t i = 0; i < std::size(items); ++i) {
    Panel& panel = figure.panel(i / 3, i % 3, items[i].title);
    panel.title(items[i].title);
    panel.labels("batch size", items[i].label);
    batch_axis(panel, batches);
    const double top = 1.1 * draw_sizes(panel, records, rows, items[i].column);
    if (i > 0) panel.y_range(0, top);
    if (i == 1) draw_level(panel, batches, 1.5, "1.5", top);
    if (i == 2) {
      draw_level(panel, batches, 0.125, "1/8", top);
      draw_level(panel, batches, 0.25, "1/4", top);
    }
  }
  Panel& noise = figure.panel(0, 0, "distance to noise");
  noise.log_y();
  noise.y_range(1e-3, 3);  // room for the key
  noise.key("top left Left reverse");
}

// M from left to right, batch sizes upwards, with room for a key below batch size 1.
void size_axes(Panel& panel, const std::vector<double>& sizes) {
  panel.labels("width M", "batch size at the boundary");
  const auto axis = figures::axis_of(sizes);
  if (axis.logarithmic) panel.log_x();
  panel.x_ticks(axis.ticks);
  panel.x_range(axis.left, axis.right);
  panel.log_y();
  panel.y_range(0.012, 700);
  panel.y_ticks({{1, "1"}, {4, "4"}, {16, "16"}, {64, "64"}, {256, "256"}});
  panel.key("bottom left Left reverse");
}

void draw_thresholds(Panel& panel, const std::vector<double>& sizes,
                     const std::vector<Drawn>& list) {
  panel.title("boundaries by statistic");
  size_axes(panel, sizes);
  for (const Drawn& d : list) {
    std::vector<double> x, y, low, high;
    for (const SizedBoundary& b : d.boundaries) {
      if (!b.complete()) continue;
      const Interval at = figures::geometric_interval(b.values());
      x.push_back(b.size);
      y.push_back(at.value);
      low.push_back(at.count > 1 ? at.low : at.value);
      high.push_back(at.count > 1 ? at.high : at.value);
    }
    if (x.empty()) continue;
    const auto fit = figures::exponent(d.boundaries);
    const auto local = figures::local_exponents(d.boundaries);
    const std::string text = fit ? fmt::format("{}: {}, last {:+.1f}", d.label,
                                               interval_text(fit->value), local.back().value.value)
                                 : fmt::format("{}: too few M", d.label);
    panel.line(d.threshold.name, x, y, d.colour, 1.6,
               d.main ? figures::Dash::solid : figures::Dash::dashed);
    panel.unlisted();
    panel.error_points(text, x, y, low, high, d.colour, 0.9, d.main ? 7 : 6);
  }
}

void draw_labels(Panel& panel, const std::vector<double>& sizes, const core::Run& run) {
  panel.title("boundaries by label");
  size_axes(panel, sizes);
  const auto& names = figures::phase_names();
  double shift = 0.94;  // bars of equal boundaries side by side
  for (std::size_t order = 1; order < names.size(); ++order) {
    std::vector<double> x, y, low, high;
    for (const auto& b : figures::label_boundaries(run, order)) {
      x.push_back(b.size * shift);
      y.push_back(b.at.value);
      low.push_back(b.at.low);
      high.push_back(b.at.high);
    }
    shift *= 1.04;
    if (x.empty()) continue;
    const char* const its = figures::phase_colour(names[order]);
    panel.line(names[order], x, y, its, 1.6);
    panel.unlisted();
    panel.error_points(names[order] + " or beyond", x, y, low, high, its, 0.9);
  }
}

void write_boundaries(const core::Run& run, const std::vector<Drawn>& list,
                      std::filesystem::path stem) {
  core::Table table({"boundary", "from", "cols", "replicates", "replicates_with", "batch_size",
                     "batch_size_low", "batch_size_high"});
  const auto add = [&](const std::string& name, const char* from, double size, std::size_t all,
                       const Interval& at) {
    const auto end = [](double v) { return std::isfinite(v) ? core::shortest(v) : std::string(); };
    table.add({name, from, core::shortest(size), std::to_string(all), std::to_string(at.count),
               at.count > 0 ? core::shortest(at.value) : std::string(),
               at.count > 0 ? end(at.low) : std::string(),
               at.count > 0 ? end(at.high) : std::string()});
  };
  for (const Drawn& d : list)
    for (const SizedBoundary& b : d.boundaries) {
      const auto values = b.values();
      add(d.threshold.name, "statistic", b.size, b.at.size(),
          values.empty() ? Interval{} : figures::geometric_interval(values));
    }
  const std::size_t replicates = run.records().distinct("replicate").size();
  const auto& names = figures::phase_names();
  for (std::size_t order = 1; order < names.size(); ++order)
    for (const auto& b : figures::label_boundaries(run, order))
      add(names[order] + " or beyond", "label", b.size, replicates, b.at);
  core::write_atomically(stem += "_boundaries.csv", table.csv());
}

// Exponents go to the table and, as lines of text, to standard output.
class Exponents {
public:
  void add(const std::string& name, const std::optional<Exponent>& fit) {
    if (fit)
      row(name, "all", *fit);
    else
      std::printf("%-54s fewer than three M with it in every replicate\n", name.c_str());
  }
  void add_local(const std::string& name, const std::vector<SizedBoundary>& boundaries) {
    for (const Exponent& e : figures::local_exponents(boundaries)) row(name, "local", e);
  }
  void write(std::filesystem::path stem) const {
    core::write_atomically(stem += "_exponents.csv", table_.csv());
  }

private:
  void row(const std::string& name, const char* kind, const Exponent& e) {
    const auto end = [](double v) { return std::isfinite(v) ? core::shortest(v) : std::string(); };
    table_.add({name, kind, core::shortest(e.sizes.front()), core::shortest(e.sizes.back()),
                std::to_string(e.value.count), core::shortest(e.value.value), end(e.value.low),
                end(e.value.high)});
    std::printf("%-54s M %4g to %4g  %+.2f", name.c_str(), e.sizes.front(), e.sizes.back(),
                e.value.value);
    if (e.value.count > 1) std::printf("  [%+.2f, %+.2f]", e.value.low, e.value.high);
    std::printf("\n");
  }

  core::Table table_{
      {"boundary", "kind", "from_cols", "to_cols", "replicates", "exponent", "low", "high"}};
};

void report_exponents(const std::vector<Drawn>& list, const std::filesystem::path& stem) {
  std::printf("exponents of the boundaries in M, 95 %% intervals over replicates\n");
  Exponents exponents;
  for (const Drawn& d : list) {
    exponents.add(d.threshold.name, figures::exponent(d.boundaries));
    exponents.add_local(d.threshold.name, d.boundaries);
  }
  const auto named = [&](const std::string& name) {
    return *std::find_if(list.begin(), list.end(),
                         [&](const Drawn& d) { return d.threshold.name == name; });
  };
  const Drawn spikes = named("lambda_max = 1.5 lambda_plus"), trace = named("1/8 of the trace");
  exponents.add(fmt::format("ratio: {} over {}", spikes.threshold.name, trace.threshold.name),
                figures::ratio_exponent(spikes.boundaries, trace.boundaries));
  exponents.write(stem);
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "training",
                                       {batch, "data.input_dimension", "network.hidden_widths"},
                                       "configs/finite_size.yaml");
  const core::Table& records = run.records();
  const Rows rows = figures::final_rows(run, "fc1");
  const auto sizes = figures::distinct_numbers(records, rows, "cols");
  if (sizes.size() > looks.size())
    throw std::runtime_error(fmt::format("{} has {} widths, this figure has colours for {}",
                                         folder.string(), sizes.size(), looks.size()));
  const auto list = drawn_boundaries(run);
  const std::size_t replicates = records.distinct("replicate").size();
  figures::Figure figure(2, 3, 3.1, 2.6);
  figure.headline(
      fmt::format("FC1 of {:g} M x M against batch size and M, SGD time {:.2g} to {:.0f}: {} "
                  "replicate{}, seed {}",
                  records.number(rows.front(), "rows") / records.number(rows.front(), "cols"),
                  figures::distinct_numbers(records, rows, "sgd_time").front(),
                  figures::distinct_numbers(records, rows, "sgd_time").back(), replicates,
                  replicates == 1 ? "" : "s", run.manifest().at("seed").get<std::uint64_t>()));
  draw_order_parameters(figure, records, rows);
  draw_thresholds(figure.panel(1, 1, "boundaries by statistic"), sizes, list);
  draw_labels(figure.panel(1, 2, "boundaries by label"), sizes, run);
  figure.save(output);
  write_boundaries(run, list, output);
  report_exponents(list, output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }

// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 4: one spike in Gaussian noise: position, variance and overlaps of its outlier.
///
/// Upper panels: means over draws and the limits, against the strength over the threshold. Lower
/// panels: the same minus (for the variance: divided by) the limit, with 95 % intervals; dotted,
/// where the spike cannot be seen, Tracy-Widom mean and variance of pure noise of that size.
///
/// A fixed matrix of rank one (additive) and one other population eigenvalue (covariance) share
/// position and M-vector but not the variance. The published demonstration planted the first kind,
/// divided by the variance of the second and found a standard deviation of 0.861 instead of 1; its
/// number is drawn over the variance that holds.
///
/// Reads   RUN/records.csv and the recorded draws
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig04_spikes results/spikes paper/figures/fig04_spikes
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/spiked.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/wishart_edge.hpp"

namespace {

using namespace rmtlab;
using figures::Dash;
using figures::Panel;
using figures::Rows;
using theory::Spike;
using theory::SpikeKind;

constexpr const char* kind_column = "spike.kind";
constexpr const char* cols_column = "shape.cols";
constexpr const char* ratio_column = "shape.aspect_ratio";
constexpr const char* strength_column = "spike.strength";
constexpr const char* colours[] = {figures::colour::sky, figures::colour::orange,
                                   figures::colour::vermillion};
constexpr double left = 0.3, right = 3.1;

struct Kind {
  SpikeKind kind;
  const char* name;
  int shape;  // filled for additive, open for covariance
  Dash dash;
};
constexpr Kind kinds[] = {{SpikeKind::additive, "additive", 7, Dash::solid},
                          {SpikeKind::covariance, "covariance", 4, Dash::dashed}};

// The published demonstration: N = 1000, M = 500, additive, S = 1.2 S_c, 999 matrices; standard
// deviation found over that of the covariance formula.
constexpr double published_strength = 1.2, published_ratio = 0.861, published_draws = 999;

Spike spike_at(SpikeKind kind, double q, double strength) {
  const double excess = strength * strength * theory::bbp_threshold(q);
  return kind == SpikeKind::additive ? Spike::additive(q, std::sqrt(excess))
                                     : Spike::covariance(q, 1 + excess);
}

// A mean or a variance with the standard error that its own draws give it.
struct Measured {
  double value, error;
};

Measured mean_of(const std::vector<double>& values, std::size_t column) {
  std::vector<double> own;
  for (std::size_t i = column; i < values.size(); i += 3) own.push_back(values[i]);
  const auto e = figures::estimate(own);
  return {e.mean, e.standard_error};
}

Measured variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values, 0).value;
  double second = 0, fourth = 0, n = 0;
  for (std::size_t i = 0; i < values.size(); i += 3) {
    const double square = (values[i] - mean) * (values[i] - mean);
    second += square;
    fourth += square * square;
    ++n;
  }
  second /= n;
  fourth /= n;
  return {second * n / (n - 1), std::sqrt((fourth - second * second) / n)};
}

// One quantity against the strength; `limit` is what the lower panel compares with.
struct Curve {
  std::vector<double> strength, value, error, limit;
};

// What the panels show of one kind and size, in the order of the columns.
struct Curves {
  Curve position, variance, right_overlap, left_overlap;
};

void append(Curve& c, double strength, const Measured& m, double limit) {
  c.strength.push_back(strength);
  c.value.push_back(m.value);
  c.error.push_back(m.error);
  c.limit.push_back(limit);
}

Curves curves_of(const core::Run& run, SpikeKind kind, const Rows& rows) {
  const core::Table& records = run.records();
  Curves c;
  for (const std::size_t row : rows) {
    const double q = records.number(row, ratio_column), n = records.number(row, "rows");
    const double strength = records.number(row, strength_column);
    const Spike spike = spike_at(kind, q, strength);
    const auto values = run.array(row, "outliers").values;
    append(c.position, strength, mean_of(values, 0), outlier_location(spike));
    Measured variance = variance_of(values);
    variance.value *= n;
    variance.error *= n;
    append(c.variance, strength, variance, fluctuation_variance(spike));
    append(c.right_overlap, strength, mean_of(values, 1), overlap_right(spike));
    append(c.left_overlap, strength, mean_of(values, 2), overlap_left(spike));
  }
  return c;
}

struct Column {
  Panel &values, &residuals;
};

void draw_points(Panel& panel, const std::string& series, const std::vector<double>& x,
                 const std::vector<double>& y, const std::vector<double>& error, const char* colour,
                 const Kind& kind) {
  std::vector<double> low, high;
  for (std::size_t i = 0; i < y.size(); ++i) {
    low.push_back(y[i] - 1.96 * error[i]);
    high.push_back(y[i] + 1.96 * error[i]);
  }
  panel.error_points(series, x, y, low, high, colour, kind.kind == SpikeKind::additive ? 0.5 : 0.95,
                     kind.shape);
  panel.unlisted();
}

// Points of one kind and size; lower panel (value - limit) / unit, or value / limit.
void draw_curve(const Column& column, const Curve& c, bool quotient, double unit,
                const std::string& series, const char* colour, const Kind& kind) {
  draw_points(column.values, series, c.strength, c.value, c.error, colour, kind);
  std::vector<double> x, y, error;
  const double shift = kind.kind == SpikeKind::additive ? -0.025 : 0.025;
  for (std::size_t i = 0; i < c.strength.size(); ++i) {
    if (quotient && c.limit[i] == 0) continue;
    const double divisor = quotient ? c.limit[i] : unit;
    x.push_back(c.strength[i] + shift);
    y.push_back((quotient ? c.value[i] : c.value[i] - c.limit[i]) / divisor);
    error.push_back(c.error[i] / divisor);
  }
  draw_points(column.residuals, series, x, y, error, colour, kind);
}

template <class Function>
void draw_limit(Panel& panel, const std::string& series, const Kind& kind, double q,
                Function quantity) {
  std::vector<double> x, y;
  for (int i = 0; i <= 560; ++i) {
    x.push_back(left + (right - left) * i / 560);
    y.push_back(quantity(spike_at(kind.kind, q, x.back())));
  }
  panel.line(series, x, y, figures::colour::black, 1.6, kind.dash);
}

void draw_limits(const Column (&columns)[4], double q) {
  draw_limit(columns[0].values, "limit", kinds[0], q,
             [](const Spike& s) { return outlier_location(s); });
  draw_limit(columns[2].values, "limit", kinds[0], q,
             [](const Spike& s) { return overlap_right(s); });
  for (const Kind& kind : kinds) {
    draw_limit(columns[1].values, fmt::format("limit, {}", kind.name), kind, q,
               [](const Spike& s) { return fluctuation_variance(s); });
    draw_limit(columns[3].values, fmt::format("limit, {}", kind.name), kind, q,
               [](const Spike& s) { return overlap_left(s); });
  }
  for (std::size_t i = 0; i < 4; ++i)
    columns[i].residuals.line("limit", {left, right}, {i == 1 ? 1.0 : 0.0, i == 1 ? 1.0 : 0.0},
                              figures::colour::black, 1);
  columns[1].residuals.unlisted();
}

// Colours are sizes, shapes are kinds: entries of the key, drawn outside the axes.
void draw_key(Panel& panel, const std::vector<std::string>& sizes) {
  for (std::size_t k = 0; k < sizes.size(); ++k)
    panel.points("M = " + sizes[k], {-1}, {0}, colours[k], 0.8, 7);
  for (const Kind& kind : kinds)
    panel.points(kind.name, {-1}, {0}, figures::colour::grey,
                 kind.kind == SpikeKind::additive ? 0.5 : 0.95, kind.shape);
}

// The law of pure noise of this size, for strengths below the threshold.
void draw_noise(const Column (&columns)[4], double q, double cols, double plus,
                const char* colour) {
  const auto edge = theory::upper_edge_scaling(q * cols, cols);
  const theory::TracyWidom law(1);
  const double mean = edge.center + edge.scale * theory::mean(law);
  const double variance = q * cols * edge.scale * edge.scale * theory::variance(law);
  columns[0].residuals.line("noise", {left, 1}, {100 * (mean / plus - 1), 100 * (mean / plus - 1)},
                            colour, 2.4, Dash::dotted);
  columns[1].values.line("noise", {left, 1}, {variance, variance}, colour, 2.4, Dash::dotted);
  columns[1].values.unlisted();
}

void draw_published(Panel& panel, double q) {
  const double held = fluctuation_variance(spike_at(SpikeKind::additive, q, published_strength));
  const double used = fluctuation_variance(spike_at(SpikeKind::covariance, q, published_strength));
  const double value = published_ratio * published_ratio * used / held;
  const double half = 1.96 * value * std::sqrt(2 / (published_draws - 1));
  panel.error_points("published demo, rescaled", {published_strength + 0.06}, {value},
                     {value - half}, {value + half}, figures::colour::black, 1.0, 13);
  std::vector<double> x, y;
  for (int i = 1; i <= 200; ++i) {
    x.push_back(1 + (right - 1) * i / 200);
    y.push_back(fluctuation_variance(spike_at(SpikeKind::covariance, q, x.back())) /
                fluctuation_variance(spike_at(SpikeKind::additive, q, x.back())));
  }
  panel.line("what that demo expected", x, y, figures::colour::grey, 1.6, Dash::dashed);
}

void set_axes(const Column (&columns)[4]) {
  struct Text {
    const char *title, *values, *residuals;
  };
  constexpr Text texts[] = {{"position of the outlier", "mean λ_{max}", "(mean - limit) / λ_+ (%)"},
                            {"variance", "N Var λ_{max}", "N Var / limit"},
                            {"overlap of M-vectors", "squared cosine", "mean - limit"},
                            {"overlap of N-vectors", "squared cosine", "mean - limit"}};
  for (std::size_t i = 0; i < 4; ++i) {
    columns[i].values.title(texts[i].title);
    columns[i].values.labels("", texts[i].values);
    columns[i].residuals.labels("S / S_c", texts[i].residuals);
    for (Panel* panel : {&columns[i].values, &columns[i].residuals}) {
      panel->x_range(left, right);
      panel->x_ticks({{0.5, "0.5"}, {1, "1"}, {1.5, "1.5"}, {2, "2"}, {2.5, "2.5"}, {3, "3"}});
    }
  }
  columns[0].values.y_range(2, 8.5);
  columns[0].values.key("top left Left reverse");
  columns[0].residuals.y_range(-3, 1);
  columns[1].values.log_y();
  columns[1].values.y_range(0.3, 200);
  columns[1].values.key("top left Left reverse");
  columns[1].residuals.y_range(0.5, 2);
  columns[1].residuals.key("bottom right");
  columns[2].values.y_range(0, 1.05);
  columns[2].residuals.y_range(-0.05, 0.27);
  columns[3].values.y_range(0, 1.05);
  columns[3].values.key("bottom right");
  columns[3].residuals.y_range(-0.05, 0.27);
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "spikes",
                                       {kind_column, ratio_column, cols_column, strength_column},
                                       "configs/spikes.yaml");
  const core::Table& records = run.records();
  const auto ratios = records.distinct(ratio_column);
  const auto sizes = records.distinct(cols_column);
  if (ratios.size() != 1 || sizes.size() != std::size(colours))
    throw std::runtime_error(fmt::format(
        "{} has {} values of {} and {} of {}, this figure draws 1 and {}", folder.string(),
        ratios.size(), ratio_column, sizes.size(), cols_column, std::size(colours)));
  const double q = records.number(0, ratio_column);
  const double plus = theory::MarchenkoPastur(q).upper_edge();
  figures::Figure figure(2, 4, 2.6, 2.1);
  figure.untitled_row(1);
  figure.headline(
      fmt::format("One spike in Gaussian noise, Q = {}: {} draws, 95 % intervals. The published "
                  "demo took a covariance spike's variance for an additive one",
                  ratios.front(), run.array(0, "outliers").values.size() / 3));
  const auto column = [&](std::size_t i, const std::string& name) {
    return Column{figure.panel(0, i, name), figure.panel(1, i, name + " against limit")};
  };
  const Column columns[] = {column(0, "position"), column(1, "variance"), column(2, "overlap M"),
                            column(3, "overlap N")};
  set_axes(columns);
  draw_limits(columns, q);
  draw_published(columns[1].residuals, q);
  draw_key(columns[0].values, sizes);
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    draw_noise(columns, q, std::stod(sizes[k]), plus, colours[k]);
    for (const Kind& kind : kinds) {
      const auto c = curves_of(
          run, kind.kind,
          figures::rows_where(records, {{kind_column, kind.name}, {cols_column, sizes[k]}}));
      const std::string series = fmt::format("{}, M = {}", kind.name, sizes[k]);
      draw_curve(columns[0], c.position, false, plus / 100, series, colours[k], kind);
      draw_curve(columns[1], c.variance, true, 1, series, colours[k], kind);
      draw_curve(columns[2], c.right_overlap, false, 1, series, colours[k], kind);
      draw_curve(columns[3], c.left_overlap, false, 1, series, colours[k], kind);
    }
  }
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }

// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 13: law and growth of the largest eigenvalue, one tail index of each class.
///
/// Distribution functions of lambda_max over independent matrices at the smallest and the largest size
/// with the law of that very size: Frechet (mu = 1), spike-mapped (mu = 2.5 and 3.5), Tracy-Widom
/// (mu = 6). Bands are 95 % bands of an empirical distribution function (Dvoretzky, Kiefer and
/// Wolfowitz). The excess kurtosis k of the entries, which is negative for Pareto ones of mu = 6, moves
/// the edge by 2 k (1 + c^(1/2))^2 c^(-1/2) / N, c = M/N, in units of the variance: a shift that is
/// N^(-1/3) on the scale of Tracy-Widom. Last panels: the median against M, divided by that at the
/// smallest size, with 95 % intervals from order statistics, the median of the law and the asymptotic
/// power of M.
///
/// Reads   RUN/records.csv and the recorded largest eigenvalues
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig13_largest_eigenvalue results/largest_eigenvalue paper/figures/fig13_largest_eigenvalue
#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"
#include "theory/frechet.hpp"
#include "theory/spike_mapped.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/universality.hpp"
#include "theory/wishart_edge.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;

// Draws at one tail index and size, with the law of lambda_max / unit - shift.
struct Draws {
  double mu = 0, rows = 0, cols = 0;
  std::vector<double> largest;  // ascending
  double ks = 0;                // to the law; beyond the edge where the law has an atom there
  double ks_noise = 0;          // what 5 % of samples from the law exceed
  double unit = 1, shift = 0;   // standard value: largest / unit - shift
  std::function<double(double)> cdf, quantile;  // of the standard value

  [[nodiscard]] double standard(double lambda) const { return lambda / unit - shift; }
  [[nodiscard]] double law_median() const { return unit * (quantile(0.5) + shift); }
};

// The laws of Pareto entries P(|w| > u) = u^-mu with random signs.
void set_law(Draws& d) {
  if (d.mu < 2) {
    const theory::Frechet law(d.mu / 2);
    d.unit = theory::largest_eigenvalue_scale(d.mu, d.rows, d.cols);
    d.cdf = [law](double x) { return theory::cdf(law, x); };
    d.quantile = [law](double p) { return theory::quantile(law, p); };
    return;
  }
  const double variance = d.mu / (d.mu - 2);
  if (d.mu <= 4) {
    const theory::SpikeMapped law(d.mu, d.rows, d.cols);
    const double edge = law.upper_edge();
    d.unit = variance * edge;
    d.cdf = [law, edge](double x) { return theory::cdf(law, x * edge); };
    d.quantile = [law, edge](double p) { return theory::quantile(law, p) / edge; };
    return;
  }
  const theory::EdgeScaling edge = theory::upper_edge_scaling(d.rows, d.cols, variance);
  const theory::TracyWidom law(1);
  d.unit = edge.scale;
  d.shift = edge.center / edge.scale;
  d.cdf = [law](double z) { return theory::cdf(law, z); };
  d.quantile = [law](double p) { return theory::quantile(law, p); };
}

Draws draws_of(const core::Run& run, std::size_t row) {
  const core::Table& records = run.records();
  Draws d;
  d.mu = records.number(row, "ensemble.mu");
  d.rows = records.number(row, "rows");
  d.cols = records.number(row, "cols");
  d.largest = run.array(row, "largest").values;
  const bool atom = d.mu > 2 && d.mu <= 4;
  d.ks = records.number(row, atom ? "ks_beyond" : "ks_law");
  const double share = atom ? records.number(row, "share_beyond") : 1;
  d.ks_noise = 1.36 / std::sqrt(share * static_cast<double>(d.largest.size()));
  set_law(d);
  return d;
}

struct Style {
  const char* colour;
  int shape;
  figures::Dash dash;
};
constexpr Style smallest{figures::colour::orange, 7, figures::Dash::dashed};
constexpr Style largest{figures::colour::blue, 5, figures::Dash::solid};

void draw_distribution(Panel& panel, const Draws& d, const Style& style, double left, double right,
                       bool logarithmic) {
  const auto n = static_cast<double>(d.largest.size());
  const double half = std::sqrt(std::log(2 / 0.05) / (2 * n));
  std::vector<double> x, share, low, high;
  const std::size_t step = std::max<std::size_t>(1, d.largest.size() / 60);
  for (std::size_t i = step / 2; i < d.largest.size(); i += step) {
    x.push_back(d.standard(d.largest[i]));
    share.push_back((static_cast<double>(i) + 0.5) / n);
    low.push_back(std::max(0.0, share.back() - half));
    high.push_back(std::min(1.0, share.back() + half));
  }
  panel.band(fmt::format("95 % band, M = {:.0f}", d.cols), x, low, high, style.colour);
  panel.unlisted();
  panel.points(fmt::format("M = {:.0f}", d.cols), x, share, style.colour, 0.45, style.shape);
  std::vector<double> law_x, law_share;
  for (int i = 0; i <= 400; ++i) {
    const double t = i / 400.0;
    law_x.push_back(logarithmic ? left * std::pow(right / left, t) : left + t * (right - left));
    law_share.push_back(d.cdf(law_x.back()));
  }
  panel.line(fmt::format("its law, M = {:.0f}", d.cols), law_x, law_share, figures::colour::black,
             1.5, style.dash);
}

void draw_class(Panel& panel, const Draws& small, const Draws& large) {
  const double mu = small.mu;
  const auto facts = theory::universality_facts(mu);
  const bool logarithmic = mu <= 4;
  double left = 0.01, right = 1e4;
  if (mu > 2 && logarithmic) {
    left = 0.5;
    right = std::pow(10, std::ceil(std::log10(large.quantile(0.995))));
  }
  if (!logarithmic) {
    left = -6;
    right = 5;
  }
  panel.title(fmt::format("μ = {:g}: {}", mu,
                          facts.edge == "wishart-edge" ? "Tracy-Widom"
                          : mu < 2                     ? "Fréchet"
                                                       : "spike-mapped"));
  panel.labels(mu < 2        ? "λ_{max} / b,  b = (NM)^{2/μ} / N"
               : logarithmic ? "λ_{max} / λ_+"
                             : "(λ_{max} - center) / scale",
               "P(λ_{max} below)");
  draw_distribution(panel, small, smallest, left, right, logarithmic);
  draw_distribution(panel, large, largest, left, right, logarithmic);
  if (logarithmic) panel.log_x();
  panel.x_range(left, right);
  panel.y_range(0, 1.02);
  const char* where = mu > 2 && logarithmic ? "KS beyond λ_+: " : "KS ";
  if (!logarithmic) {
    const double kurtosis = (mu - 2) * (mu - 2) / (mu * (mu - 4)) - 3;
    panel.note(fmt::format("kurtosis {:.1f}: shift ∝ N^{{-1/3}}", kurtosis), 0.03, 0.92);
  }
  double y = 0.15;
  for (const auto& [d, colour] : {std::pair(&small, smallest.colour), {&large, largest.colour}}) {
    panel.note(fmt::format("{}{:.3f} (noise {:.3f})", where, d->ks, d->ks_noise), 0.97, y, "right",
               colour);
    y -= 0.09;
  }
}

// 95 % interval of the median: order statistics at n/2 -+ 0.98 sqrt(n).
std::pair<double, double> median_interval(const std::vector<double>& ascending) {
  const auto n = static_cast<double>(ascending.size());
  const double half = 0.98 * std::sqrt(n);
  const auto low = static_cast<std::size_t>(std::max(0.0, std::floor(n / 2 - half)));
  const auto high = static_cast<std::size_t>(std::min(n - 1, std::ceil(n / 2 + half)));
  return {ascending[low], ascending[high]};
}

void draw_growth(Panel& panel, const std::vector<std::vector<Draws>>& classes,
                 std::size_t first_style) {
  constexpr Style styles[] = {{figures::colour::vermillion, 7, figures::Dash::solid},
                              {figures::colour::green, 9, figures::Dash::solid},
                              {figures::colour::blue, 5, figures::Dash::solid},
                              {figures::colour::purple, 13, figures::Dash::solid}};
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const auto& sizes = classes[c];
    const Style& style = styles[(first_style + c) % std::size(styles)];
    const double start = figures::median(sizes.front().largest);
    std::vector<double> cols, middle, low, high, error, law, power;
    for (const Draws& d : sizes) {
      const auto [below, above] = median_interval(d.largest);
      cols.push_back(d.cols);
      middle.push_back(figures::median(d.largest) / start);
      low.push_back(below / start);
      high.push_back(above / start);
      error.push_back((above - below) / (2 * 1.96) / (middle.back() * start));
      law.push_back(d.law_median() / start);
    }
    const double order = theory::universality_facts(sizes.front().mu).largest_order;
    for (const double m : cols) power.push_back(middle.back() * std::pow(m / cols.back(), order));
    const auto slope = figures::log_log_slope(cols, middle, error);
    panel.error_points(fmt::format("μ = {:g}: slope {:.3f} ± {:.3f} ({:.3f})", sizes.front().mu,
                                   slope.slope, 1.96 * slope.standard_error, order),
                       cols, middle, low, high, style.colour, 0.8, style.shape);
    const bool last = c + 1 == classes.size();  // named once, below the points
    panel.line("median of the law", cols, law, style.colour, 1.5);
    if (!last) panel.unlisted();
    panel.line("asymptotic slope", cols, power, figures::colour::black, 1.4, figures::Dash::dotted);
    if (!last) panel.unlisted();
  }
  panel.labels("columns M", "median λ_{max}, smallest M = 1");
  panel.log_x();
  panel.log_y();
  const auto& sizes = classes.front();
  panel.x_range(sizes.front().cols / 1.2, sizes.back().cols * 1.2);
  std::vector<std::pair<double, std::string>> ticks;
  for (const Draws& d : sizes) ticks.emplace_back(d.cols, fmt::format("{:.0f}", d.cols));
  panel.x_ticks(ticks);
  panel.key("top left Left reverse");
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "edge_fluctuations", {"ensemble.mu", "shape.cols"},
                                       "configs/largest_eigenvalue.yaml");
  figures::require_parameter(run, "ensemble.name", "pareto");
  figures::require_parameter(run, "ensemble.scaling", "none");
  const core::Table& records = run.records();
  std::vector<std::vector<Draws>> classes;
  for (const std::string& mu : records.distinct("ensemble.mu")) {
    classes.emplace_back();
    for (const std::size_t row : records.where("ensemble.mu", mu))
      classes.back().push_back(draws_of(run, row));
  }
  figures::Figure figure(2, 3, 3.5, 2.6);
  constexpr std::pair<std::size_t, std::size_t> places[] = {{0, 0}, {0, 1}, {0, 2}, {1, 0}};
  if (classes.size() != std::size(places))
    throw std::runtime_error(folder.string() + " does not have four values of ensemble.mu");
  for (std::size_t i = 0; i < classes.size(); ++i)
    draw_class(figure.panel(places[i].first, places[i].second,
                            fmt::format("mu {:g}", classes[i].front().mu)),
               classes[i].front(), classes[i].back());
  figure.panel(0, 0, "").key("center right");
  Panel& heavy = figure.panel(1, 1, "growth below mu = 2");
  heavy.title("growth of the median, μ < 2");
  draw_growth(heavy, {classes.begin(), classes.begin() + 1}, 0);
  heavy.y_range(0.4, 3e4);
  Panel& lighter = figure.panel(1, 2, "growth above mu = 2");
  lighter.title("growth of the median, μ > 2");
  draw_growth(lighter, {classes.begin() + 1, classes.end()}, 1);
  lighter.y_range(0.6, 5);
  lighter.y_ticks({{0.7, "0.7"}, {1, "1"}, {1.5, "1.5"}, {2, "2"}, {3, "3"}, {4, "4"}});
  figure.headline(
      fmt::format("Largest eigenvalue of {} symmetrised Pareto matrices at each size, Q = {:g}, "
                  "against the law of "
                  "its class; 95 % bands and intervals, KS with its 95 % noise level",
                  records.text(0, "draws"), run.parameter(0, "shape.aspect_ratio")));
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }

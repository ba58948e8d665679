// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 6: densities of single entries of tail index mu: Pareto and Lomax, three conventions.
///
/// Points: share of entries per unit of w in logarithmic bins of |w|, negative entries apart, with
/// exact Poisson 95 % intervals. Lines: closed forms. Raw entries are positive, so a matrix of them has
/// a mean and its spectrum an outlier that no tail index explains; the published matrices are raw
/// Lomax ones.
///
/// Reads   RUN/records.csv and the recorded entries
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig06_entry_laws results/entry_laws paper/figures/fig06_entry_laws
#include <algorithm>
#include <cmath>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/pareto.hpp>
#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;

constexpr const char* name_column = "ensemble.name";
constexpr const char* centring_column = "ensemble.centring";
constexpr const char* mu_column = "ensemble.mu";
constexpr const char* colours[] = {figures::colour::vermillion, figures::colour::blue};
constexpr double least = 1e-2, most = 1e5;  // of |w|

// Law of one entry. Lomax entries are Pareto ones minus 1; `shift` is all that is subtracted.
struct EntryDensity {
  boost::math::pareto pareto;
  double shift = 0;
  bool symmetrised = false;

  EntryDensity(const std::string& name, const std::string& centring, double mu)
      : pareto(1, mu), symmetrised(centring == "symmetrised") {
    if (name == "lomax") shift = 1;
    if (centring == "centred") shift = mean(pareto);
  }
  [[nodiscard]] double one_sided(double w) const {
    return w + shift < 1 ? 0 : pdf(pareto, w + shift);
  }
  [[nodiscard]] double operator()(double w) const {
    return symmetrised ? 0.5 * one_sided(std::abs(w)) : one_sided(w);
  }
  /// Negative entries reach down to minus this; infinity if there is no end, 0 if there are none.
  [[nodiscard]] double negative_end() const {
    return symmetrised ? std::numeric_limits<double>::infinity() : std::max(0.0, shift - 1);
  }
  /// Entries are nowhere between minus this and this.
  [[nodiscard]] double gap() const { return shift == 0 ? 1 : 0; }
};

// Edges five a decade, starting where the law jumps so that no bin straddles the jump.
std::vector<double> bin_edges(double anchor) {
  std::vector<double> edges;
  const double start = std::floor(5 * std::log10(least / anchor)) / 5;
  for (double e = start; anchor * std::pow(10, e) < most; e += 0.2)
    edges.push_back(anchor * std::pow(10, e));
  return edges;
}

// Density of the entries of one sign.
void draw_sample(Panel& panel, const std::string& series, const std::vector<double>& entries,
                 double sign, double anchor, const char* colour) {
  const auto edges = bin_edges(anchor);
  std::vector<double> counts(edges.size() + 1, 0.0);
  for (const double w : entries)
    if (w * sign > 0)
      ++counts[static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), w * sign) -
                                        edges.begin())];
  std::vector<double> x, y, low, high;
  for (std::size_t i = 1; i < edges.size(); ++i) {
    if (counts[i] == 0) continue;
    using boost::math::chi_squared;
    const double unit = static_cast<double>(entries.size()) * (edges[i] - edges[i - 1]);
    x.push_back(std::sqrt(edges[i] * edges[i - 1]));
    y.push_back(counts[i] / unit);
    low.push_back(quantile(chi_squared(2 * counts[i]), 0.025) / 2 / unit);
    high.push_back(quantile(chi_squared(2 * counts[i] + 2), 0.975) / 2 / unit);
  }
  panel.error_points(series, x, y, low, high, colour, sign > 0 ? 0.55 : 0.8, sign > 0 ? 7 : 6);
  panel.unlisted();
}

void draw_law(Panel& panel, const std::string& series, const EntryDensity& density, double sign,
              const char* colour) {
  const double end = sign < 0 ? density.negative_end() : std::numeric_limits<double>::infinity();
  if (end <= least) return;
  const double first = std::max(least, density.gap()), last = std::min(end, most);
  std::vector<double> x, y;
  for (int i = 0; i <= 400; ++i) {
    x.push_back(first * std::pow(last / first, i / 400.0) * (1 - 1e-12 * i));  // inside the end
    y.push_back(density(sign * x.back()));
  }
  panel.line(series, x, y, colour, 1.6, sign > 0 ? figures::Dash::solid : figures::Dash::dashed);
}

void draw_panel(Panel& panel, const core::Run& run, const std::string& name,
                const std::string& centring) {
  const core::Table& records = run.records();
  const auto mus = records.distinct(mu_column);
  for (std::size_t k = 0; k < mus.size(); ++k) {
    const std::size_t row =
        figures::rows_where(records,
                            {{name_column, name}, {centring_column, centring}, {mu_column, mus[k]}})
            .front();
    const EntryDensity density(name, centring, std::stod(mus[k]));
    const auto entries = run.array(row, "entries").values;
    const std::string label = "μ = " + mus[k];
    draw_sample(panel, label + ", sample", entries, 1, 1, colours[k]);
    const double end = density.negative_end();
    if (end > 0)
      draw_sample(panel, label + ", sample, w < 0", entries, -1, std::isfinite(end) ? end : 1,
                  colours[k]);
    draw_law(panel, label + ", w < 0", density, -1, colours[k]);
    draw_law(panel, label, density, 1, colours[k]);
  }
  panel.log_x();
  panel.log_y();
  panel.x_range(least, most);
  panel.x_ticks({{0.01, "0.01"}, {1, "1"}, {100, "100"}, {1e4, "10^4"}});
  panel.y_range(1e-10, 30);
}

// What the samples look like: entries of the key, drawn outside the axes.
void draw_key(Panel& panel) {
  panel.points("w > 0", {1e-9}, {1}, figures::colour::grey, 0.8, 7);
  panel.points("w < 0", {1e-9}, {1}, figures::colour::grey, 0.8, 6);
  panel.key("bottom left Left reverse");
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(
      folder, "universality", {name_column, centring_column, mu_column}, "configs/entry_laws.yaml");
  figures::require_parameter(run, "ensemble.scaling", "none");
  if (run.records().distinct(mu_column).size() > std::size(colours))
    throw std::runtime_error(fmt::format("{} has more than {} values of {}", folder.string(),
                                         std::size(colours), mu_column));
  figures::Figure figure(2, 3, 2.9, 2.05);
  figure.headline(
      fmt::format("Entries of tail index μ: density of {} entries and closed form; bars: 95 % "
                  "Poisson intervals",
                  run.array(0, "entries").values.size()));
  struct Text {
    const char *name, *title, *formula;
  };
  constexpr Text laws[] = {{"pareto", "Pareto", "μ x^{-1-μ}, x > 1"},
                           {"lomax", "Lomax", "μ (1 + x)^{-1-μ}, x > 0: as published"}};
  constexpr Text conventions[] = {{"raw", "raw", "{}"},
                                  {"centred", "centred", "w = x - E x"},
                                  {"symmetrised", "symmetrised", "w = ± x"}};
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      Panel& panel = figure.panel(i, j, fmt::format("{} {}", laws[i].name, conventions[j].name));
      panel.title(fmt::format("{}, {}", laws[i].title, conventions[j].title),
                  j == 0 ? laws[i].formula : conventions[j].formula, figures::colour::black);
      panel.labels(i == 1 ? "|w|" : "", j == 0 ? "p(w)" : "");
      draw_panel(panel, run, laws[i].name, conventions[j].name);
      if (i == 0 && j == 0) draw_key(panel);
    }
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }

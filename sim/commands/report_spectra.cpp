// SPDX-License-Identifier: MIT
// The spectra that a run keeps, over the law of noise.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/commands/report_picture_text.hpp"
#include "sim/commands/report_pictures.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::commands {
namespace {

using figures::Panel;

constexpr std::size_t most_spectra = 12, columns_of_panels = 4;

struct Spectrum {
  std::size_t row;
  std::string array, label;
};

// The cell as a number, if there is such a column and the cell is not empty.
std::optional<double> value(const core::Table& records, std::size_t row, const char* column) {
  if (!records.has_column(column) || records.text(row, column).empty()) return std::nullopt;
  return records.number(row, column);
}

std::string label_of(const View& view, std::size_t i) {
  const std::string& x = view.x.labels[view.x.index[i]];
  const std::string name = view.x.name.substr(view.x.name.rfind('.') + 1);
  const std::string place = view.x.numeric ? name + ' ' + x : x;
  const std::string& line = view.lines.labels[view.lines.index[i]];
  return line.empty() ? place : place + ", " + line;
}

// Spectra of the first replicate among the rows of the view, or of the first replicates without one.
std::vector<Spectrum> kept_spectra(const ReportedRun& run, const std::vector<View>& views) {
  std::vector<Spectrum> spectra;
  const core::Table& records = run.records();
  if (records.size() == 0) return spectra;
  const auto add = [&](std::size_t row, std::string label) {
    std::string array = run.array_of(row, "eigenvalues");
    if (!array.empty()) spectra.push_back({row, std::move(array), std::move(label)});
  };
  if (views.empty()) {
    for (std::size_t row = 0; row < records.size(); ++row)
      add(row, "replicate " + records.text(row, "replicate"));
    return spectra;
  }
  const View& view = views.front();
  double first = std::numeric_limits<double>::infinity();
  for (const std::size_t row : view.rows) first = std::min(first, records.number(row, "replicate"));
  std::vector<std::size_t> order(view.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(
      order, {}, [&](std::size_t i) { return std::pair(view.lines.index[i], view.x.index[i]); });
  for (const std::size_t i : order)
    if (records.number(view.rows[i], "replicate") == first) add(view.rows[i], label_of(view, i));
  return spectra;
}

std::vector<Spectrum> evenly_chosen(const std::vector<Spectrum>& all) {
  if (all.size() <= most_spectra) return all;
  std::vector<Spectrum> some;
  for (std::size_t i = 0; i < most_spectra; ++i)
    some.push_back(all[i * (all.size() - 1) / (most_spectra - 1)]);
  return some;
}

std::optional<theory::MarchenkoPastur> law_of(const core::Table& records, std::size_t row) {
  const auto rows = value(records, row, "rows"), cols = value(records, row, "cols");
  const auto sigma2 = value(records, row, "sigma2");
  if (!rows || !cols || !sigma2 || !(*rows > 0 && *cols > 0 && *sigma2 > 0)) return std::nullopt;
  return theory::MarchenkoPastur(*rows / *cols, *sigma2);
}

// Freedman and Diaconis' width, but between 15 and 120 bars.
void draw_bars(Panel& panel, const std::vector<double>& ascending, double right) {
  const auto m = static_cast<double>(ascending.size());
  const double range = ascending[ascending.size() * 3 / 4] - ascending[ascending.size() / 4];
  const double width = std::clamp(range / std::cbrt(m), right / 120, right / 15);
  const auto bins = static_cast<std::size_t>(std::ceil(right / width));
  std::vector<double> edges(bins + 1), heights(bins, 0.0);
  for (std::size_t i = 0; i <= bins; ++i) edges[i] = width * static_cast<double>(i);
  for (const double x : ascending)
    if (x >= 0 && x < edges.back()) heights[static_cast<std::size_t>(x / width)] += 1 / (m * width);
  panel.bars("eigenvalues", edges, heights, figures::colour::sky);
}

void draw_law(Panel& panel, const theory::MarchenkoPastur& law, double share) {
  std::vector<double> x, y;
  for (int i = 0; i <= 200; ++i) {
    const double t = (1 - std::cos(M_PI * i / 200)) / 2;
    x.push_back(std::lerp(law.lower_edge(), law.upper_edge(), t));
    const double density = pdf(law, x.back());
    y.push_back(share * (std::isfinite(density) ? density : pdf(law, 1e-4 * law.upper_edge())));
  }
  panel.line("Marchenko-Pastur", x, y, figures::colour::vermillion, 1.8);
}

// Whether the law could be drawn.
bool draw_spectrum(Panel& panel, const ReportedRun& run, const Spectrum& spectrum) {
  const core::Table& records = run.records();
  auto values = run.array(spectrum.array);
  std::erase_if(values, [](double x) { return !std::isfinite(x); });
  std::ranges::sort(values);
  const bool has_phase = records.has_column("phase");
  panel.title(literal(spectrum.label, 26),
              has_phase ? literal(records.text(spectrum.row, "phase"), 30) : "",
              figures::colour::blue);
  panel.labels("λ", "");
  if (values.empty() || values.back() <= 0) return false;
  const auto law = law_of(records, spectrum.row);
  const double beyond = law ? 4 * law->upper_edge() : 3 * values[values.size() * 19 / 20];
  double right = std::min(1.05 * values.back(), beyond > 0 ? beyond : values.back());
  if (law) right = std::max(right, 1.1 * law->upper_edge());
  panel.x_range(0, right);
  draw_bars(panel, values, right);
  if (law)
    draw_law(panel, *law, 1 - value(records, spectrum.row, "outlier_fraction").value_or(0.0));
  const auto outside = std::ranges::count_if(values, [&](double x) { return x > right; });
  if (outside > 0)
    panel.note(fmt::format("{} beyond, λ_{{max}} = {:.3g}", outside, values.back()), 0.97, 0.9,
               "right");
  return law.has_value();
}

}  // namespace

Picture draw_spectra(const ReportedRun& run, const std::vector<View>& views) {
  Picture picture;
  const auto all = kept_spectra(run, views);
  const auto chosen = evenly_chosen(all);
  if (chosen.empty()) return picture;
  figures::Figure figure((chosen.size() + columns_of_panels - 1) / columns_of_panels,
                         std::min(columns_of_panels, chosen.size()), 1.95, 1.5);
  bool any_law = false;
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    Panel& panel = figure.panel(i / columns_of_panels, i % columns_of_panels, "spectrum");
    any_law = draw_spectrum(panel, run, chosen[i]) || any_law;
    labels.push_back(chosen[i].label);
  }
  picture.title = "Spectra";
  picture.caption = fmt::format(
      "Density of the eigenvalues λ of single matrices, {} of the {} kept for {}.{}", chosen.size(),
      all.size(), views.empty() ? "the run" : "its first replicate",
      any_law ? " Line: the Marchenko-Pastur density of noise with the recorded sigma2, rows and "
                "cols, scaled to the share of eigenvalues that are no outliers."
              : "");
  if (run.records().has_column("phase")) picture.caption += " Below the setting: the phase.";
  picture.alt =
      fmt::format("Histograms of eigenvalues{}: {}.",
                  any_law ? " with the Marchenko-Pastur density" : "", fmt::join(labels, "; "));
  picture.png = png_of(figure);
  return picture;
}

}  // namespace rmtlab::commands

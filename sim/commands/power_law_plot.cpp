// SPDX-License-Identifier: MIT
#include "sim/commands/power_law_plot.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "figures/plot.hpp"

namespace rmtlab::commands {
namespace {

using figures::Panel;
namespace colour = figures::colour;

// The empirical survival function, thinned to what a picture can show: evenly in log rank.
void draw_survival(Panel& panel, const inference::CountedValues& sample) {
  const auto n = static_cast<double>(inference::sample_size(sample));
  std::vector<double> x, y;
  std::uint64_t at_or_above = 0;
  double last = 0;
  for (std::size_t i = sample.values.size(); i-- > 0;) {
    at_or_above += sample.counts[i];
    const double log_rank = std::log(static_cast<double>(at_or_above));
    if (!x.empty() && log_rank < last + 0.01 && i > 0) continue;
    last = log_rank;
    x.push_back(sample.values[i]);
    y.push_back(static_cast<double>(at_or_above) / n);
  }
  panel.points("data", x, y, colour::grey, 0.5);
}

std::vector<double> logarithmic_grid(double low, double high, std::size_t points) {
  std::vector<double> x(points);
  for (std::size_t i = 0; i < points; ++i)
    x[i] = low * std::pow(high / low, static_cast<double>(i) / static_cast<double>(points - 1));
  return x;
}

// A law of the tail, from its share down to half an observation.
template <class Survival>
void draw_law(Panel& panel, const std::string& name, const inference::PowerLawFit& fit,
              const char* colour, figures::Dash dash, Survival survival) {
  const double share = static_cast<double>(fit.n_tail) / static_cast<double>(fit.n);
  const double floor = 0.5 / static_cast<double>(fit.n);
  std::vector<double> x, y;
  for (const double value : logarithmic_grid(fit.xmin, fit.xmax, 300)) {
    const double p = share * survival(value);
    if (p < floor) break;
    x.push_back(value);
    y.push_back(p);
  }
  panel.line(name, x, y, colour, 2, dash);
}

}  // namespace

void plot_power_law(const inference::CountedValues& sample,
                    const inference::PowerLawOptions& options, const inference::PowerLawFit& fit,
                    const std::vector<inference::Alternative>& alternatives,
                    const std::string& file) {
  figures::Figure figure(1, 2, 4.2, 3.2);
  figure.headline(
      fmt::format("Power-law tail: α = {:.3g} ± {:.2g} (x_{{min}} taken as known), {} "
                  "of {} observations, {:.2g} decades",
                  fit.alpha, fit.sigma_alpha, fit.n_tail, fit.n, fit.decades));
  Panel& tail = figure.panel(0, 0, "tail");
  tail.title("tail and fitted laws");
  tail.labels("x", "P(X ≥ x)");
  tail.log_x();
  tail.log_y();
  tail.key("bottom left Left reverse");
  draw_survival(tail, sample);
  draw_law(tail, "power law", fit, colour::vermillion, figures::Dash::solid,
           [&](double x) { return survival(fit, x); });
  const char* colours[] = {colour::blue, colour::green, colour::purple, colour::orange};
  for (std::size_t i = 0; i < alternatives.size(); ++i) {
    std::string name = alternatives[i].name;
    std::replace(name.begin(), name.end(), '_', ' ');
    draw_law(tail, name, fit, colours[i % std::size(colours)], figures::Dash::dashed,
             [&](double x) { return survival(alternatives[i], fit, x); });
  }
  Panel& distance = figure.panel(0, 1, "distance");
  distance.title("why x_{min} is there");
  distance.labels("x_{min}", "KS distance of the tail");
  distance.log_x();
  std::vector<double> x, y;
  for (const auto& point : inference::ks_curve(sample, options)) {
    x.push_back(point.xmin);
    y.push_back(point.ks);
  }
  distance.line("", x, y, colour::blue, 1.5);
  distance.points("", {fit.xmin}, {fit.ks}, colour::vermillion, 1.2);
  distance.y_range(0, std::min(1.0, 1.05 * *std::max_element(y.begin(), y.end())));
  std::filesystem::path stem(file);
  if (stem.extension() == ".png" || stem.extension() == ".pdf") stem.replace_extension();
  figure.save(stem);
}

}  // namespace rmtlab::commands

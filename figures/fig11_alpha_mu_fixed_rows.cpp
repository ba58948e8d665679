// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 11: fitted exponent against tail index at a fixed number of rows, by shape.
///
/// The published curves are raw ones and lie between the lines 1 + mu/2 and 1 + mu; those of entries
/// with mean 0 cross the upper one, so the lines bound the recipe and no class of matrices.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig11_alpha_mu_fixed_rows results/alpha_mu_fixed_rows
///           paper/figures/fig11_alpha_mu_fixed_rows
#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/exponent_panel.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"

namespace {

using namespace rmtlab;

constexpr figures::ExponentStyle styles[] = {{figures::colour::orange, 7},
                                             {figures::colour::blue, 5},
                                             {figures::colour::purple, 13},
                                             {figures::colour::green, 9}};

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(
      folder, "alpha_mu", {"ensemble.centring", "ensemble.mu", "shape.aspect_ratio", "shape.cols"},
      "configs/alpha_mu_fixed_rows.yaml");
  figures::require_parameter(run, "ensemble.name", "lomax");
  const core::Table& records = run.records();
  if (records.distinct("rows").size() != 1)
    throw std::runtime_error(folder.string() + " has matrices of different N");
  std::vector<figures::ShapeFamily> families;
  for (const std::string& q : records.distinct("shape.aspect_ratio")) {
    const std::size_t first = records.where("shape.aspect_ratio", q).front();
    families.push_back({fmt::format("Q = {}, M = {}", q, records.text(first, "cols")),
                        {{"shape.aspect_ratio", q}},
                        styles[families.size() % std::size(styles)]});
  }
  figures::Figure figure(1, 3, 3.5, 3.2);
  figures::draw_shape_panels(figure, records, families);
  for (std::size_t i = 0; i < 2; ++i) {
    std::vector<double> mu, alpha;
    for (int k = 0; k <= 60; ++k) {
      mu.push_back(0.35 + 3.3 * k / 60);
      alpha.push_back(1 + mu.back());
    }
    figure.panel(0, i, "").line("1 + μ", mu, alpha, figures::colour::black, 1.6,
                                figures::Dash::dotted);
  }
  figure.headline(fmt::format(
      "Fitted exponent at N = {}: mean of {} matrices and its 95 % interval. Only raw entries stay "
      "between the published lines 1 + μ/2 and 1 + μ",
      records.text(0, "rows"), records.distinct("replicate").size()));
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }

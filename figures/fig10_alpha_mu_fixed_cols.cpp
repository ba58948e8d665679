// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 10: fitted exponent against tail index at a fixed number of columns, by aspect ratio.
///
/// The published curves are raw ones, whose order in Q at mu > 2 has the outlier of the mean in it.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig10_alpha_mu_fixed_cols results/alpha_mu_fixed_cols
///           paper/figures/fig10_alpha_mu_fixed_cols
#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/exponent_panel.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"

namespace {

using namespace rmtlab;

constexpr figures::ExponentStyle styles[] = {{figures::colour::orange, 7},
                                             {figures::colour::green, 9},
                                             {figures::colour::blue, 5},
                                             {figures::colour::purple, 13}};

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "alpha_mu",
                                       {"ensemble.centring", "ensemble.mu", "shape.aspect_ratio"},
                                       "configs/alpha_mu_fixed_cols.yaml");
  figures::require_parameter(run, "ensemble.name", "lomax");
  const core::Table& records = run.records();
  std::vector<figures::ShapeFamily> families;
  for (const std::string& q : records.distinct("shape.aspect_ratio"))
    families.push_back({fmt::format("Q = {}", q),
                        {{"shape.aspect_ratio", q}},
                        styles[families.size() % std::size(styles)]});
  figures::Figure figure(1, 3, 3.5, 3.2);
  figures::draw_shape_panels(figure, records, families);
  figure.headline(
      fmt::format("Fitted exponent at M = {}: mean of {} matrices and its 95 % interval. For μ > 2 "
                  "Q orders the raw "
                  "exponents; symmetrised ones rest on about a decade",
                  records.text(0, "cols"), records.distinct("replicate").size()));
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }

// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 30: can the probabilities of the phase classifier be believed, and what does abstaining buy?
///
/// Left: matrices of known phase in ten bins of the probability of the named phase, every phase of the same
/// weight; share right against mean probability, bars are 95 % (normal, of the weighted share). Middle: the
/// share that is abstained and the accuracy of the rest as the bound moves; the bound in use is marked.
/// Right: accuracy of each phase against the number of columns.
///
/// Reads   RUN/records.csv of experiment phase_benchmark, set families
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig30_calibration results/phase_benchmark paper/figures/fig30_calibration
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"
#include "figures/training_run.hpp"
#include "theory/phase.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;
namespace colour = figures::colour;

constexpr std::size_t bins = 10;
constexpr std::array columns_of_phases{"p_random_like", "p_bleeding_out", "p_bulk_plus_spikes",
                                       "p_bulk_decay",  "p_heavy_tailed", "p_rank_collapse"};

struct Answer {
  std::string truth;
  double cols, probability, weight;  // of the named phase; weights sum to 1 over each phase
  bool right, abstained;
};

std::vector<Answer> answers_of(const core::Table& records) {
  std::vector<Answer> answers;
  std::map<std::string, double> counts;
  for (std::size_t row = 0; row < records.size(); ++row) {
    const std::string& truth = records.text(row, "truth");
    if (truth.empty()) continue;
    const auto named = static_cast<std::size_t>(theory::phase_named(records.text(row, "phase")));
    answers.push_back(
        {truth, records.number(row, "cols"), records.number(row, columns_of_phases[named]), 1,
         truth == records.text(row, "phase"), records.text(row, "abstained") == "true"});
    counts[truth] += 1;
  }
  for (Answer& a : answers) a.weight = 1 / counts[a.truth];
  return answers;
}

// Weighted share of the right ones, its standard error, and the mean probability.
struct Share {
  double weight = 0, squares = 0, right = 0, probability = 0;
  void add(const Answer& a) {
    weight += a.weight;
    squares += a.weight * a.weight;
    right += a.right ? a.weight : 0;
    probability += a.weight * a.probability;
  }
  [[nodiscard]] double share() const { return right / weight; }
  [[nodiscard]] double error() const {
    return std::sqrt(share() * (1 - share()) * squares) / weight;
  }
};

void draw_calibration(Panel& panel, const std::vector<Answer>& answers) {
  std::array<Share, bins> shares;
  for (const Answer& a : answers)
    shares[std::min(static_cast<std::size_t>(a.probability * bins), bins - 1)].add(a);
  std::vector<double> x, y, low, high;
  for (const Share& s : shares) {
    if (s.weight == 0) continue;
    x.push_back(s.probability / s.weight);
    y.push_back(s.share());
    low.push_back(std::max(0.0, s.share() - 1.96 * s.error()));
    high.push_back(std::min(1.0, s.share() + 1.96 * s.error()));
  }
  panel.title("are probabilities frequencies?");
  panel.labels("probability of the named phase", "share right");
  panel.x_range(0.2, 1.02);
  panel.y_range(0, 1.05);
  panel.line("perfect", {0.2, 1}, {0.2, 1}, colour::grey, 1, figures::Dash::dashed);
  panel.error_points("classifier, 95 %", x, y, low, high, colour::blue, 0.9);
  panel.key("top left Left reverse");
}

void draw_abstention(Panel& panel, const std::vector<Answer>& answers) {
  std::vector<double> bounds, abstained, accuracy;
  for (int i = 0; i <= 65; ++i) {
    const double bound = 0.3 + 0.01 * i;
    Share kept, all;
    for (const Answer& a : answers) {
      all.add(a);
      if (a.probability >= bound) kept.add(a);
    }
    bounds.push_back(bound);
    abstained.push_back(1 - kept.weight / all.weight);
    accuracy.push_back(kept.share());
  }
  panel.title("what abstaining buys");
  panel.labels("least probability that is accepted", "share");
  panel.x_range(0.3, 0.95);
  panel.y_range(0, 1.05);
  panel.line("right, of those accepted", bounds, accuracy, colour::blue);
  panel.line("abstained", bounds, abstained, colour::orange);
  // What the run used, as its answers show it: the least probability that it accepted.
  double bound_in_use = 1;
  for (const Answer& a : answers)
    if (!a.abstained) bound_in_use = std::min(bound_in_use, a.probability);
  panel.line("in use", {bound_in_use, bound_in_use}, {0, 1.05}, colour::grey, 1,
             figures::Dash::dashed);
  panel.key("center left Left reverse");
}

void draw_sizes(Panel& panel, const std::vector<Answer>& answers) {
  panel.title("by phase and size");
  panel.labels("columns M", "share right");
  panel.log_x();
  panel.x_range(100, 1300);
  panel.x_ticks({{128, "128"}, {256, "256"}, {512, "512"}, {1000, "1000"}});
  double lowest = 1;
  double shift = 0.94;
  for (const theory::Phase phase : theory::all_phases) {
    std::map<double, Share> by_size;
    for (const Answer& a : answers)
      if (a.truth == name(phase)) by_size[a.cols].add(a);
    std::vector<double> x, y, low, high;
    for (const auto& [cols, s] : by_size) {
      x.push_back(cols * shift);
      y.push_back(s.share());
      low.push_back(s.share() - 1.96 * s.error());
      high.push_back(std::min(1.0, s.share() + 1.96 * s.error()));
      lowest = std::min(lowest, low.back());
    }
    shift *= 1.025;
    const std::string text(name(phase));
    panel.line(text, x, y, figures::phase_colour(text), 1);
    panel.unlisted();
    panel.error_points(text, x, y, low, high, figures::phase_colour(text), 0.7);
  }
  panel.y_range(std::min(0.75, lowest - 0.02), 1.02);
  panel.key("bottom right Left reverse");
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const core::Run run = core::Run::open(folder, "phase_benchmark");
  const auto answers = answers_of(run.records());
  figures::Figure figure(1, 3, 3.1, 2.9);
  figure.headline(
      fmt::format("The phase classifier on {} matrices of known phase, every phase of "
                  "the same weight",
                  answers.size()));
  draw_calibration(figure.panel(0, 0, "calibration"), answers);
  draw_abstention(figure.panel(0, 1, "abstention"), answers);
  draw_sizes(figure.panel(0, 2, "sizes"), answers);
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }

// SPDX-License-Identifier: MIT
#include "sim/experiments/mp_calibration.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
#include <fmt/format.h>

#include "sim/experiments/group_summary.hpp"
#include "sim/inference/edge_test.hpp"
#include "sim/inference/entry_kurtosis.hpp"
#include "sim/inference/marchenko_pastur_fit.hpp"
#include "sim/inference/shuffle_test.hpp"

namespace rmtlab::experiments {
namespace {

constexpr std::array levels = {0.05, 0.01};

// Kolmogorov's distribution for independent values whose law is known, Stephens' form of the argument.
double textbook_ks_p_value(double distance, double n) {
  const double root = std::sqrt(n), t = distance * (root + 0.12 + 0.11 / root);
  double sum = 0;
  for (int k = 1; k <= 100; ++k) sum += (k % 2 ? 2 : -2) * std::exp(-2.0 * k * k * t * t);
  return std::clamp(sum, 0.0, 1.0);
}

// Counts of p-values at or below the levels, by test, in order of appearance.
class Tally {
public:
  void add(const std::string& test, double p_value) {
    auto& counts = counts_of(test);
    for (std::size_t i = 0; i < levels.size(); ++i) counts[i] += p_value <= levels[i];
  }
  // For a test that is run at each level by itself.
  void add_rejection(const std::string& test, std::size_t level, bool rejected) {
    counts_of(test)[level] += rejected;
  }
  [[nodiscard]] const auto& tests() const { return tests_; }

private:
  using Counts = std::array<std::size_t, levels.size()>;
  Counts& counts_of(const std::string& test) {
    for (auto& [known, counts] : tests_)
      if (known == test) return counts;
    return tests_.emplace_back(test, Counts{}).second;
  }
  std::vector<std::pair<std::string, Counts>> tests_;
};

// The swept values of a row, or its shape; the replicate too if there are several.
std::string row_key(const core::Table& records, std::size_t row) {
  std::string key;
  for (const auto& column : records.columns()) {
    if (column == "replicate") break;
    key += (key.empty() ? "" : ", ") + records.text(row, column);
  }
  if (key.empty()) key = records.text(row, "rows") + " x " + records.text(row, "cols");
  if (records.distinct("replicate").size() > 1)
    key += ", replicate " + records.text(row, "replicate");
  return key;
}

// One line per sweep point and replicate, tests side by side.
std::string rate_table(const core::Table& records) {
  std::map<std::string, std::map<std::string, std::string>> lines;
  std::vector<std::string> order;
  std::size_t width = 5;
  for (std::size_t row = 0; row < records.size(); ++row) {
    const std::string key = row_key(records, row);
    if (!lines.contains(key)) order.push_back(key);
    width = std::max(width, key.size());
    const std::string at_1 = records.text(row, "rejected_at_1");
    lines[key][records.text(row, "test")] =
        fmt::format("{:.3f} {}", records.number(row, "rejected_at_5"),
                    at_1.empty() ? "-" : fmt::format("{:.4f}", std::stod(at_1)));
  }
  const auto tests = records.distinct("test");
  std::string text = "share of matrices rejected at 5 % and at 1 %\n";
  text += fmt::format("{:<{}}", "", width);
  for (const auto& test : tests) text += fmt::format("  {:>16}", test);
  text += '\n';
  for (const auto& key : order) {
    text += fmt::format("{:<{}}", key, width);
    for (const auto& test : tests) text += fmt::format("  {:>16}", lines[key][test]);
    text += '\n';
  }
  return text;
}

// Whether the sizes on noise lie in a common band. Sizes of the same matrices are not independent;
// Bonferroni's bound does not ask.
std::string band_verdict(const core::Table& records) {
  std::vector<std::size_t> gated;
  for (const std::size_t row : records.where("mechanism", "noise"))
    if (records.text(row, "test") != "textbook_ks") gated.push_back(row);
  if (gated.empty()) return {};
  const auto rates = static_cast<double>(levels.size() * gated.size());
  std::size_t outside = 0;
  std::string offenders;
  for (const std::size_t row : gated) {
    const double n = records.number(row, "matrices");
    for (const auto& [column, level] :
         {std::pair{"rejected_at_5", levels[0]}, std::pair{"rejected_at_1", levels[1]}}) {
      if (records.text(row, column).empty()) continue;
      const double rate = records.number(row, column);
      const auto band = binomial_band(static_cast<std::size_t>(n), level, 1 - 0.01 / rates);
      if (std::round(rate * n) >= band.lower && std::round(rate * n) <= band.upper) continue;
      ++outside;
      offenders += fmt::format("  {}: {} rejects {:.4f} at {:g}, outside [{:.4f}, {:.4f}]\n",
                               row_key(records, row), records.text(row, "test"), rate, level,
                               band.lower / n, band.upper / n);
    }
  }
  return fmt::format("{} of {:.0f} sizes on noise outside the familywise 99 % band{}\n{}", outside,
                     rates, outside > 0 ? ":" : "", offenders);
}

}  // namespace

BinomialBand binomial_band(std::size_t n, double rate, double coverage) {
  // Rounded up, both bounds are the smallest count whose cumulative probability passes the tail.
  using boost::math::policies::discrete_quantile;
  using Policy =
      boost::math::policies::policy<discrete_quantile<boost::math::policies::integer_round_up>>;
  const boost::math::binomial_distribution<double, Policy> law(static_cast<double>(n), rate);
  const double tail = (1 - coverage) / 2;
  return {quantile(law, tail), quantile(complement(law, tail))};
}

void MpCalibration::declare(core::Schema& schema) {
  ensemble_.declare(schema);
  shape_.declare(schema);
  schema.section("calibration", "how the matrices are judged", [&] {
    schema.integer("draws", draws_, core::at_least(100), "matrices per task");
    schema.choice<KurtosisKnowledge>(
        "kurtosis", kurtosis_,
        {{"estimated", KurtosisKnowledge::estimated}, {"ignored", KurtosisKnowledge::ignored}},
        "excess kurtosis of the entries: from W, or taken as 0");
    schema.integer("shuffles", shuffles_, core::at_least(0),
                   "permutations of the entries of each matrix for `shuffled_edge`; 0: none");
  });
}

std::vector<core::Complaint> MpCalibration::complaints() const {
  auto list = ensemble_.complaints();
  for (auto& complaint : shape_.complaints(inference::smallest_spectrum))
    list.push_back(std::move(complaint));
  return list;
}

double MpCalibration::cost() const {
  const auto m = static_cast<double>(shape_.cols), n = static_cast<double>(shape_.rows());
  const double dense = n * m * 1e-8 + m * m * (n + 4 * m) * 2.5e-10;
  const bool fast = ensemble_.complaints().empty() && ensemble_.make().fast_spectrum;
  const double one = fast && shuffles_ == 0 ? 1.6e-8 * m * m : dense;
  return static_cast<double>(draws_) * (one + static_cast<double>(shuffles_) * dense + m * 2e-7);
}

core::TaskResult MpCalibration::run(const core::Task& task) const {
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  const ensembles::Ensemble ensemble = ensemble_.make();
  const bool fast = ensemble.fast_spectrum && shuffles_ == 0;
  const core::Stream stream = task.own_stream("matrices");
  Tally tally;
  double kurtosis_sum = 0;
  for (std::size_t r = 0; r < draws_; ++r) {
    core::Stream own = stream.child(r);
    arma::mat W;
    if (!fast) W = ensemble.matrix(rows, cols, own);
    const arma::vec spectrum =
        fast ? ensemble.fast_spectrum(rows, cols, own) : ensembles::correlation_eigenvalues(W);
    inference::MarchenkoPasturOptions options;
    if (!fast && kurtosis_ == KurtosisKnowledge::estimated)
      options.excess_kurtosis = std::max(-2.0, inference::entry_kurtosis(W).excess_kurtosis);
    kurtosis_sum += options.excess_kurtosis;
    const auto fit = inference::fit_marchenko_pastur(spectrum, rows, cols, options);
    tally.add("edge", fit.edge_p_value);
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const inference::OutlierSettings settings{.level = levels[i],
                                                .excess_kurtosis = options.excess_kurtosis};
      const std::span<const double> view(spectrum.memptr(), spectrum.n_elem);
      tally.add_rejection("outliers", i, inference::count_outliers(view, rows, settings).count > 0);
    }
    tally.add("lower_edge", inference::lower_edge_test(spectrum.front(), fit.sigma2, rows, cols,
                                                       fit.outliers.size(), options.excess_kurtosis)
                                .p_value);
    for (const auto& test : fit.tests) tally.add(std::string(name(test.test)), test.p_value);
    tally.add("textbook_ks", textbook_ks_p_value(fit.ks_bulk, static_cast<double>(cols)));
    if (shuffles_ > 0) {
      const std::array statistics = {inference::largest_over_mean()};
      const auto shuffled =
          inference::shuffle_test(W, statistics, {.replicates = shuffles_}, own.child("shuffles"));
      tally.add("shuffled_edge", shuffled.front().p_value);
    }
    task.check_stop();
  }
  core::TaskResult result;
  const auto n = static_cast<double>(draws_);
  const std::string mechanism(name(ensemble.truth(rows, cols).mechanism));
  for (const auto& [test, counts] : tally.tests()) {
    core::Value at_1 = static_cast<double>(counts[1]) / n;
    // R shuffles leave no p-value below 1 / (R + 1).
    if (test == "shuffled_edge" && static_cast<double>(shuffles_ + 1) * levels[1] < 1)
      at_1 = std::monostate();
    result.rows.push_back({{"rows", static_cast<std::int64_t>(rows)},
                           {"cols", static_cast<std::int64_t>(cols)},
                           {"mechanism", mechanism},
                           {"mean_kurtosis", kurtosis_sum / n},
                           {"test", test},
                           {"matrices", static_cast<std::int64_t>(draws_)},
                           {"rejected_at_5", static_cast<double>(counts[0]) / n},
                           {"rejected_at_1", at_1}});
  }
  return result;
}

std::string MpCalibration::summary(const core::Table& records) const {
  return rate_table(records) + band_verdict(records);
}

}  // namespace rmtlab::experiments

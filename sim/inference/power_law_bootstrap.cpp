// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "sim/inference/power_law_problem.hpp"
#include "sim/inference/power_law_resampling.hpp"
#include "sim/inference/replicates.hpp"

namespace rmtlab::inference {
namespace {

void check_bootstrap(const BootstrapOptions& options, const std::string& function) {
  if (options.replicates == 0)
    throw std::domain_error(fmt::format("{}: replicates = 0 (must be >= 1)", function));
  if (options.threads == 0)
    throw std::domain_error(fmt::format("{}: threads = 0 (must be >= 1)", function));
}

// A sample under construction, ascending: values enter by their distance from the one before.
class SampleBuilder {
public:
  // `most` values at most.
  void start(std::size_t most) {
    table.spacing.resize(most);
    count_.resize(most);
    size_ = 0;
    gap_ = 0;
  }
  // Moves up by `spacing` (in the logarithm) without a value there.
  void pass(double spacing) { gap_ += spacing; }
  // Equal values (no spacing between) are merged.
  void add(double count) {
    if (size_ > 0 && gap_ == 0) {
      count_[size_ - 1] += count;
      return;
    }
    if (size_ > 0) table.spacing[size_ - 1] = gap_;
    count_[size_++] = count;
    gap_ = 0;
  }
  // False if there are fewer than two values; `log_end` is that of the largest.
  bool finish(double log_end) {
    if (size_ < 2) return false;
    table.spacing.resize(size_ - 1);
    table.at_least.resize(size_ + 1);
    table.at_least[size_] = 0;
    for (std::size_t k = size_; k-- > 0;) table.at_least[k] = table.at_least[k + 1] + count_[k];
    complete_tail_table(table);
    table.log_end = log_end;
    return true;
  }

  TailTable table;

private:
  std::vector<double> count_;
  std::size_t size_ = 0;
  double gap_ = 0;
};

double exponent_at(const TailTable& table, std::size_t i) {
  return truncated_exponent(table.sum_log[i] / table.at_least[i],
                            table.log_end - table.log_value[i]);
}

// Draws from the fitted law beyond xmin and from the data below it.
class NullReplicates {
public:
  NullReplicates(const PowerLawProblem& problem, const ScanResult& fitted)
      : problem_(&problem),
        fitted_(fitted),
        n_tail_(problem.table.at_least[fitted.index]),
        exponent_(exponent_at(problem.table, fitted.index)),
        head_(head_of(problem.table, fitted.index)),
        search_(problem.rules) {}

  // Whether the replicate's least distance is at least that of the data. One that cannot be fitted is
  // drawn again: as the data can be, at most about half are of that kind.
  bool exceeds(core::Stream stream) {
    while (true) {
      if (!draw(stream)) continue;
      const TailTable& table = sample_.table;
      if (candidate_count(table, problem_->rules.min_tail) == 0) continue;
      if (problem_->xmin) return search_.first_distance(table) >= fitted_.distance;
      return !search_.any_below(table, fitted_.distance);
    }
  }

private:
  static Multiset head_of(const TailTable& table, std::size_t end) {
    std::vector<double> at_least(table.at_least.begin(),
                                 table.at_least.begin() + static_cast<std::ptrdiff_t>(end) + 1);
    return Multiset(at_least);
  }

  // False if the sample is constant.
  bool draw(core::Stream& stream) {
    const TailTable& data = problem_->table;
    const auto n_tail = binomial(problem_->n, n_tail_ / static_cast<double>(problem_->n), stream);
    sample_.start(fitted_.index + 1 + n_tail);
    if (problem_->xmin)
      sample_.add(0);  // the given xmin
    else
      draw_head(problem_->n - n_tail, stream);
    draw_tail(n_tail, stream);
    return sample_.finish(std::max(0.0, data.log_end - top_));
  }

  void draw_head(std::uint64_t draws, core::Stream& stream) {
    const TailTable& data = problem_->table;
    head_.draw(draws, stream, head_counts_);
    for (std::size_t k = 0; k < fitted_.index; ++k) {
      if (head_counts_[k] > 0) {
        sample_.add(head_counts_[k]);
        top_ = data.log_value[k];
      }
      sample_.pass(data.spacing[k]);
    }
  }

  void draw_tail(std::uint64_t n_tail, core::Stream& stream) {
    const TailTable& data = problem_->table;
    const double log_xmin = data.log_value[fitted_.index];
    if (std::isinf(data.log_end))
      exponential_spacings(n_tail, exponent_, stream, spacing_);
    else
      truncated_spacings(n_tail, exponent_, data.log_end - log_xmin, stream, spacing_);
    double above = 0;
    for (const double spacing : spacing_) {
      sample_.pass(spacing);
      sample_.add(1);
      above += spacing;
    }
    if (n_tail > 0) top_ = log_xmin + above;
  }

  const PowerLawProblem* problem_;
  ScanResult fitted_;
  double n_tail_, exponent_;
  Multiset head_;
  XminSearch search_;
  SampleBuilder sample_;
  std::vector<double> head_counts_, spacing_;
  double top_ = 0;  // largest value of the replicate, as a logarithm in the data's table
};

struct Refit {
  double alpha, xmin;
};

// Draws from the data, fitted like the data.
class Resamples {
public:
  explicit Resamples(const PowerLawProblem& problem)
      : problem_(&problem), data_(problem.table.at_least), search_(problem.rules) {}

  // One that cannot be fitted is drawn again, as above.
  Refit refit(core::Stream stream) {
    while (true) {
      if (!draw(stream)) continue;
      const TailTable& table = sample_.table;
      if (candidate_count(table, problem_->rules.min_tail) == 0) continue;
      const std::size_t i = problem_->xmin ? 0 : search_.least_distance(table).index;
      return {1 + exponent_at(table, i), problem_->xmin_of(taken_[i])};
    }
  }

private:
  // False if the sample is constant.
  bool draw(core::Stream& stream) {
    const TailTable& data = problem_->table;
    const double in_table = data.at_least.front();
    const std::uint64_t draws =
        problem_->xmin ? binomial(problem_->n, in_table / static_cast<double>(problem_->n), stream)
                       : problem_->n;
    data_.draw(draws, stream, counts_);
    sample_.start(data.size());
    taken_.clear();
    for (std::size_t k = 0; k < data.size(); ++k) {
      // A given xmin stays in front.
      if (counts_[k] > 0 || (problem_->xmin && k == 0)) {
        sample_.add(counts_[k]);
        taken_.push_back(k);
      }
      if (k + 1 < data.size()) sample_.pass(data.spacing[k]);
    }
    return !taken_.empty() && sample_.finish(data.log_end - data.log_value[taken_.back()]);
  }

  const PowerLawProblem* problem_;
  Multiset data_;
  XminSearch search_;
  SampleBuilder sample_;
  std::vector<double> counts_;
  std::vector<std::size_t> taken_;  // values that occur in the resample
};

// Definition 7 of Hyndman and Fan. \pre ascending, not empty.
double quantile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

}  // namespace

GoodnessOfFit goodness_of_fit(const CountedValues& sample, const PowerLawOptions& options,
                              const BootstrapOptions& bootstrap, const core::Stream& stream) {
  check_bootstrap(bootstrap, "goodness_of_fit");
  const PowerLawProblem problem = make_problem(sample, options, "goodness_of_fit");
  const ScanResult fitted = problem.solve();
  const core::Stream root = stream.child("goodness_of_fit");
  std::vector<char> exceeds(bootstrap.replicates);
  run_replicates(
      bootstrap.replicates, bootstrap.threads, [&] { return NullReplicates(problem, fitted); },
      [&](NullReplicates& replicates, std::size_t r) {
        exceeds[r] = replicates.exceeds(root.child(r)) ? 1 : 0;
      });
  GoodnessOfFit result{};
  result.replicates = bootstrap.replicates;
  result.exceedances =
      static_cast<std::size_t>(std::count(exceeds.begin(), exceeds.end(), char{1}));
  const auto count = static_cast<double>(result.exceedances);
  const auto all = static_cast<double>(result.replicates);
  result.p_value = count / all;
  result.p_value_conservative = (1 + count) / (1 + all);
  result.standard_error = std::sqrt(result.p_value * (1 - result.p_value) / all);
  return result;
}

ExponentInterval exponent_interval(const CountedValues& sample, const PowerLawOptions& options,
                                   const BootstrapOptions& bootstrap, const core::Stream& stream,
                                   double level) {
  check_bootstrap(bootstrap, "exponent_interval");
  if (!(level > 0 && level < 1))
    throw std::domain_error(
        fmt::format("exponent_interval: level = {} (must be in (0, 1))", level));
  const PowerLawProblem problem = make_problem(sample, options, "exponent_interval");
  const core::Stream root = stream.child("exponent_interval");
  std::vector<double> alpha(bootstrap.replicates);
  std::vector<double> xmin(bootstrap.replicates);
  run_replicates(
      bootstrap.replicates, bootstrap.threads, [&] { return Resamples(problem); },
      [&](Resamples& resamples, std::size_t r) {
        const Refit refit = resamples.refit(root.child(r));
        alpha[r] = refit.alpha;
        xmin[r] = refit.xmin;
      });
  std::sort(alpha.begin(), alpha.end());
  std::sort(xmin.begin(), xmin.end());
  const double outside = (1 - level) / 2;
  ExponentInterval interval{};
  interval.alpha_median = quantile(alpha, 0.5);
  interval.lower = quantile(alpha, outside);
  interval.upper = quantile(alpha, 1 - outside);
  interval.level = level;
  interval.xmin_lower = quantile(xmin, outside);
  interval.xmin_upper = quantile(xmin, 1 - outside);
  interval.replicates = bootstrap.replicates;
  interval.alphas = std::move(alpha);
  return interval;
}

}  // namespace rmtlab::inference

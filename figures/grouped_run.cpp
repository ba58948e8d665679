// SPDX-License-Identifier: MIT
#include "figures/grouped_run.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rmtlab::figures {

core::Run open_sweep(const std::filesystem::path& folder, const std::string& experiment,
                     std::vector<std::string> swept, const std::string& config) {
  auto run = core::Run::open(folder, experiment);
  auto found = run.swept();
  std::sort(found.begin(), found.end());
  std::sort(swept.begin(), swept.end());
  if (found != swept)
    throw std::runtime_error(
        fmt::format("{} sweeps {}, this figure needs a sweep of {} such as {}", folder.string(),
                    found.empty() ? "nothing" : fmt::format("{}", fmt::join(found, ", ")),
                    fmt::join(swept, ", "), config));
  if (run.records().size() == 0)
    throw std::runtime_error(
        fmt::format("{} has no records (every task failed?)", folder.string()));
  return run;
}

void require_parameter(const core::Run& run, const std::string& path, const std::string& text) {
  std::string pointer = "/parameters/" + path;
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  const auto& resolved = run.manifest().at("config").at("resolved");
  const nlohmann::ordered_json::json_pointer at(pointer);
  const std::string found = resolved.contains(at) ? resolved.at(at).dump() : "nothing";
  if (found != '"' + text + '"')
    throw std::runtime_error(fmt::format("{} has {} = {}, this figure needs \"{}\"",
                                         run.folder().string(), path, found, text));
}

Rows rows_where(const core::Table& records, const std::vector<Condition>& conditions) {
  Rows rows;
  for (std::size_t row = 0; row < records.size(); ++row)
    if (std::all_of(conditions.begin(), conditions.end(),
                    [&](const Condition& c) { return records.text(row, c.first) == c.second; }))
      rows.push_back(row);
  if (rows.empty()) {
    std::vector<std::string> texts;
    for (const auto& [name, value] : conditions) texts.push_back(name + " = " + value);
    throw std::runtime_error(fmt::format("the run has no record with {}", fmt::join(texts, ", ")));
  }
  return rows;
}

std::vector<double> distinct_numbers(const core::Table& records, const Rows& rows,
                                     const std::string& column_name) {
  std::vector<double> values;
  for (const std::size_t row : rows) values.push_back(records.number(row, column_name));
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::vector<double> column(const core::Table& records, const Rows& rows, const std::string& name) {
  std::vector<double> values;
  for (const std::size_t row : rows)
    if (!records.text(row, name).empty()) values.push_back(records.number(row, name));
  return values;
}

double median(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument("median of nothing");
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

Estimate estimate(const std::vector<double>& values) {
  if (values.empty()) throw std::invalid_argument("estimate from nothing");
  Estimate e;
  e.count = values.size();
  const auto n = static_cast<double>(e.count);
  e.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  e.least = *least;
  e.most = *most;
  e.low = e.high = e.mean;
  if (e.count < 2) return e;
  double squares = 0;
  for (const double v : values) squares += (v - e.mean) * (v - e.mean);
  e.standard_error = std::sqrt(squares / (n - 1) / n);
  const double t = quantile(boost::math::students_t(n - 1), 0.975);
  e.low = e.mean - t * e.standard_error;
  e.high = e.mean + t * e.standard_error;
  return e;
}

Proportion proportion(std::size_t hits, std::size_t trials) {
  if (trials == 0) throw std::invalid_argument("proportion of nothing");
  const auto n = static_cast<double>(trials), k = static_cast<double>(hits);
  using boost::math::binomial_distribution;
  return {trials, k / n, binomial_distribution<>::find_lower_bound_on_p(n, k, 0.025),
          binomial_distribution<>::find_upper_bound_on_p(n, k, 0.025)};
}

Proportion proportion(const std::vector<double>& hits) {
  const auto count = std::count_if(hits.begin(), hits.end(), [](double hit) { return hit != 0; });
  return proportion(static_cast<std::size_t>(count), hits.size());
}

MeanCurve mean_curve(const core::Table& records, const Rows& rows, const std::string& x,
                     const std::string& y) {
  MeanCurve curve;
  for (const double at : distinct_numbers(records, rows, x)) {
    Rows here;
    for (const std::size_t row : rows)
      if (records.number(row, x) == at) here.push_back(row);
    const auto values = column(records, here, y);
    if (values.empty()) continue;
    const Estimate e = estimate(values);
    curve.x.push_back(at);
    curve.mean.push_back(e.mean);
    curve.standard_error.push_back(e.standard_error);
    curve.low.push_back(e.low);
    curve.high.push_back(e.high);
    curve.least.push_back(e.least);
    curve.most.push_back(e.most);
  }
  return curve;
}

LogLogSlope log_log_slope(const std::vector<double>& x, const std::vector<double>& y,
                          const std::vector<double>& relative_error) {
  double weights = 0, mean_x = 0, mean_y = 0;
  std::vector<std::size_t> used;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (x[i] > 0 && y[i] > 0 && relative_error[i] > 0) used.push_back(i);
  if (used.size() < 2) throw std::invalid_argument("log_log_slope: fewer than two points");
  const auto weight = [&](std::size_t i) { return 1 / (relative_error[i] * relative_error[i]); };
  for (const std::size_t i : used) {
    weights += weight(i);
    mean_x += weight(i) * std::log(x[i]);
    mean_y += weight(i) * std::log(y[i]);
  }
  mean_x /= weights;
  mean_y /= weights;
  double xx = 0, xy = 0;
  for (const std::size_t i : used) {
    const double dx = std::log(x[i]) - mean_x;
    xx += weight(i) * dx * dx;
    xy += weight(i) * dx * (std::log(y[i]) - mean_y);
  }
  return {xy / xx, 1 / std::sqrt(xx)};
}

}  // namespace rmtlab::figures

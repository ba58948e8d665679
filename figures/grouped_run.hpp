// SPDX-License-Identifier: MIT
/// \file
/// \brief Records of a sweep as figures see them: rows by swept value, means with their intervals.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/run_directory.hpp"

namespace rmtlab::figures {

using Rows = std::vector<std::size_t>;

/// Column and the text that it must read.
using Condition = std::pair<std::string, std::string>;

/// Opens a run that sweeps `swept` and nothing else (in any order) and has records.
/// \param config the configuration that makes such a run, for the message
/// \throws std::runtime_error saying what is missing.
core::Run open_sweep(const std::filesystem::path& folder, const std::string& experiment,
                     std::vector<std::string> swept, const std::string& config);

/// \throws std::runtime_error unless the fixed parameter at this dotted path has this text.
void require_parameter(const core::Run& run, const std::string& path, const std::string& text);

/// Rows that meet all conditions, in the order of the records.
/// \throws std::runtime_error if there is none, naming the conditions.
Rows rows_where(const core::Table& records, const std::vector<Condition>& conditions);

/// Distinct numbers of a column among `rows`, ascending.
std::vector<double> distinct_numbers(const core::Table& records, const Rows& rows,
                                     const std::string& column);

/// Values of a column, rows without one left out.
std::vector<double> column(const core::Table& records, const Rows& rows, const std::string& name);

/// \throws std::invalid_argument if there is no value.
double median(std::vector<double> values);

/// What n values say of their mean.
struct Estimate {
  std::size_t count = 0;
  double mean = 0;
  double standard_error = 0;   ///< s / sqrt(n)
  double low = 0, high = 0;    ///< 95 % interval of the mean, Student's t
  double least = 0, most = 0;  ///< range of the values
};

/// One value has no interval: low = mean = high.
/// \throws std::invalid_argument if there is no value.
Estimate estimate(const std::vector<double>& values);

/// What k hits in n trials say of their probability.
struct Proportion {
  std::size_t count = 0;     ///< n
  double share = 0;          ///< k / n
  double low = 0, high = 0;  ///< 95 % interval of Clopper and Pearson, never too short
};

/// \throws std::invalid_argument if there is no trial.
Proportion proportion(std::size_t hits, std::size_t trials);

/// \param hits zero where the trial failed
/// \throws std::invalid_argument if there is no trial.
Proportion proportion(const std::vector<double>& hits);

/// Estimates of one column against another.
struct MeanCurve {
  std::vector<double> x, mean, standard_error, low, high, least, most;
};

/// `y` at every distinct `x` among `rows`; an x without a value of y is left out.
MeanCurve mean_curve(const core::Table& records, const Rows& rows, const std::string& x,
                     const std::string& y);

/// Slope of log y against log x.
struct LogLogSlope {
  double slope = 0;
  double standard_error = 0;  ///< from the errors of y alone: it knows nothing of curvature
};

/// Least squares weighted by `relative_error`, the standard errors of log y; points with y <= 0 or
/// without an error are left out.
/// \throws std::invalid_argument if fewer than two points are left.
LogLogSlope log_log_slope(const std::vector<double>& x, const std::vector<double>& y,
                          const std::vector<double>& relative_error);

}  // namespace rmtlab::figures

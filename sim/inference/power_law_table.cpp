// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_table.hpp"

#include <cmath>

#include "sim/inference/power_law_kernels.hpp"
#include "sim/inference/power_law_sum.hpp"

namespace rmtlab::inference {

void complete_tail_table(std::span<const double> count, TailTable& table) {
  const std::size_t q = count.size();
  table.log_value.resize(q);
  table.sum_log.resize(q);
  table.at_least.resize(q + 1);
  table.at_least[q] = 0;
  table.at_least[q - 1] = count[q - 1];
  table.log_value[q - 1] = 0;
  table.sum_log[q - 1] = 0;
  CompensatedSum log_value;
  CompensatedSum sum_log;
  double seen = count[q - 1];  // exact up to 2^53
  for (std::size_t k = q - 1; k-- > 0;) {
    log_value.add(-table.spacing[k]);
    sum_log.add(table.spacing[k] * seen);
    table.log_value[k] = log_value.value();
    table.sum_log[k] = sum_log.value();
    table.at_least[k] = seen += count[k];
  }
}

TailTable make_tail_table(std::span<const double> values, std::span<const std::uint64_t> counts,
                          double xmax) {
  const std::size_t q = values.size();
  TailTable table;
  table.spacing.resize(q - 1);
  power_law_kernels().log_spacings(values.data(), q - 1, table.spacing.data());
  const std::vector<double> count(counts.begin(), counts.end());
  complete_tail_table(count, table);
  if (std::isfinite(xmax)) table.log_end = log_ratio(values.back(), xmax);
  return table;
}

}  // namespace rmtlab::inference

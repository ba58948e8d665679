// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_table.hpp"

#include <cmath>

#include "sim/inference/power_law_kernels.hpp"
#include "sim/inference/power_law_sum.hpp"

namespace rmtlab::inference {

void complete_tail_table(TailTable& table) {
  const std::size_t q = table.at_least.size() - 1;
  table.log_value.resize(q);
  table.sum_log.resize(q);
  table.log_value[q - 1] = 0;
  table.sum_log[q - 1] = 0;
  CompensatedSum log_value;
  CompensatedSum sum_log;
  for (std::size_t k = q - 1; k-- > 0;) {
    log_value.add(-table.spacing[k]);
    sum_log.add(table.spacing[k] * table.at_least[k + 1]);
    table.log_value[k] = log_value.value();
    table.sum_log[k] = sum_log.value();
  }
}

void set_tail_table(const SampleView& sample, double xmax, TailTable& table) {
  const std::size_t q = sample.values.size();
  table.at_least.resize(q + 1);
  double seen = 0;  // exact up to 2^53
  table.at_least[q] = 0;
  for (std::size_t k = q; k-- > 0;) {
    seen += sample.counts.empty() ? 1 : static_cast<double>(sample.counts[k]);
    table.at_least[k] = seen;
  }
  table.spacing.resize(q - 1);
  power_law_kernels().log_spacings(sample.values.data(), q - 1, table.spacing.data());
  complete_tail_table(table);
  table.log_end = std::isfinite(xmax) ? log_ratio(sample.values.back(), xmax) : xmax;
}

TailTable make_tail_table(const SampleView& sample, double xmax) {
  TailTable table;
  set_tail_table(sample, xmax, table);
  return table;
}

}  // namespace rmtlab::inference

// SPDX-License-Identifier: MIT
/// \file
/// \brief The table at the end of a run: one line per sweep point, over its replicates.
#pragma once

#include <string>
#include <vector>

#include "sim/core/table.hpp"

namespace rmtlab::experiments {

/// A column of records to be summarised.
struct SummaryColumn {
  std::string column;
  std::string title;
  int digits = 3;  ///< significant
};

/// Mean and standard error over the rows of each sweep point ("1.31 +- 0.02"; the mean alone for one
/// row), "-" where no row has a value. Sweep points in order of appearance. `keys` are columns of the
/// record that tell lines apart as a swept parameter does.
std::string group_summary(const core::Table& records, const std::vector<SummaryColumn>& columns,
                          const std::vector<std::string>& keys = {});

}  // namespace rmtlab::experiments

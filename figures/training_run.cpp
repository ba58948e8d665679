// SPDX-License-Identifier: MIT
#include "figures/training_run.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "figures/plot.hpp"

namespace rmtlab::figures {
namespace {

constexpr const char* batch_column = "training.batch_size";

// The six phases in order, grey for noise, warm for the heavy tail.
constexpr std::array<std::pair<const char*, const char*>, 6> phase_colours{
    {{"random-like", colour::grey},
     {"bleeding-out", colour::sky},
     {"bulk+spikes", colour::blue},
     {"bulk-decay", colour::green},
     {"heavy-tailed", colour::vermillion},
     {"rank-collapse", colour::purple}}};

std::map<std::string, std::size_t> votes(const core::Table& records,
                                         const std::vector<std::size_t>& rows) {
  std::map<std::string, std::size_t> counts;
  for (const std::size_t row : rows) ++counts[records.text(row, "phase")];
  return counts;
}

}  // namespace

core::Run open_batch_sweep(const std::filesystem::path& folder) {
  return open_sweep(folder, "training", {batch_column}, "configs/batch_size.yaml");
}

std::vector<BatchGroup> batch_groups(const core::Run& run, const std::string& layer) {
  const core::Table& records = run.records();
  double last = 0;
  for (std::size_t i = 0; i < records.size(); ++i)
    last = std::max(last, records.number(i, "epoch"));
  std::vector<BatchGroup> groups;
  for (const std::string& text : records.distinct(batch_column)) {
    BatchGroup group;
    for (const std::size_t row : records.where(batch_column, text)) {
      if (records.text(row, "layer") != layer || records.number(row, "epoch") != last) continue;
      group.batch_size = records.number(row, batch_column);
      group.rows.push_back(row);
    }
    if (!group.rows.empty()) groups.push_back(std::move(group));
  }
  std::sort(groups.begin(), groups.end(),
            [](const auto& a, const auto& b) { return a.batch_size > b.batch_size; });
  return groups;
}

std::string leading_phase(const core::Table& records, const std::vector<std::size_t>& rows) {
  const auto counts = votes(records, rows);
  return std::max_element(counts.begin(), counts.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

std::string phase_text(const core::Table& records, const std::vector<std::size_t>& rows) {
  const std::string phase = leading_phase(records, rows);
  const auto count = votes(records, rows).at(phase);
  return count == rows.size() ? phase : fmt::format("{} {}/{}", phase, count, rows.size());
}

const char* phase_colour(const std::string& phase) {
  for (const auto& [name, value] : phase_colours)
    if (phase == name) return value;
  throw std::runtime_error("no colour for the phase '" + phase + "'");
}

}  // namespace rmtlab::figures

// SPDX-License-Identifier: MIT
#include "sim/core/run_results.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "sim/core/array_file.hpp"
#include "sim/core/atomic_file.hpp"
#include "sim/core/journal.hpp"
#include "sim/core/manifest.hpp"
#include "sim/core/provenance.hpp"
#include "sim/core/run_directory.hpp"
#include "sim/core/sha256.hpp"

namespace rmtlab::core {
namespace {

std::vector<std::string> column_names(const Configuration& configuration, const Row& row) {
  auto columns = configuration.swept_paths();
  columns.emplace_back("replicate");
  for (const auto& [column, value] : row) columns.push_back(column);
  return columns;
}

std::vector<std::string> cells_of(const Point& point, std::size_t replicate, const Row& row) {
  std::vector<std::string> cells;
  for (const auto& [path, value] : point) cells.push_back(value);
  cells.push_back(std::to_string(replicate));
  for (const auto& [column, value] : row) cells.push_back(cell_text(value));
  return cells;
}

}  // namespace

void write_results(const std::filesystem::path& folder, const Configuration& configuration,
                   const std::vector<PlannedTask>& plan, const Selection& selection,
                   nlohmann::ordered_json& manifest, std::optional<double> wall_seconds) {
  const JournalIndex index(folder / "journal");
  Table records;
  auto failures = nlohmann::ordered_json::array();
  std::size_t complete = 0;
  write_atomically(folder / "arrays.h5", [&](const std::filesystem::path& temporary) {
    ArrayFileWriter arrays(temporary);
    for (const PlannedTask& task : plan) {
      if (!selection.contains(task)) continue;
      const TaskRecord record = read_record(index.entries().at(task.id));
      const Point& point = configuration.points()[task.id.first];
      if (record.failed) {
        failures.push_back({{"task", task.index},
                            {"point", point_name(point)},
                            {"replicate", task.id.second},
                            {"message", record.message}});
        continue;
      }
      ++complete;
      for (const Row& row : record.result.rows) {
        const auto columns = column_names(configuration, row);
        if (records.columns().empty()) records = Table(columns);
        if (records.columns() != columns)
          throw std::logic_error(
              fmt::format("task {} has other columns than the first", task.index));
        records.add(cells_of(point, task.id.second, row));
      }
      for (const Array& array : record.result.arrays)
        arrays.write(task_group(point, task.id.second), array);
    }
    arrays.close();
  });
  write_atomically(folder / "records.csv", records.csv());

  manifest["status"] = failures.empty() ? "complete" : "failed";
  manifest["finished"] = utc_now();
  if (wall_seconds) manifest["wall_seconds"] = *wall_seconds;
  manifest["tasks"]["complete"] = complete;
  manifest["tasks"]["failed"] = failures.size();
  manifest["failures"] = failures;
  manifest["outputs"] = nlohmann::ordered_json::array(
      {{{"file", "records.csv"},
        {"rows", records.size()},
        {"sha256", sha256_hex_of_file(folder / "records.csv")}},
       {{"file", "arrays.h5"}, {"sha256", sha256_hex_of_file(folder / "arrays.h5")}}});
  save_manifest(folder, manifest);
}

}  // namespace rmtlab::core

// SPDX-License-Identifier: MIT
#include "sim/commands/report_run.hpp"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "sim/commands/input_error.hpp"
#include "sim/core/array_file.hpp"
#include "sim/core/manifest.hpp"
#include "sim/core/plan.hpp"
#include "sim/core/run_directory.hpp"

namespace rmtlab::commands {
namespace {

namespace fs = std::filesystem;

std::vector<std::vector<std::string>> axes_of(const nlohmann::ordered_json& resolved) {
  std::vector<std::vector<std::string>> axes;
  if (!resolved.contains("sweep")) return axes;
  for (const auto& [key, value] : resolved["sweep"].items()) {
    axes.emplace_back();
    if (key != "zip")
      axes.back().push_back(key);
    else
      for (const auto& [path, values] : value.items()) axes.back().push_back(path);
  }
  return axes;
}

// The last part of a folder's path, also of "." and "results/x/".
std::string name_of(const fs::path& folder) {
  const fs::path whole = fs::weakly_canonical(folder);
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

nlohmann::ordered_json manifest_of(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw InputError(fmt::format("{} is not a directory; a run is one, such as those in results/",
                                 folder.string()));
  const auto manifest = core::load_manifest(folder);
  if (!manifest)
    throw InputError(
        fmt::format("{} is not a run of rmtlab (no manifest.json); a run is what this leaves "
                    "behind: rmtlab run CONFIG --output DIR",
                    folder.string()));
  return *manifest;
}

core::Selection selection_of(const nlohmann::ordered_json& manifest) {
  core::Selection selection;
  if (manifest.contains("only_task"))
    selection.only_task = manifest.at("only_task").get<std::size_t>();
  return selection;
}

}  // namespace

ReportedRun ReportedRun::open(const fs::path& folder, core::Registry registry) {
  ReportedRun run;
  run.folder_ = folder;
  run.manifest_ = manifest_of(folder);
  run.name_ = name_of(folder);
  run.axes_ = axes_of(run.manifest_.at("config").at("resolved"));
  const auto configuration = core::Configuration::load((folder / "config.yaml").string(), {},
                                                       registry, core::Strictness::check);
  run.question_ = configuration.entry().question;
  const auto status = run.manifest_.at("status").get<std::string>();
  run.finished_ =
      (status == "complete" || status == "failed") && fs::exists(folder / "records.csv");
  if (run.finished_)
    run.read_results();
  else
    run.read_journal(configuration);
  run.summarise(configuration);
  return run;
}

void ReportedRun::read_results() {
  const auto& tasks = manifest_.at("tasks");
  planned_ = tasks.at("planned").get<std::size_t>();
  complete_ = tasks.at("complete").get<std::size_t>();
  for (const auto& failure : manifest_.at("failures"))
    failures_.push_back(
        {fmt::format("task {}: {} replicate {}", failure.at("task").get<std::size_t>(),
                     failure.at("point").get<std::string>(),
                     failure.at("replicate").get<std::size_t>()),
         failure.at("message").get<std::string>()});
  // Without a task that succeeded the file is empty.
  if (fs::file_size(folder_ / "records.csv") > 1)
    records_ = core::Table::read_csv(folder_ / "records.csv");
  if (fs::exists(folder_ / "arrays.h5")) array_names_ = core::array_names(folder_ / "arrays.h5");
  std::ranges::sort(array_names_);  // as whole texts: "x=0.1/" comes before "x=0/"
}

void ReportedRun::read_journal(const core::Configuration& configuration) {
  const core::JournalIndex index(folder_ / "journal");
  const core::Selection selection = selection_of(manifest_);
  for (const core::PlannedTask& task : core::make_plan(configuration)) {
    if (!selection.contains(task)) continue;
    ++planned_;
    const auto entry = index.entries().find(task.id);
    if (entry == index.entries().end()) continue;
    const core::TaskRecord record = core::read_record(entry->second);
    const core::Point& point = configuration.points()[task.id.first];
    if (record.failed) {
      failures_.push_back({fmt::format("task {}: {} replicate {}", task.index,
                                       core::point_name(point), task.id.second),
                           record.message});
      continue;
    }
    ++complete_;
    for (const core::Row& row : record.result.rows) {
      std::vector<std::string> columns = configuration.swept_paths(), cells;
      for (const auto& [path, value] : point) cells.push_back(value);
      columns.emplace_back("replicate");
      cells.push_back(std::to_string(task.id.second));
      for (const auto& [column, value] : row) {
        columns.push_back(column);
        cells.push_back(core::cell_text(value));
      }
      if (records_.columns().empty()) records_ = core::Table(columns);
      records_.add(std::move(cells));
    }
    const std::string group = core::task_group(point, task.id.second);
    tasks_.emplace(group, entry->second);
    for (const core::Array& array : record.result.arrays)
      array_names_.push_back(group + '/' + array.name);
  }
  std::ranges::sort(array_names_);
}

void ReportedRun::summarise(const core::Configuration& configuration) {
  if (records_.size() == 0) {
    summary_ = "No task is done yet.";
    return;
  }
  // Some summaries need every sweep point, and records of an older version may lack columns: the rest
  // of the report stands without.
  try {
    summary_ = configuration.experiment_at(0)->summary(records_);
  } catch (const std::exception& error) {
    summary_ = fmt::format("There is none {} ({}).",
                           finished_ ? "by this version of rmtlab, for the run is of another one"
                                     : "before the run is complete",
                           error.what());
  }
}

std::string ReportedRun::group_of(std::size_t row) const {
  core::Point point;
  for (const std::string& column : records_.columns()) {
    if (column == "replicate") break;
    point.emplace_back(column, records_.text(row, column));
  }
  return core::task_group(point, static_cast<std::size_t>(records_.number(row, "replicate")));
}

bool ReportedRun::contradicts(std::size_t row, const std::string& path) const {
  std::size_t begin = 0;
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', begin)) {
    const std::string part = path.substr(begin, slash - begin);
    begin = slash + 1;
    const auto equals = part.find('=');
    if (equals != std::string::npos) {
      const std::string column = part.substr(0, equals);
      if (records_.has_column(column) && records_.text(row, column) != part.substr(equals + 1))
        return true;
      continue;
    }
    const bool is_read = std::ranges::any_of(records_.columns(), [&](const std::string& column) {
      return records_.text(row, column) == part;
    });
    if (!is_read) return true;
  }
  return false;
}

std::string ReportedRun::array_of(std::size_t row, const std::string& kind) const {
  const std::string group = group_of(row) + '/';
  for (auto at = std::ranges::lower_bound(array_names_, group);
       at != array_names_.end() && at->starts_with(group); ++at) {
    const std::string path = at->substr(group.size());
    if ((path == kind || path.ends_with('/' + kind)) && !contradicts(row, path)) return *at;
  }
  return {};
}

std::vector<double> ReportedRun::array(const std::string& array_name) const {
  if (finished_) return core::read_array(folder_ / "arrays.h5", array_name).values;
  for (const auto& [group, entry] : tasks_) {
    if (!array_name.starts_with(group + '/')) continue;
    for (const core::Array& array : core::read_record(entry).result.arrays)
      if (group + '/' + array.name == array_name)
        return std::visit(
            [](const auto& values) { return std::vector<double>(values.begin(), values.end()); },
            array.values);
  }
  throw std::runtime_error(fmt::format("no array {} in {}", array_name, folder_.string()));
}

}  // namespace rmtlab::commands

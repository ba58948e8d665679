// SPDX-License-Identifier: MIT
#include "sim/core/run_directory.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/core/atomic_file.hpp"

namespace rmtlab::core {
namespace {

std::vector<std::string> swept_paths(const nlohmann::ordered_json& resolved) {
  std::vector<std::string> paths;
  if (!resolved.contains("sweep")) return paths;
  for (const auto& [key, value] : resolved["sweep"].items()) {
    if (key != "zip") {
      paths.push_back(key);
      continue;
    }
    for (const auto& [path, values] : value.items()) paths.push_back(path);
  }
  return paths;
}

}  // namespace

std::string task_group(const std::vector<std::pair<std::string, std::string>>& point,
                       std::size_t replicate) {
  std::string group;
  for (const auto& [path, value] : point) {
    std::string name = path + '=' + value;
    std::replace(name.begin(), name.end(), '/', '_');  // a slash would open another group
    group += name + '/';
  }
  return group + fmt::format("replicate={}", replicate);
}

Run Run::open(const std::filesystem::path& folder, std::string_view experiment) {
  const auto manifest_file = folder / "manifest.json";
  if (!std::filesystem::exists(manifest_file))
    throw std::runtime_error(fmt::format(
        "{} is not a run (no manifest.json); make one with: rmtlab run CONFIG --output {}",
        folder.string(), folder.string()));
  Run run;
  run.folder_ = folder;
  run.manifest_ = nlohmann::ordered_json::parse(read_file(manifest_file));
  const auto found = run.manifest_.at("experiment").get<std::string>();
  if (found != experiment)
    throw std::runtime_error(fmt::format("{} is a run of the experiment '{}', expected '{}'",
                                         folder.string(), found, experiment));
  const auto status = run.manifest_.at("status").get<std::string>();
  if (!std::filesystem::exists(folder / "records.csv") ||
      (status != "complete" && status != "failed"))
    throw std::runtime_error(fmt::format(
        "{} is not complete (status: {}); go on with: rmtlab run {} --output {} --resume",
        folder.string(), status, run.manifest_.at("config").at("file").get<std::string>(),
        folder.string()));
  run.records_ = Table::read_csv(folder / "records.csv");
  run.swept_ = swept_paths(run.manifest_.at("config").at("resolved"));
  return run;
}

double Run::parameter(std::size_t row, const std::string& path) const {
  if (records_.has_column(path)) return records_.number(row, path);
  nlohmann::ordered_json::json_pointer pointer;
  std::string rest = path;
  for (auto dot = rest.find('.'); dot != std::string::npos; dot = rest.find('.')) {
    pointer /= rest.substr(0, dot);
    rest.erase(0, dot + 1);
  }
  pointer /= rest;
  return manifest_.at("config").at("resolved").at("parameters").at(pointer).get<double>();
}

LoadedArray Run::array(std::size_t row, const std::string& name) const {
  std::vector<std::pair<std::string, std::string>> point;
  for (const std::string& path : swept_) point.emplace_back(path, records_.text(row, path));
  const auto replicate = static_cast<std::size_t>(records_.number(row, "replicate"));
  return read_array(folder_ / "arrays.h5", task_group(point, replicate) + '/' + name);
}

}  // namespace rmtlab::core

// SPDX-License-Identifier: MIT
#include "sim/core/manifest.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

#include "sim/core/atomic_file.hpp"
#include "sim/core/provenance.hpp"
#include "sim/core/sha256.hpp"

namespace rmtlab::core {
namespace {

namespace fs = std::filesystem;

// Manifests are published: an absolute path becomes one relative to where the run was started.
std::string published_path(const std::string& path) {
  return fs::path(path).is_absolute()
             ? fs::path(path).lexically_relative(fs::current_path()).string()
             : path;
}

std::string published_override(const std::string& argument) {
  const auto equals = argument.find('=');
  if (equals == std::string::npos) return argument;
  return argument.substr(0, equals + 1) + published_path(argument.substr(equals + 1));
}

nlohmann::ordered_json describe_inputs(const Configuration& configuration) {
  nlohmann::ordered_json inputs = nlohmann::ordered_json::array();
  for (const InputFile& input : configuration.inputs())
    inputs.push_back({{"parameter", input.parameter},
                      {"file", fs::path(input.file).filename().string()},
                      {"sha256", sha256_hex_of_file(input.file)}});
  return inputs;
}

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown";
}

std::string operating_system() {
  std::ifstream file("/etc/os-release");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("PRETTY_NAME=")) return line.substr(13, line.size() - 14);
  return "unknown";
}

// Environment variables that change the bits of a result.
nlohmann::ordered_json relevant_environment() {
  nlohmann::ordered_json values = nlohmann::ordered_json::object();
  for (const char* name : {"OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"})
    if (const char* value = std::getenv(name)) values[name] = value;
  return values;
}

}  // namespace

std::string run_hash(const Configuration& configuration, const Selection& selection) {
  if (!selection.only_task) return configuration.hash();
  return sha256_hex(fmt::format("{} task {}", configuration.hash(), *selection.only_task));
}

nlohmann::ordered_json start_manifest(const Configuration& configuration,
                                      const Selection& selection, unsigned threads) {
  nlohmann::ordered_json m;
  m["format"] = "rmtlab-run";
  m["format_version"] = 1;
  m["status"] = "running";
  m["experiment"] = configuration.entry().name;
  m["started"] = utc_now();
  nlohmann::ordered_json overrides = nlohmann::ordered_json::array();
  for (const auto& argument : configuration.overrides())
    overrides.push_back(published_override(argument));
  auto resolved = configuration.resolved();
  for (const InputFile& input : configuration.inputs()) {
    std::string pointer = "/parameters/" + input.parameter;
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    resolved[nlohmann::ordered_json::json_pointer(pointer)] = published_path(input.file);
  }
  m["config"] = {{"file", published_path(configuration.file())},
                 {"sha256", run_hash(configuration, selection)},
                 {"overrides", overrides},
                 {"resolved", resolved}};
  m["seed"] = configuration.seed();
  m["replicates"] = configuration.replicates();
  if (selection.only_task) m["only_task"] = *selection.only_task;
  m["tasks"] = {{"planned", selection.only_task ? 1 : make_plan(configuration).size()},
                {"complete", 0},
                {"failed", 0}};
  m.update(provenance());
  m["host"] = {{"cpu", processor()},
               {"cores", std::thread::hardware_concurrency()},
               {"threads_used", threads},
               {"os", operating_system()}};
  m["environment"] = relevant_environment();
  m["inputs"] = describe_inputs(configuration);
  m["failures"] = nlohmann::ordered_json::array();
  m["outputs"] = nlohmann::ordered_json::array();
  return m;
}

std::optional<nlohmann::ordered_json> load_manifest(const fs::path& folder) {
  const fs::path file = folder / "manifest.json";
  if (!fs::exists(file)) return std::nullopt;
  auto manifest = nlohmann::ordered_json::parse(read_file(file), nullptr, false);
  const bool is_ours =
      manifest.is_object() && manifest.contains("format") && manifest["format"] == "rmtlab-run";
  if (!is_ours)
    throw std::runtime_error(fmt::format("{} is not a manifest of rmtlab", file.string()));
  if (!manifest.contains("format_version") || manifest["format_version"] != 1)
    throw std::runtime_error(
        fmt::format("{} has another format version than this rmtlab reads (1)", file.string()));
  // What the program relies on; a file that lacks it was damaged or edited.
  const bool whole = manifest.contains("status") && manifest["status"].is_string() &&
                     manifest.contains("replicates") &&
                     manifest["replicates"].is_number_unsigned() && manifest.contains("inputs") &&
                     manifest.contains("config") && manifest["config"].is_object() &&
                     manifest["config"].contains("sha256") &&
                     manifest["config"].contains("resolved") && manifest.contains("tasks") &&
                     manifest["tasks"].is_object();
  if (!whole)
    throw std::runtime_error(
        fmt::format("{} is damaged; move that folder away and run again", file.string()));
  return manifest;
}

void save_manifest(const fs::path& folder, const nlohmann::ordered_json& manifest) {
  write_atomically(
      folder / "manifest.json",
      manifest.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n');
}

std::vector<std::string> differences(const nlohmann::ordered_json& a,
                                     const nlohmann::ordered_json& b) {
  const auto flat_a = a.flatten(), flat_b = b.flatten();
  std::vector<std::string> paths;
  const auto collect = [&](const auto& from, const auto& other, bool only_missing) {
    for (const auto& [pointer, value] : from.items()) {
      if (pointer.empty()) continue;
      if (other.contains(pointer) && (only_missing || other[pointer] == value)) continue;
      std::string path = pointer.substr(1);
      for (char& c : path)
        if (c == '/') c = '.';
      paths.push_back(path);
    }
  };
  collect(flat_a, flat_b, false);
  collect(flat_b, flat_a, true);
  return paths;
}

}  // namespace rmtlab::core

// SPDX-License-Identifier: MIT
// rmtlab export
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/commands/commands.hpp"
#include "sim/commands/input_error.hpp"
#include "sim/commands/pattern.hpp"
#include "sim/core/array_file.hpp"
#include "sim/core/manifest.hpp"
#include "sim/core/runner.hpp"
#include "sim/io/file_bytes.hpp"
#include "sim/io/npz.hpp"
#include "sim/io/safetensors.hpp"

namespace rmtlab::commands {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string run, arrays, format = "safetensors", output;
};

// "training.batch_size=16/replicate=0/fc1/weights": the task, and the array's name within it.
std::pair<std::string, std::string> split_name(const std::string& path) {
  const auto replicate =
      path.starts_with("replicate=") ? std::size_t{0} : path.find("/replicate=") + 1;
  const auto slash = path.find('/', replicate);
  return {path.substr(0, slash), path.substr(slash + 1)};
}

// "training.batch_size=16,replicate=0": a file name.
std::string file_name(std::string task) {
  std::replace(task.begin(), task.end(), '/', ',');
  return task;
}

// The manifest of a run whose arrays are there.
nlohmann::ordered_json manifest_of(const fs::path& run) {
  const auto manifest = core::load_manifest(run);
  if (!manifest)
    throw InputError(
        fmt::format("{} is not a run of rmtlab (no manifest.json); a run is what this leaves "
                    "behind: rmtlab run CONFIG --output DIR",
                    run.string()));
  if (!fs::exists(run / "arrays.h5"))
    throw InputError(fmt::format(
        "{} has no arrays yet (status: {}); go on with: rmtlab run {} --output {} --resume",
        run.string(), manifest->at("status").get<std::string>(),
        manifest->at("config").at("file").get<std::string>(), run.string()));
  return *manifest;
}

using Selected = std::map<std::string, std::vector<std::string>>;  // task -> arrays

Selected select(const fs::path& run, const std::string& regex) {
  const Pattern pattern("--arrays", regex);
  Selected selected;
  std::set<std::string> present;
  for (const std::string& path : core::array_names(run / "arrays.h5")) {
    const auto [task, array] = split_name(path);
    present.insert(array);
    if (pattern.matches(array)) selected[task].push_back(array);
  }
  if (present.empty())
    throw InputError(
        fmt::format("{} keeps no arrays (outputs: [] in its configuration)", run.string()));
  if (selected.empty())
    throw InputError(fmt::format(
        "--arrays '{}' matches none of: {}; what a run keeps is chosen by `outputs`, such as "
        "outputs=[weights,epoch_weights]",
        regex, fmt::join(present, ", ")));
  return selected;
}

io::NpyArray npy_array(const core::Array& array) {
  io::NpyArray result{{array.shape.begin(), array.shape.end()}, {}};
  std::visit([&](const auto& values) { result.values = values; }, array.values);
  return result;
}

// One folder a task, in which the arrays' names are paths.
void write_npy_files(const fs::path& folder, const std::vector<io::NamedArray>& arrays) {
  for (const auto& [name, array] : arrays) {
    const fs::path file = folder / (name + ".npy");
    fs::create_directories(file.parent_path());
    io::replace_file(file.string(), io::npy_bytes(array));
  }
}

int execute(const Arguments& arguments) {
  const fs::path run = arguments.run;
  const auto manifest = manifest_of(run);
  const Selected selected = select(run, arguments.arrays);
  const fs::path output = arguments.output.empty() ? run / "export" : fs::path(arguments.output);
  fs::create_directories(output);
  for (const auto& [task, names] : selected) {
    std::vector<io::NamedArray> arrays;
    for (const std::string& name : names)
      arrays.push_back(
          {name, npy_array(core::read_stored_array(run / "arrays.h5", task + '/' + name))});
    const std::string stem = (output / file_name(task)).string();
    if (arguments.format == "npy")
      write_npy_files(stem, arrays);
    else if (arguments.format == "npz")
      io::write_npz(stem + ".npz", arrays);
    else
      io::write_safetensors(
          stem + ".safetensors", arrays,
          {{"task", task},
           {"experiment", manifest.at("experiment").get<std::string>()},
           {"config_sha256", manifest.at("config").at("sha256").get<std::string>()}});
    fmt::print("{}{}: {} arrays\n", stem, arguments.format == "npy" ? "" : '.' + arguments.format,
               arrays.size());
  }
  return core::exit_complete;
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "export", "Write the arrays of a run (weights, spectra, histories) for other programs");
  command->add_option("DIR", arguments->run, "the directory of a finished run")->required();
  command->add_option("--arrays", arguments->arrays,
                      "only arrays whose name matches this regex, such as 'weights$' or '^fc1/' "
                      "(default: all)");
  command
      ->add_option("--format", arguments->format,
                   "safetensors or npz: one file a task; npy: one folder a task, one file an array")
      ->check(CLI::IsMember({"safetensors", "npz", "npy"}))
      ->capture_default_str();
  command->add_option("--output", arguments->output, "folder to write to (default: DIR/export)");
  command->footer(
      "A task is a sweep point and a replicate: training.batch_size=16,replicate=0.safetensors.\n"
      "Arrays are called as in arrays.h5: fc1/weights, fc1/epoch=40/weights, fc1/initial_weights,\n"
      "fc1/epoch=40/eigenvalues, history. A run keeps what its `outputs` name.\n"
      "Examples:\n"
      "  rmtlab run configs/demo.yaml outputs=[weights,epoch_weights] --output results/kept\n"
      "  rmtlab export results/kept --arrays 'weights$'\n"
      "  rmtlab analyze results/kept/export/*.safetensors --brief");
  command->callback([=, &action] { action = [=] { return execute(*arguments); }; });
}

}  // namespace rmtlab::commands

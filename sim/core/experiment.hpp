// SPDX-License-Identifier: MIT
/// \file
/// \brief What an experiment is: declared parameters and a pure function from task to result.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/checkpoint.hpp"
#include "sim/core/random.hpp"
#include "sim/core/record.hpp"
#include "sim/core/schema.hpp"
#include "sim/core/stop.hpp"
#include "sim/core/table.hpp"

namespace rmtlab::core {

/// A sweep point: parameter paths and their values as text (shortest form), in sweep order.
using Point = std::vector<std::pair<std::string, std::string>>;

/// "training.batch_size=16,data.zipf=0.5"; "" without a sweep.
std::string point_name(const Point& point);

/// One unit of work: a sweep point and a replicate, with the streams that belong to it.
class Task {
public:
  Task(std::string experiment, std::uint64_t seed, Point point, std::size_t replicate,
       std::set<std::string> outputs, const StopSignal& stop, Checkpoint* checkpoint = nullptr)
      : experiment_(std::move(experiment)),
        seed_(seed),
        point_(std::move(point)),
        replicate_(replicate),
        outputs_(std::move(outputs)),
        stop_(&stop),
        checkpoint_(checkpoint) {}

  [[nodiscard]] const Point& point() const { return point_; }
  [[nodiscard]] std::size_t replicate() const { return replicate_; }
  /// Whether the configuration asks to keep the arrays of this kind.
  [[nodiscard]] bool wants(const std::string& output) const { return outputs_.contains(output); }

  /// Stream for what must be the same along a sweep (data, initial weights): identity (seed,
  /// experiment, purpose, replicate). Add the parameters it depends on as children.
  [[nodiscard]] Stream paired_stream(std::string_view purpose) const;
  /// Stream for everything else: the identity also holds the sweep point's values.
  [[nodiscard]] Stream own_stream(std::string_view purpose) const;

  /// To be asked between steps of long work. \throws TaskAbandoned when the user insists on stopping.
  void check_stop() const;

  /// Takes up what a killed or stopped process had done of this task: see `Checkpoint::resume`. False
  /// if the task starts from its beginning, as it always does without a run directory.
  bool resume(const std::function<void(std::string_view payload)>& restore) const;

  /// To be called where the task could be taken up again: when a checkpoint is due or the run is to
  /// stop, keeps `payload()`. Going on from it must give the same result, bit for bit.
  /// \param progress one line for people: "epoch 17 of 40"
  /// \throws TaskAbandoned once it is kept, if the run is to stop.
  void keep(const std::string& progress, const std::function<std::string()>& payload) const;

private:
  std::string experiment_;
  std::uint64_t seed_;
  Point point_;
  std::size_t replicate_;
  std::set<std::string> outputs_;
  const StopSignal* stop_;
  Checkpoint* checkpoint_;  // none without a run directory
};

/// A task gave up because it was told to: it leaves no record and will be run again, from its
/// checkpoint if it has one.
class TaskAbandoned : public std::exception {
public:
  [[nodiscard]] const char* what() const noexcept override { return "task abandoned"; }
};

/// A kind of array an experiment can keep.
struct OutputKind {
  std::string name;
  bool by_default;
  std::string help;
};

/// Problems that involve more than one parameter. `deferred` ones (a path "given on the command
/// line") do not stop `rmtlab check`, only `rmtlab run`.
struct Complaint {
  std::string path;
  std::string message;
  std::vector<std::string> notes;
  bool deferred = false;
};

/// An input file whose contents are part of the run's identity.
struct InputFile {
  std::string parameter;  ///< path of the parameter that names it
  std::string file;
};

/// An experiment with its parameters. Stateless apart from them: `run` is const and is called from
/// several threads, each with its own object.
class Experiment {
public:
  virtual ~Experiment() = default;
  /// Bind every parameter; called once, right after construction.
  virtual void declare(Schema& schema) = 0;
  [[nodiscard]] virtual std::vector<Complaint> complaints() const { return {}; }
  [[nodiscard]] virtual std::vector<OutputKind> output_kinds() const { return {}; }
  [[nodiscard]] virtual std::vector<InputFile> inputs() const { return {}; }
  /// Reads the input files once, before anything runs. \throws std::exception naming what is wrong.
  virtual void check_inputs() const {}
  /// Rough seconds of one task on one core, for the plan and for the time left.
  [[nodiscard]] virtual double cost() const { return 1; }
  [[nodiscard]] virtual TaskResult run(const Task& task) const = 0;
  /// What `rmtlab run` prints at the end: the answer as a short table.
  [[nodiscard]] virtual std::string summary(const Table& records) const = 0;
};

/// One line of the table of experiments.
struct ExperimentEntry {
  std::string_view name;
  std::string_view question;
  std::function<std::unique_ptr<Experiment>()> make;
};

using Registry = std::span<const ExperimentEntry>;

}  // namespace rmtlab::core

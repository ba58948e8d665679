// SPDX-License-Identifier: MIT
/// \file
/// \brief A run as a report reads it: also one that is not finished, from its journal.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/core/configuration.hpp"
#include "sim/core/experiment.hpp"
#include "sim/core/journal.hpp"
#include "sim/core/table.hpp"

namespace rmtlab::commands {

/// What there is of a run. Unlike `core::Run` it need not be complete.
class ReportedRun {
public:
  /// \throws InputError if the folder is absent or not a run; core::ConfigError if the run is of an
  ///         experiment or of parameters that this program does not know; std::runtime_error if a
  ///         file of the run is damaged.
  static ReportedRun open(const std::filesystem::path& folder, core::Registry registry);

  struct Failure {
    std::string task, message;
  };

  [[nodiscard]] const std::string& name() const { return name_; }  ///< that of the folder
  [[nodiscard]] const std::string& question() const { return question_; }
  [[nodiscard]] const nlohmann::ordered_json& manifest() const { return manifest_; }
  /// Whether `records.csv` is there; otherwise the records are those of the tasks done so far.
  [[nodiscard]] bool finished() const { return finished_; }
  [[nodiscard]] std::size_t planned() const { return planned_; }
  [[nodiscard]] std::size_t complete() const { return complete_; }
  [[nodiscard]] const std::vector<Failure>& failures() const { return failures_; }
  [[nodiscard]] const core::Table& records() const { return records_; }
  /// The experiment's own table; why there is none, if there is none.
  [[nodiscard]] const std::string& summary() const { return summary_; }
  /// Swept parameters by path; those of a `zip:` advance together and share an entry.
  [[nodiscard]] const std::vector<std::vector<std::string>>& axes() const { return axes_; }

  /// Name of the array `.../kind` that belongs to `row`, if the run keeps one. Its path below the task
  /// must not contradict the row: "fc1/epoch=40/eigenvalues" is of a row that reads fc1 and epoch 40.
  [[nodiscard]] std::string array_of(std::size_t row, const std::string& kind) const;
  /// An array by the name that `array_of` gave.
  [[nodiscard]] std::vector<double> array(const std::string& array_name) const;

private:
  void read_results();
  void read_journal(const core::Configuration& configuration);
  void summarise(const core::Configuration& configuration);
  [[nodiscard]] std::string group_of(std::size_t row) const;
  [[nodiscard]] bool contradicts(std::size_t row, const std::string& path) const;

  std::filesystem::path folder_;
  std::string name_, question_, summary_;
  nlohmann::ordered_json manifest_;
  bool finished_ = false;
  std::size_t planned_ = 0, complete_ = 0;
  std::vector<Failure> failures_;
  core::Table records_;
  std::vector<std::vector<std::string>> axes_;
  std::vector<std::string> array_names_;             // ascending
  std::map<std::string, core::JournalEntry> tasks_;  // of an unfinished run, by group
};

}  // namespace rmtlab::commands

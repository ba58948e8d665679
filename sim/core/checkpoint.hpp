// SPDX-License-Identifier: MIT
/// \file
/// \brief How far a task has come, kept in a file so that a killed run takes it up from there.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace rmtlab::core {

/// Whose progress a checkpoint is. Both are SHA-256 in hexadecimal.
struct CheckpointOwner {
  std::string task;           ///< of experiment, seed, sweep point and replicate
  std::string configuration;  ///< of everything that decides the numbers
  bool operator==(const CheckpointOwner&) const = default;
};

/// What the file of a checkpoint says.
struct CheckpointContents {
  CheckpointOwner owner;
  std::string progress;  ///< for people, one line: "epoch 17 of 40"
  std::string payload;   ///< for the experiment
};

/// One header line and the payload:
/// `rmtlab-checkpoint VERSION TASK CONFIGURATION LENGTH SHA-256 PROGRESS`, the version now 1, the
/// length that of the payload in bytes, the checksum over all the rest of line and payload.
std::string encode_checkpoint(const CheckpointContents& contents);

/// The inverse. \throws std::runtime_error saying what is wrong with the bytes: not a checkpoint, of
/// another version, cut short, or damaged (the checksum differs).
CheckpointContents decode_checkpoint(std::string_view bytes);

/// `checkpoints/` of a run directory; it is there only while tasks are under way.
std::filesystem::path checkpoint_folder(const std::filesystem::path& run);

/// The file of a task; its name is the beginning of `owner.task`.
std::filesystem::path checkpoint_file(const std::filesystem::path& run,
                                      const CheckpointOwner& owner);

/// Where a checkpoint says what became of it.
struct CheckpointLog {
  std::function<void(const std::string&)> info, warn;
};

/**
 * \brief The checkpoint of one task in hand: one file, replaced at every save.
 *
 * A file that cannot be used (damaged, of another task, configuration or version) is put aside with one
 * warning and the task starts over: it costs time, never a wrong result. A save that fails (a full disk) is
 * warned of once and costs nothing but the safety. Used by one thread.
 */
class Checkpoint {
public:
  /// \param interval seconds between saves; 0: whenever the task can be taken up again.
  Checkpoint(std::filesystem::path file, CheckpointOwner owner, double interval, CheckpointLog log);

  /// Reads what was saved last, if anything, and hands the payload to `restore`, which throws if it
  /// cannot use it and then must have changed nothing. True if the task goes on from there.
  bool resume(const std::function<void(std::string_view payload)>& restore);

  /// Whether `interval` has passed since the last save or the beginning.
  [[nodiscard]] bool is_due() const;

  /// Replaces the file: a crash at any moment leaves the old one or the new one.
  /// \returns whether it is on disk
  bool save(const std::string& progress, std::string payload);

  /// The task's result is in the journal: the file goes.
  void remove() const;

private:
  void remove_remains() const;

  std::filesystem::path file_;
  CheckpointOwner owner_;
  std::chrono::duration<double> interval_;
  CheckpointLog log_;
  std::chrono::steady_clock::time_point last_save_ = std::chrono::steady_clock::now();
  bool has_failed_ = false;
};

}  // namespace rmtlab::core

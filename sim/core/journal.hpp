// SPDX-License-Identifier: MIT
/// \file
/// \brief The append-only record of finished tasks of a run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/record.hpp"

namespace rmtlab::core {

/// (index of the sweep point, replicate): who a task is within its run.
using TaskId = std::pair<std::size_t, std::size_t>;

/// What the journal holds of one task.
struct TaskRecord {
  TaskId id;
  bool failed = false;
  std::string message;  ///< of a failed task
  TaskResult result;
};

/// Appends records to one file. Each record is one line of header (task, status, length, SHA-256
/// of these and of the body) and a CBOR body, written at once and synced, so that a crash can tear only the last one.
class JournalWriter {
public:
  /// Opens or creates the file and takes its lock; the lock dies with the process. A torn last
  /// record is cut off; `torn_bytes` says how much.
  /// \throws std::runtime_error if another process holds the lock.
  explicit JournalWriter(std::filesystem::path path);
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  void append(const TaskRecord& record);
  [[nodiscard]] std::uint64_t torn_bytes() const { return torn_bytes_; }

private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t torn_bytes_ = 0;
};

/// Header of a record and where its body stands.
struct JournalEntry {
  TaskId id;
  bool failed = false;
  std::filesystem::path file;
  std::uint64_t body_offset = 0;
  std::uint64_t body_length = 0;
};

/// All intact records in the journals of a run, the newest of each task; a success is kept over a
/// failure. Bodies are read on demand (`read_record`).
class JournalIndex {
public:
  /// Reads every `*.journal` in `folder`; an absent folder is an empty index.
  explicit JournalIndex(const std::filesystem::path& folder);

  [[nodiscard]] const std::map<TaskId, JournalEntry>& entries() const { return entries_; }
  [[nodiscard]] bool succeeded(const TaskId& id) const;
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

private:
  std::map<TaskId, JournalEntry> entries_;
  std::vector<std::string> warnings_;
};

TaskRecord read_record(const JournalEntry& entry);

/// A result in the encoding that the journal has for it (CBOR), for the part that a checkpoint keeps.
/// Numbers and arrays come back bit for bit.
std::string encode_result(const TaskResult& result);
/// \throws std::exception if the bytes are no result.
TaskResult decode_result(std::string_view bytes);

}  // namespace rmtlab::core

// SPDX-License-Identifier: MIT
#include "sim/core/checkpoint.hpp"

#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/core/atomic_file.hpp"
#include "sim/core/sha256.hpp"

namespace rmtlab::core {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "rmtlab-checkpoint";
constexpr std::string_view version = "1";

std::string checksum_of(const CheckpointContents& c) {
  return sha256_hex(fmt::format("{} {} {} {} {} {}\n{}", magic, version, c.owner.task,
                                c.owner.configuration, c.payload.size(), c.progress, c.payload));
}

}  // namespace

std::string encode_checkpoint(const CheckpointContents& c) {
  return fmt::format("{} {} {} {} {} {} {}\n{}", magic, version, c.owner.task,
                     c.owner.configuration, c.payload.size(), checksum_of(c), c.progress,
                     c.payload);
}

CheckpointContents decode_checkpoint(std::string_view bytes) {
  const auto end = bytes.find('\n');
  std::istringstream fields{std::string(bytes.substr(0, end))};
  std::string found_magic, found_version, checksum;
  CheckpointContents c;
  std::size_t length = 0;
  fields >> found_magic >> found_version;
  if (found_magic != magic || end == std::string_view::npos)
    throw std::runtime_error("it is not a checkpoint of rmtlab");
  if (found_version != version)
    throw std::runtime_error(
        fmt::format("it has version {}, this program reads {}", found_version, version));
  fields >> c.owner.task >> c.owner.configuration >> length >> checksum;
  if (!fields) throw std::runtime_error("its first line is damaged");
  std::getline(fields >> std::ws, c.progress);
  c.payload = bytes.substr(end + 1);
  if (c.payload.size() != length)
    throw std::runtime_error(
        fmt::format("it holds {} bytes and should hold {}", c.payload.size(), length));
  if (checksum_of(c) != checksum) throw std::runtime_error("it is damaged (its checksum differs)");
  return c;
}

fs::path checkpoint_folder(const fs::path& run) { return run / "checkpoints"; }

fs::path checkpoint_file(const fs::path& run, const CheckpointOwner& owner) {
  return checkpoint_folder(run) / (owner.task.substr(0, 16) + ".checkpoint");
}

Checkpoint::Checkpoint(fs::path file, CheckpointOwner owner, double interval, CheckpointLog log)
    : file_(std::move(file)), owner_(std::move(owner)), interval_(interval), log_(std::move(log)) {}

bool Checkpoint::resume(const std::function<void(std::string_view payload)>& restore) {
  remove_remains();
  if (!fs::exists(file_)) return false;
  try {
    const CheckpointContents found = decode_checkpoint(read_file(file_));
    if (found.owner.task != owner_.task) throw std::runtime_error("it is of another task");
    if (found.owner.configuration != owner_.configuration)
      throw std::runtime_error("it is of another configuration");
    restore(found.payload);
    log_.info(fmt::format("resumes after {}", found.progress));
    return true;
  } catch (const std::exception& error) {
    log_.warn(fmt::format("the checkpoint {} is ignored: {}; the task starts over",
                          file_.filename().string(), error.what()));
    return false;
  }
}

bool Checkpoint::is_due() const {
  return std::chrono::steady_clock::now() - last_save_ >= interval_;
}

bool Checkpoint::save(const std::string& progress, std::string payload) {
  bool is_saved = true;
  try {
    fs::create_directories(file_.parent_path());
    write_atomically(file_, encode_checkpoint({owner_, progress, std::move(payload)}));
  } catch (const std::exception& error) {
    is_saved = false;
    if (!std::exchange(has_failed_, true))
      log_.warn(
          fmt::format("no checkpoint could be written: {}; the task goes on and would start over "
                      "if it were killed",
                      error.what()));
  }
  last_save_ = std::chrono::steady_clock::now();
  return is_saved;
}

void Checkpoint::remove() const {
  std::error_code ignored;
  fs::remove(file_, ignored);
}

// What a process that was killed while it saved left behind.
void Checkpoint::remove_remains() const {
  const std::string prefix = '.' + file_.filename().string() + ".tmp";
  std::error_code ignored;
  std::vector<fs::path> remains;
  for (const auto& entry : fs::directory_iterator(file_.parent_path(), ignored))
    if (entry.path().filename().string().starts_with(prefix)) remains.push_back(entry.path());
  for (const fs::path& path : remains) fs::remove(path, ignored);
}

}  // namespace rmtlab::core

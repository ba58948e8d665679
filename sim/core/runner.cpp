// SPDX-License-Identifier: MIT
#include "sim/core/runner.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <set>
#include <thread>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include "sim/core/atomic_file.hpp"
#include "sim/core/checkpoint.hpp"
#include "sim/core/manifest.hpp"
#include "sim/core/progress.hpp"
#include "sim/core/provenance.hpp"
#include "sim/core/run_results.hpp"
#include "sim/core/sha256.hpp"

namespace rmtlab::core {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

fs::path journal_file(const fs::path& folder, const Selection& selection) {
  return folder / "journal" /
         fmt::format("shard-{}-of-{}.journal", selection.shard_index, selection.shard_count);
}

// Opens log.txt for appending; every process of a run writes lines of its own.
std::shared_ptr<spdlog::logger> open_log(const fs::path& folder) {
  auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>((folder / "log.txt").string());
  auto log = std::make_shared<spdlog::logger>("run", sink);
  log->set_pattern("%Y-%m-%dT%H:%M:%S%z [%l] %v");
  log->flush_on(spdlog::level::info);
  return log;
}

std::string resume_command(const Configuration& configuration, const RunOptions& options) {
  std::string command = fmt::format("rmtlab run {}", configuration.file());
  for (const auto& argument : configuration.overrides()) command += ' ' + argument;
  command += fmt::format(" --output {}", options.output.string());
  if (options.selection.shard_count > 1)
    command +=
        fmt::format(" --shard {}/{}", options.selection.shard_index, options.selection.shard_count);
  return command + " --resume";
}

std::string rerun_command(const Configuration& configuration, const RunOptions& options,
                          std::size_t index) {
  std::string command = fmt::format("rmtlab run {}", configuration.file());
  for (const auto& argument : configuration.overrides()) command += ' ' + argument;
  return command +
         fmt::format(" --task {} --output {}-task-{}", index, options.output.string(), index);
}

// Looks at every set of input files once, before anything is written.
void check_inputs(const Configuration& configuration) {
  std::set<std::vector<std::string>> seen;
  for (std::size_t point = 0; point < configuration.points().size(); ++point) {
    const auto experiment = configuration.experiment_at(point);
    std::vector<std::string> files;
    for (const InputFile& input : experiment->inputs()) files.push_back(input.file);
    if (files.empty() || !seen.insert(files).second) continue;
    try {
      experiment->check_inputs();
    } catch (const std::exception& error) {
      throw RunRefused(fmt::format("input data: {}", error.what()));
    }
  }
}

// What an existing folder means for the run that is asked for.
enum class Standing { fresh, partial, complete };

Standing examine(const Configuration& configuration, const RunOptions& options) {
  const fs::path& folder = options.output;
  if (!fs::exists(folder)) return Standing::fresh;
  if (!fs::is_directory(folder))
    throw RunRefused(fmt::format("--output {} is a file; give a folder", folder.string()));
  const auto manifest = load_manifest(folder);
  if (!manifest) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (name == "journal" || name.starts_with('.')) continue;
      throw RunRefused(
          fmt::format("--output {} is not empty and is not a run of rmtlab; give another folder",
                      folder.string()));
    }
    return Standing::fresh;
  }
  const auto& config = manifest->at("config");
  if (config.at("sha256") != run_hash(configuration, options.selection)) {
    std::string different;
    auto before = config.at("resolved"), after = configuration.resolved();
    before.erase("replicates");
    after.erase("replicates");
    for (const auto& path : differences(before, after)) different += ' ' + path;
    throw RunRefused(fmt::format(
        "{} holds a run of a different configuration (differs in:{}); give another --output, or "
        "remove that folder",
        folder.string(), different.empty() ? " the selected task" : different));
  }
  const auto inputs = start_manifest(configuration, options.selection, 1).at("inputs");
  if (inputs != manifest->at("inputs"))
    throw RunRefused(fmt::format(
        "the input files of {} have changed since it was started; give another --output",
        folder.string()));
  const auto replicates = manifest->at("replicates").get<std::size_t>();
  if (replicates > configuration.replicates())
    throw RunRefused(fmt::format(
        "{} has {} replicates, more than the {} asked for; give another --output, or replicates={}",
        folder.string(), replicates, configuration.replicates(), replicates));
  if (manifest->at("status") == "complete")
    return replicates == configuration.replicates() ? Standing::complete : Standing::fresh;
  const bool started = fs::exists(journal_file(folder, options.selection));
  return started || options.selection.shard_count == 1 ? Standing::partial : Standing::fresh;
}

void say(const std::string& text) { std::fputs((text + '\n').c_str(), stderr); }

// Who a task is, for its checkpoint; `run` identifies configuration and input files.
CheckpointOwner checkpoint_owner(const Configuration& configuration, const TaskId& id,
                                 const std::string& run) {
  return {sha256_hex(fmt::format("{} {} {} {}", configuration.entry().name, configuration.seed(),
                                 point_name(configuration.points()[id.first]), id.second)),
          run};
}

std::string task_text(const Configuration& configuration, std::size_t index, const TaskId& id) {
  const std::string point = point_name(configuration.points()[id.first]);
  return fmt::format("task {} ({}{}replicate {})", index, point, point.empty() ? "" : " ",
                     id.second);
}

// The checkpoints of a run: where they are and whose.
struct Checkpoints {
  fs::path run;          // the run directory
  std::string identity;  // of configuration and input files
  double interval;

  [[nodiscard]] Checkpoint of(const Configuration& configuration, const PlannedTask& task,
                              spdlog::logger& log) const {
    const CheckpointOwner owner = checkpoint_owner(configuration, task.id, identity);
    const std::string name = task_text(configuration, task.index, task.id);
    return {checkpoint_file(run, owner), owner, interval,
            CheckpointLog{[&log, name](const std::string& text) { log.info("{} {}", name, text); },
                          [&log, name](const std::string& text) {
                            log.warn("{}: {}", name, text);
                            say(fmt::format("{}: {}", name, text));
                          }}};
  }
  void remove_folder_if_empty() const {
    std::error_code ignored;
    fs::remove(checkpoint_folder(run), ignored);
  }
};

// Runs tasks on threads and records them. One object per run.
class Workers {
public:
  Workers(const Configuration& configuration, std::vector<PlannedTask> pending,
          JournalWriter& journal, spdlog::logger& log, StopSignal& stop,
          const Checkpoints& checkpoints)
      : configuration_(configuration),
        pending_(std::move(pending)),
        journal_(journal),
        log_(log),
        stop_(stop),
        checkpoints_(checkpoints) {
    for (const auto& task : pending_) total_cost_ += task.cost;
    // Most expensive first: the threads then finish together.
    std::stable_sort(pending_.begin(), pending_.end(),
                     [](const auto& a, const auto& b) { return a.cost > b.cost; });
  }

  void run(unsigned threads) {
    Progress progress(pending_.size(), total_cost_);
    std::vector<std::jthread> workers;
    // The count is fixed before the first worker starts: a worker may leave at once.
    const std::size_t count = std::min<std::size_t>(threads, pending_.size());
    active_ = count;
    for (std::size_t i = 0; i < count; ++i) workers.emplace_back([this] { work(); });
    std::unique_lock lock(mutex_);
    while (active_ > 0) {
      changed_.wait_for(lock, std::chrono::milliseconds(500));
      progress.update(done_, failed_, done_cost_);
    }
  }

  [[nodiscard]] std::size_t done() const { return done_; }
  [[nodiscard]] std::size_t failed() const { return failed_; }
  [[nodiscard]] bool finished() const { return done_ == pending_.size(); }
  /// A failure of the machinery itself (disk full), not of a task.
  [[nodiscard]] const std::string& error() const { return error_; }

private:
  void work() {
    while (true) {
      std::size_t index = 0;
      {
        const std::scoped_lock lock(mutex_);
        if (next_ == pending_.size() || stop_.requested() || !error_.empty()) break;
        index = next_++;
      }
      const auto start = Clock::now();
      try {
        Checkpoint checkpoint = checkpoints_.of(configuration_, pending_[index], log_);
        const TaskRecord record = attempt(pending_[index], checkpoint);
        keep(pending_[index], record, seconds_since(start));
        checkpoint.remove();
      } catch (const TaskAbandoned&) {
        break;
      } catch (const std::exception& error) {
        const std::scoped_lock lock(mutex_);
        error_ = error.what();
        break;
      }
    }
    const std::scoped_lock lock(mutex_);
    --active_;
    changed_.notify_one();
  }

  TaskRecord attempt(const PlannedTask& planned, Checkpoint& checkpoint) const {
    TaskRecord record{planned.id, false, {}, {}};
    const auto experiment = configuration_.experiment_at(planned.id.first);
    const Task task(std::string(configuration_.entry().name), configuration_.seed(),
                    configuration_.points()[planned.id.first], planned.id.second,
                    configuration_.outputs(), stop_, &checkpoint);
    try {
      record.result = experiment->run(task);
    } catch (const TaskAbandoned&) {
      throw;
    } catch (const std::exception& error) {
      record.failed = true;
      record.message = error.what();
    }
    return record;
  }

  void keep(const PlannedTask& planned, const TaskRecord& record, double seconds) {
    const std::scoped_lock lock(mutex_);
    journal_.append(record);
    ++done_;
    failed_ += record.failed ? 1 : 0;
    done_cost_ += planned.cost;
    const std::string name = task_text(configuration_, planned.index, planned.id);
    if (record.failed)
      log_.error("{} failed after {}: {}", name, duration_text(seconds), record.message);
    else
      log_.info("{} done in {}", name, duration_text(seconds));
    changed_.notify_one();
  }

  const Configuration& configuration_;
  std::vector<PlannedTask> pending_;
  JournalWriter& journal_;
  spdlog::logger& log_;
  StopSignal& stop_;
  const Checkpoints& checkpoints_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_ = 0, active_ = 0, done_ = 0, failed_ = 0;
  double done_cost_ = 0, total_cost_ = 0;
  std::string error_;
};

void report_failures(const Configuration& configuration, const RunOptions& options,
                     const nlohmann::ordered_json& failures) {
  for (const auto& failure : failures)
    say(fmt::format("task {} failed: {}\n  to rerun it alone: {}",
                    failure.at("task").get<std::size_t>(), failure.at("message").get<std::string>(),
                    rerun_command(configuration, options, failure.at("task").get<std::size_t>())));
}

// What the checkpoint of a task says of its progress; "" without one.
std::string kept_progress(const fs::path& folder, const CheckpointOwner& owner) {
  const fs::path file = checkpoint_file(folder, owner);
  if (!fs::exists(file)) return {};
  try {
    return fmt::format("a checkpoint after {}", decode_checkpoint(read_file(file)).progress);
  } catch (const std::exception& error) {
    return fmt::format("a checkpoint that will be ignored: {}", error.what());
  }
}

std::string summary_of(const Configuration& configuration, const fs::path& folder) {
  return configuration.experiment_at(0)->summary(Table::read_csv(folder / "records.csv"));
}

#if defined(__GLIBC__)
// Matrices come and go beside small records that stay. Left to itself the heap raises the size from which a
// block is mapped (and so given back) up to 32 MB, and each record pins the hole of a matrix: a run on
// 1500 x 500 matrices was seen to grow by 16 MB for each, without this.
void give_back_large_blocks() { mallopt(M_MMAP_THRESHOLD, 1 << 21); }
#else
void give_back_large_blocks() {}
#endif

}  // namespace

int run(const Configuration& configuration, const RunOptions& options) {
  give_back_large_blocks();
  const auto started = Clock::now();
  const fs::path& folder = options.output;
  const Selection& selection = options.selection;
  const auto plan = make_plan(configuration);
  check_inputs(configuration);
  auto manifest = start_manifest(configuration, selection, options.threads);
  const Standing standing = examine(configuration, options);
  if (standing == Standing::complete) {
    say(fmt::format("{} is complete already", folder.string()));
    std::fputs(summary_of(configuration, folder).c_str(), stdout);
    return exit_complete;
  }
  if (standing == Standing::partial && !options.resume)
    throw RunRefused(fmt::format("{} holds a part of this run; go on with: {}", folder.string(),
                                 resume_command(configuration, options)));

  fs::create_directories(folder);
  JournalWriter journal(journal_file(folder, selection));
  // Shards share one manifest: the first writes it, later ones leave it alone unless the run grows.
  const auto present = load_manifest(folder);
  if (selection.shard_count == 1 || !present ||
      present->at("replicates") != manifest.at("replicates"))
    save_manifest(folder, manifest);
  write_atomically(folder / "config.yaml", configuration.resolved_yaml(false));
  const auto log = open_log(folder);
  log->info("start: {} on {} threads", configuration.file(), options.threads);
  if (journal.torn_bytes() > 0) {
    const auto text = fmt::format("the last record was torn ({} bytes); its task will be redone",
                                  journal.torn_bytes());
    log->warn(text);
    say(text);
  }

  const JournalIndex index(folder / "journal");
  for (const auto& warning : index.warnings()) say(warning);
  const Checkpoints checkpoints{folder,
                                sha256_hex(configuration.hash() + manifest.at("inputs").dump()),
                                options.checkpoint_interval};
  std::vector<PlannedTask> pending;
  std::size_t kept = 0;
  for (const PlannedTask& task : plan) {
    if (!selection.contains(task)) continue;
    if (!index.succeeded(task.id)) {
      pending.push_back(task);
      continue;
    }
    ++kept;
    // The process may have died between the record and the removal.
    if (fs::exists(checkpoint_folder(folder))) checkpoints.of(configuration, task, *log).remove();
  }
  if (kept > 0) say(fmt::format("{} tasks are done already, {} to do", kept, pending.size()));

  use_one_blas_thread();
  StopSignal stop;
  if (options.time_limit)
    stop.set_deadline(started + std::chrono::duration_cast<Clock::duration>(
                                    std::chrono::duration<double>(*options.time_limit)));
  Workers workers(configuration, pending, journal, *log, stop, checkpoints);
  {
    const SignalRouter router(stop);
    workers.run(options.threads);
  }
  checkpoints.remove_folder_if_empty();
  if (!workers.error().empty()) throw std::runtime_error(workers.error());

  if (!workers.finished()) {
    const auto left = pending.size() - workers.done();
    log->info("stopped with {} tasks left", left);
    if (selection.shard_count == 1) {
      manifest["status"] = "stopped";
      manifest["tasks"]["complete"] = kept + workers.done() - workers.failed();
      manifest["tasks"]["failed"] = workers.failed();
      manifest["wall_seconds"] = seconds_since(started);
      save_manifest(folder, manifest);
    }
    say(fmt::format("stopped in time, {} of {} tasks left; go on with:\n  {}", left,
                    kept + pending.size(), resume_command(configuration, options)));
    return exit_stopped;
  }
  if (selection.shard_count > 1) {
    log->info("shard {}/{} done", selection.shard_index, selection.shard_count);
    say(fmt::format("shard {}/{} is done; when all are: rmtlab merge {}", selection.shard_index,
                    selection.shard_count, folder.string()));
    return workers.failed() > 0 ? exit_failed : exit_complete;
  }
  write_results(folder, configuration, plan, selection, manifest, seconds_since(started));
  log->info("finished: {}", manifest.at("status").get<std::string>());
  report_failures(configuration, options, manifest.at("failures"));
  std::fputs(summary_of(configuration, folder).c_str(), stdout);
  return manifest.at("status") == "complete" ? exit_complete : exit_failed;
}

int merge(const fs::path& folder, Registry registry) {
  auto manifest = load_manifest(folder);
  if (!manifest)
    throw RunRefused(fmt::format("{} is not a run of rmtlab (no manifest.json)", folder.string()));
  const auto configuration =
      Configuration::load((folder / "config.yaml").string(), {}, registry, Strictness::check);
  const Selection everything;
  const auto plan = make_plan(configuration);
  const JournalIndex index(folder / "journal");
  std::vector<std::size_t> missing;
  for (const PlannedTask& task : plan)
    if (!index.entries().contains(task.id)) missing.push_back(task.index);
  if (!missing.empty())
    throw RunRefused(fmt::format(
        "{} of {} tasks of {} have not been run (the first is task {}); run the remaining shards, "
        "or finish them here with: rmtlab run {} --output {} --resume",
        missing.size(), plan.size(), folder.string(), missing.front(),
        (folder / "config.yaml").string(), folder.string()));
  write_results(folder, configuration, plan, everything, *manifest, std::nullopt);
  RunOptions options;
  options.output = folder;
  report_failures(configuration, options, manifest->at("failures"));
  std::fputs(summary_of(configuration, folder).c_str(), stdout);
  return manifest->at("status") == "complete" ? exit_complete : exit_failed;
}

std::string status_text(const fs::path& folder, Registry registry) {
  const auto manifest = load_manifest(folder);
  if (!manifest)
    throw RunRefused(fmt::format("{} is not a run of rmtlab (no manifest.json)", folder.string()));
  const auto configuration =
      Configuration::load((folder / "config.yaml").string(), {}, registry, Strictness::check);
  Selection selection;
  if (manifest->contains("only_task"))
    selection.only_task = manifest->at("only_task").get<std::size_t>();
  const JournalIndex index(folder / "journal");
  std::size_t done = 0, planned = 0, failed = 0;
  std::string failures, begun;
  for (const PlannedTask& task : make_plan(configuration)) {
    if (!selection.contains(task)) continue;
    ++planned;
    const std::string name = task_text(configuration, task.index, task.id);
    const auto at = index.entries().find(task.id);
    if (at == index.entries().end()) {
      const auto progress = kept_progress(folder, checkpoint_owner(configuration, task.id, {}));
      if (!progress.empty()) begun += fmt::format("  {} is begun: {}\n", name, progress);
      continue;
    }
    ++(at->second.failed ? failed : done);
    if (at->second.failed)
      failures += fmt::format("  {}: {}\n", name, read_record(at->second).message);
  }
  return fmt::format("{}: {}, status {}\n{} done, {} failed, {} left of {}\n{}{}", folder.string(),
                     configuration.entry().name, manifest->at("status").get<std::string>(), done,
                     failed, planned - done - failed, planned, begun, failures);
}

}  // namespace rmtlab::core

// SPDX-License-Identifier: MIT
/// \file
/// \brief Runs of `training` written by hand, for what reads their records.
#pragma once

#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "sim/core/atomic_file.hpp"
#include "tests/sim/commands/program.hpp"
#include "tests/temporary_folder.hpp"

namespace rmtlab::tests {

/// A run that sweeps `swept` (JSON) with these records.
inline std::filesystem::path write_run(const TemporaryFolder& folder, const std::string& name,
                                       const std::string& swept, const std::string& records) {
  const auto run = folder.path() / name;
  std::filesystem::create_directories(run);
  core::write_atomically(run / "records.csv", records);
  core::write_atomically(
      run / "manifest.json",
      R"({"experiment": "training", "status": "complete", "seed": 1, "config": {"file": "x.yaml",)"
      R"("resolved": {"parameters": {"data": {"classes": 10},)"
      R"("training": {"batch_size": 16, "learning_rate": 0.002,)"
      R"("momentum": 0.9, "weight_decay": 0.5}}, "sweep": )" +
          swept + "}}}");
  return run;
}

inline constexpr const char* batch_sweep = R"({"training.batch_size": [256, 16, 1]})";

/// Batch path of `replicates`, at the smallest batch with this phase and this word in `abstained`.
inline std::string batch_records(std::size_t replicates, const std::string& phase,
                                 const std::string& abstained) {
  std::string text = "training.batch_size,replicate,epoch,layer,stable_rank,phase,abstained\n";
  for (std::size_t r = 0; r < replicates; ++r) {
    const double shift = 0.1 * static_cast<double>(r);
    text += fmt::format("256,{},40,fc1,{},random-like,false\n", r, 60 + shift);
    text += fmt::format("16,{},40,fc1,{},bulk-decay,false\n", r, 25 + 2 * shift);
    text += fmt::format("1,{},40,fc1,{},{},{}\n", r, 15 - shift, phase, abstained);
  }
  return text;
}

}  // namespace rmtlab::tests

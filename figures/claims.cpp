// SPDX-License-Identifier: MIT
/// \file
/// \brief The claims about trained networks, each with its numbers, its criterion and its verdict.
///
/// One row per statistic: value, interval (t over replicates or Clopper and Pearson), the criterion
/// with the number n of replicates, and the verdict, which is "not run" where the run is missing.
/// Labels at which the classifier abstained count as no evidence for any phase.
///
/// Reads   RESULTS/<run>/records.csv of the runs named in the column `run`
/// Writes  OUTPUT
///
/// Usage   claims results paper/claims.csv
#include "figures/claims.hpp"

#include <cstdio>
#include <functional>
#include <vector>

#include "figures/arguments.hpp"
#include "sim/core/atomic_file.hpp"

namespace {

using namespace rmtlab;
using figures::Claims;

struct Entry {
  const char *run, *question;  // the question stands in the row of a run that is missing
  std::function<void(Claims&)> work;
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> list{
      {"batch_size", "batch size alone takes FC1 through the phases", figures::batch_path},
      {"batch_size_mnist", "batch size alone takes FC1 through the phases, on digits",
       figures::batch_path},
      {"batch_size_matched", "batch size takes FC1 through the phases at equal SGD time",
       [](Claims& claims) { figures::matched_path(claims, "at equal SGD time", "sgd_time"); }},
      {"batch_size_matched_steps",
       "batch size takes FC1 through the phases after equally many steps",
       [](Claims& claims) { figures::matched_path(claims, "after equally many steps", "steps"); }},
      {"batch_size_matched_loss", "batch size takes FC1 through the phases at equal training loss",
       [](Claims& claims) {
         figures::matched_path(claims, "at equal training loss", "train_loss");
       }},
      {"training_time", "training time alone takes FC1 through the phases", figures::time_path},
      {"weight_decay", "weight decay takes FC1 to rank collapse", figures::decay_path},
      {"batch_decay_map", "all six phases occur on the map of batch size and weight decay",
       figures::six_phases},
      {"batch_decay_map", "where the phases change on the map of batch size and weight decay",
       figures::map_boundaries},
      {"batch_rate_map", "equal learning_rate / batch_size gives equal spectra",
       figures::batch_and_rate},
      {"sgd_time", "equal SGD time gives equal spectra", figures::equal_time},
      {"gradient_noise", "the noise of the gradient does not matter at equal SGD time",
       figures::gradient_noise},
      {"noise_factorial", "the noise of the gradient does not matter, full batch included",
       figures::noise_factorial},
      {"noise_factorial_random_labels", "the noise of the gradient does not matter, random labels",
       figures::noise_of_random_labels},
      {"batch_size", "the largest eigenvalue follows from W - a W_0 without a fit",
       figures::predicted_outliers},
      {"batch_size", "the classifier says what W - a W_0 calls for", figures::agreement},
      {"batch_size_mnist", "the classifier says what W - a W_0 calls for", figures::agreement},
      {"batch_decay_map", "the classifier says what W - a W_0 calls for", figures::agreement},
      {"finite_size", "the classifier says what W - a W_0 calls for", figures::agreement},
      {"batch_size", "the tail is in the order of the entries, and learned", figures::controls},
      {"batch_size_mnist", "the tail is in the order of the entries, and learned",
       figures::controls},
      {"batch_decay_map", "the tail is in the order of the entries, and learned",
       figures::controls},
      {"covariance_exponent", "the heavy tail needs a power-law covariance and true labels",
       figures::covariance},
      {"task_difficulty", "noise in the task makes the tail lighter", figures::difficulty},
      {"dropout", "dropout makes the tail heavier", figures::dropout},
      {"full_batch_adam", "full-batch Adam with large steps gives a heavy tail",
       figures::large_steps},
      {"effective_rank", "effective rank is proportional to batch_size / (learning_rate decay)",
       figures::rank_slope}};
  return list;
}

void write_claims(const std::filesystem::path& results, const std::filesystem::path& output) {
  core::Table table(
      {"claim", "run", "statistic", "value", "lower", "upper", "criterion", "verdict"});
  for (const Entry& entry : entries()) {
    const auto folder = results / entry.run;
    if (!std::filesystem::exists(folder / "records.csv")) {
      table.add({entry.question, entry.run, "", "", "", "", "", "not run"});
      continue;
    }
    const auto run = figures::open_training(folder);
    Claims claims(table, run, entry.run);
    entry.work(claims);
  }
  if (output.has_parent_path()) std::filesystem::create_directories(output.parent_path());
  core::write_atomically(output, table.csv());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string program = rmtlab::figures::program_name(argv);
  if (argc != 3) {
    std::fprintf(stderr,
                 "usage: %s RESULTS OUTPUT\n  RESULTS  folder of the runs\n"
                 "  OUTPUT   the table, a .csv file\n",
                 program.c_str());
    return 2;
  }
  try {
    write_claims(argv[1], argv[2]);
    std::printf("%s\n", argv[2]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program.c_str(), error.what());
    return 1;
  }
}

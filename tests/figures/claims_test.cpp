// SPDX-License-Identifier: MIT
// What the program `claims` says of runs written by hand.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "sim/core/table.hpp"
#include "tests/catch.hpp"
#include "tests/figures/written_run.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using tests::batch_records;
using tests::batch_sweep;
using tests::write_run;

namespace {

core::Table claims_of(const tests::TemporaryFolder& folder) {
  const std::string output = folder.file("claims.csv");
  const auto outcome =
      tests::shell(std::string(RMTLAB_CLAIMS) + ' ' + folder.path().string() + ' ' + output);
  REQUIRE(outcome.code == 0);
  return core::Table::read_csv(output);
}

// The text of a column in the first row with this claim, run and opening of the statistic.
std::string text_of(const core::Table& table, const std::string& run, const std::string& claim,
                    const std::string& column, const std::string& statistic = "") {
  for (const std::size_t row : table.where("claim", claim))
    if (table.text(row, "run") == run && table.text(row, "statistic").starts_with(statistic))
      return table.text(row, column);
  return "no such claim";
}

std::string verdict_of(const tests::TemporaryFolder& folder, const std::string& claim) {
  return text_of(claims_of(folder), "batch_size", claim, "verdict");
}

constexpr const char* ends = "batch size alone takes FC1 from random-like to heavy-tailed";

// A batch path of five replicates at equal training loss.
std::string matched_records(const char* at_largest, const char* at_smallest, double last_rank) {
  std::string text =
      "training.batch_size,replicate,epoch,layer,train_loss,stable_rank,phase,abstained\n";
  for (int r = 0; r < 5; ++r) {
    const double shift = 0.1 * r;
    text += fmt::format("256,{},200,fc1,0.5,{},{},false\n", r, 30 + shift, at_largest);
    text += fmt::format("16,{},20,fc1,0.4,{},bulk+spikes,false\n", r, 25 - shift);
    text += fmt::format("1,{},5,fc1,0.2,{},{},false\n", r, last_rank - shift, at_smallest);
  }
  return text;
}

// A factorial with the full batch and batch 1, whose spectra differ by `difference` changes by doubling.
std::string factorial_records(const std::vector<double>& difference) {
  std::string text =
      "training.batch_size,training.learning_rate,replicate,epoch,layer,sgd_time,ks_all,"
      "outlier_trace_fraction\n";
  for (std::size_t r = 0; r < difference.size(); ++r)
    for (const double time : {80.0, 160.0}) {
      const double here = time / 800;
      text += fmt::format("4000,0.032,{},{},fc1,{},{},{}\n", r, time, time, here, 2 * here);
      text += fmt::format("1,0.002,{},{},fc1,{},{},{}\n", r, time, time, here + 0.1 * difference[r],
                          2 * here + 0.2 * difference[r]);
    }
  return text;
}

constexpr const char* factorial_sweep =
    R"({"zip": {"training.batch_size": [4000, 1], "training.learning_rate": [0.032, 0.002]}})";

struct Controlled {
  const char *phase, *shuffled, *noise;
};

// The same trainings in every replicate; the last one abstained and must not count.
std::string controlled_records(std::size_t replicates, const std::vector<Controlled>& trainings) {
  std::string text =
      "training.batch_size,replicate,epoch,layer,stable_rank,shuffled_label,noise_label,phase,"
      "abstained\n";
  for (std::size_t r = 0; r < replicates; ++r) {
    std::size_t batch = 1024;
    for (const auto& [phase, shuffled, noise] : trainings) {
      text += fmt::format("{},{},40,fc1,20,{},{},{},false\n", batch, r, shuffled, noise, phase);
      batch /= 2;
    }
    text += fmt::format("{},{},40,fc1,20,heavy-tailed,heavy-tailed,heavy-tailed,true\n", batch, r);
  }
  return text;
}

constexpr const char* no_tail = "shuffling the entries leaves no tail";
constexpr const char* other_label = "shuffling the entries changes the phase of a tail";
constexpr const char* heavy_entries = "the entries alone are heavy-tailed";
constexpr const char* noise_instead =
    "noise of the norm of what was learned leaves no spike and no tail";

}  // namespace

TEST_CASE("claims: verdicts follow the records", "[figures]") {
  const tests::TemporaryFolder folder;
  write_run(folder, "batch_size", batch_sweep, batch_records(5, "heavy-tailed", "false"));
  CHECK(verdict_of(folder, ends) == "reproduced");
  CHECK(verdict_of(folder, "the stable rank falls at every step of the path") == "reproduced");
  CHECK(verdict_of(folder, "boundary of heavy-tailed or beyond") == "measured");
  // Negative controls: another phase, no decision, too few replicates.
  write_run(folder, "batch_size", batch_sweep, batch_records(5, "bulk-decay", "false"));
  CHECK(verdict_of(folder, ends) == "not reproduced");
  CHECK(verdict_of(folder, "boundary of heavy-tailed or beyond") == "no boundary");
  write_run(folder, "batch_size", batch_sweep, batch_records(5, "heavy-tailed", "true"));
  CHECK(verdict_of(folder, ends) == "not reproduced");
  write_run(folder, "batch_size", batch_sweep, batch_records(3, "heavy-tailed", "false"));
  CHECK(verdict_of(folder, ends) == "inconclusive");
}

TEST_CASE("claims: a run that is missing is said to be", "[figures][errors]") {
  const tests::TemporaryFolder folder;
  const auto table = claims_of(folder);
  CHECK(table.size() == 27);  // one row for each question
  CHECK(table.where("verdict", "not run").size() == table.size());
  CHECK(tests::shell(RMTLAB_CLAIMS).code == 2);
}

TEST_CASE("claims: batch sizes matched in training loss", "[figures]") {
  const tests::TemporaryFolder folder;
  const std::string run = "batch_size_matched_loss",
                    whole =
                        "at equal training loss batch size takes FC1 from random-like to "
                        "heavy-tailed",
                    later =
                        "at equal training loss the smallest batch takes FC1 to a later phase "
                        "than the largest",
                    rank = "at equal training loss the smallest batch has the lower stable rank";
  // From spikes to a heavy tail: a later phase, but not all the way.
  write_run(folder, run, batch_sweep, matched_records("bulk+spikes", "heavy-tailed", 15));
  auto table = claims_of(folder);
  CHECK(text_of(table, run, whole, "verdict") == "not reproduced");
  CHECK(text_of(table, run, later, "verdict") == "reproduced");
  CHECK(text_of(table, run, rank, "verdict") == "reproduced");
  CHECK(text_of(table, run, "boundary of heavy-tailed or beyond", "value") == "4");
  const std::string match = "the trainings are compared at equal training loss";
  CHECK(text_of(table, run, match, "value") == "0.4");
  CHECK(text_of(table, run, match, "lower") == "0.2");
  CHECK(text_of(table, run, match, "upper") == "0.5");
  CHECK_THAT(text_of(table, run, match, "criterion"), ContainsSubstring("n = 15"));
  // All the way.
  write_run(folder, run, batch_sweep, matched_records("random-like", "heavy-tailed", 15));
  CHECK(text_of(claims_of(folder), run, whole, "verdict") == "reproduced");
  // Negative control: the same phase at both ends, and the rank rises.
  write_run(folder, run, batch_sweep, matched_records("bulk+spikes", "bulk+spikes", 40));
  table = claims_of(folder);
  CHECK(text_of(table, run, later, "verdict") == "not reproduced");
  CHECK(text_of(table, run, rank, "verdict") == "not reproduced");
}

TEST_CASE("claims: the verdict about noise with and without something to learn", "[figures]") {
  const tests::TemporaryFolder folder;
  const std::string run = "noise_factorial_random_labels",
                    same = "noise matters to random labels where it does to true ones",
                    random = "the noise of the gradient does not matter, random labels";
  const auto summary = [&](const std::vector<double>& random_labels) {
    write_run(folder, run, factorial_sweep, factorial_records(random_labels));
    return text_of(claims_of(folder), run, same, "verdict");
  };
  CHECK(summary({2, 2.1, 1.9}) == "inconclusive");  // nothing to compare with
  write_run(folder, "noise_factorial", factorial_sweep, factorial_records({1, 1.1, 0.9}));
  CHECK(summary({2, 2.1, 1.9}) == "reproduced");
  const auto table = claims_of(folder);
  CHECK(text_of(table, run, random, "value") == "2");
  CHECK(text_of(table, run, random, "verdict") == "noise matters");
  CHECK(text_of(table, "noise_factorial",
                "the noise of the gradient does not matter, full batch included",
                "verdict") == "noise matters");
  CHECK(text_of(table, run, same, "verdict", "comparisons with the same verdict at SGD time 160") ==
        "reproduced");
  CHECK_THAT(text_of(table, run, same, "criterion"), ContainsSubstring("2 of 2 are"));
  // Negative controls: no effect, an effect in the other direction, nothing decided.
  CHECK(summary({0, 0.01, -0.01}) == "not reproduced");
  CHECK(summary({-2, -2.1, -1.9}) == "not reproduced");
  CHECK(summary({0, 2, 4}) == "inconclusive");
}

TEST_CASE("claims: controls of the trained matrix", "[figures]") {
  const tests::TemporaryFolder folder;
  const std::string run = "batch_size";
  const auto claims_on = [&](const std::vector<Controlled>& trainings, std::size_t replicates) {
    write_run(folder, run, R"({"training.batch_size": [1024, 512, 256, 128]})",
              controlled_records(replicates, trainings));
    return claims_of(folder);
  };
  // Two of three tails are gone, one becomes another tail.
  auto table = claims_on({{"random-like", "random-like", "random-like"},
                          {"bulk+spikes", "random-like", "random-like"},
                          {"bulk-decay", "random-like", "random-like"},
                          {"heavy-tailed", "random-like", "random-like"},
                          {"heavy-tailed", "bulk-decay", "bleeding-out"}},
                         5);
  CHECK(text_of(table, run, other_label, "value") == "1");
  CHECK_THAT(text_of(table, run, other_label, "criterion"), ContainsSubstring("n = 15"));
  CHECK(text_of(table, run, other_label, "verdict", "replicates") == "reproduced");
  CHECK(text_of(table, run, no_tail, "value") == "0.6667");
  CHECK(text_of(table, run, no_tail, "verdict", "replicates") == "reproduced");
  CHECK(text_of(table, run, heavy_entries, "verdict") == "in none");
  CHECK(text_of(table, run, noise_instead, "value") == "0.75");  // of four that are not random-like
  CHECK(text_of(table, run, noise_instead, "verdict", "replicates") == "reproduced");
  // Three replicates never show a majority.
  table = claims_on({{"heavy-tailed", "random-like", "random-like"}}, 3);
  CHECK(text_of(table, run, no_tail, "verdict", "replicates") == "inconclusive");
  // Negative control: heavy entries, and noise that leaves a spike. A training without noise_label
  // does not count.
  table = claims_on({{"heavy-tailed", "heavy-tailed", "bulk+spikes"},
                     {"heavy-tailed", "heavy-tailed", "bulk+spikes"},
                     {"heavy-tailed", "random-like", ""}},
                    5);
  CHECK(text_of(table, run, other_label, "verdict", "replicates") == "not reproduced");
  CHECK(text_of(table, run, no_tail, "verdict", "replicates") == "not reproduced");
  CHECK(text_of(table, run, heavy_entries, "verdict") == "in some");
  CHECK_THAT(text_of(table, run, heavy_entries, "criterion"), ContainsSubstring("10 of 15"));
  CHECK(text_of(table, run, noise_instead, "value") == "0");
  CHECK_THAT(text_of(table, run, noise_instead, "criterion"), ContainsSubstring("n = 10"));
  CHECK(text_of(table, run, noise_instead, "verdict", "replicates") == "not reproduced");
  // Nothing with a tail; and a run without controls.
  table = claims_on({{"random-like", "random-like", "random-like"}}, 5);
  CHECK(text_of(table, run, no_tail, "verdict") == "inconclusive");
  write_run(folder, run, batch_sweep, batch_records(5, "heavy-tailed", "false"));
  CHECK(text_of(claims_of(folder), run, "the tail is in the order of the entries, and learned",
                "verdict") == "not run");
}

TEST_CASE("claims: boundaries on the map of batch size and weight decay", "[figures]") {
  const tests::TemporaryFolder folder;
  const std::string run = "batch_decay_map";
  // Phases at batch sizes 64, 16, 4, by weight decay; one replicate is a place behind.
  struct Line {
    const char *decay, *at_64, *at_16, *at_4;
  };
  const std::vector<Line> most{{"0", "random-like", "bulk+spikes", "heavy-tailed"},
                               {"0.01", "bleeding-out", "bulk-decay", "heavy-tailed"},
                               {"0.04", "bleeding-out", "bulk-decay", "rank-collapse"}};
  const std::vector<Line> behind{{"0", "random-like", "random-like", "bulk-decay"},
                                 {"0.01", "bleeding-out", "bleeding-out", "rank-collapse"},
                                 {"0.04", "bleeding-out", "bulk+spikes", "rank-collapse"}};
  std::string records =
      "training.batch_size,training.weight_decay,replicate,epoch,layer,stable_rank,phase,"
      "abstained\n";
  for (int r = 0; r < 3; ++r)
    for (const auto& [decay, at_64, at_16, at_4] : r < 2 ? most : behind) {
      records += fmt::format("64,{},{},40,fc1,30,{},false\n", decay, r, at_64);
      records += fmt::format("16,{},{},40,fc1,20,{},false\n", decay, r, at_16);
      records += fmt::format("4,{},{},40,fc1,10,{},false\n", decay, r, at_4);
    }
  write_run(folder, run,
            R"({"training.batch_size": [64, 16, 4], "training.weight_decay": [0, 0.01, 0.04]})",
            records);
  const auto table = claims_of(folder);
  const auto check = [&](const std::string& claim, const char* value, const char* lower,
                         const char* upper, const char* crossed, const char* verdict) {
    INFO(claim);
    CHECK(text_of(table, run, claim, "value") == value);
    CHECK(text_of(table, run, claim, "lower") == lower);
    CHECK(text_of(table, run, claim, "upper") == upper);
    CHECK_THAT(text_of(table, run, claim, "criterion"), ContainsSubstring(crossed));
    CHECK(text_of(table, run, claim, "verdict") == verdict);
  };
  const std::string bleeding = "boundary of bleeding-out or beyond at weight decay ",
                    collapse = "boundary of rank-collapse or beyond at batch size ";
  check(bleeding + "0", "32", "4", "64", "in 3 of 3 replicates;", "measured");
  check("boundary of bulk-decay or beyond at weight decay 0", "8", "4", "16", "in 3 of 3",
        "measured");
  check(bleeding + "0.04", "", "", "", "in 0 of 3 replicates, 3 there from the start",
        "no boundary");
  check("boundary of bulk-decay or beyond at weight decay 0.04", "32", "4", "64", "in 3 of 3",
        "measured");
  // Two cross between 0.01 and 0.04, one between 0 and 0.01; larger batches never collapse.
  check(collapse + "4", "0.02", "0", "0.04", "in 3 of 3", "measured");
  check(collapse + "16", "", "", "", "in 0 of 3 replicates;", "no boundary");
  check(collapse + "64", "", "", "", "in 0 of 3 replicates;", "no boundary");
  CHECK(text_of(table, run, "boundary of heavy-tailed or beyond at weight decay 0", "value") ==
        "no such claim");  // not asked
}

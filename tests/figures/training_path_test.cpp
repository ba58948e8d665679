// SPDX-License-Identifier: MIT
// Records of trainings as maps and paths read them, on runs written by hand.
#include "figures/training_path.hpp"

#include <fmt/format.h>

#include "sim/core/table.hpp"
#include "tests/catch.hpp"
#include "tests/figures/written_run.hpp"

using namespace rmtlab;
using namespace rmtlab::figures;
using Catch::Matchers::ContainsSubstring;
using tests::batch_records;
using tests::batch_sweep;
using tests::write_run;

TEST_CASE("training_path: votes of the replicates", "[figures]") {
  core::Table table({"phase", "abstained"});
  for (const char* phase : {"bulk-decay", "heavy-tailed", "heavy-tailed"})
    table.add({phase, "false"});
  table.add({"bulk-decay", "true"});
  const Vote three = vote(table, {0, 1, 2});
  CHECK(three.phase == "heavy-tailed");
  CHECK(three.count == 2);
  CHECK_FALSE(three.unanimous());
  CHECK_FALSE(three.open());
  CHECK(vote(table, {0, 1}).phase == "bulk-decay");  // the earlier of two as frequent
  CHECK(vote(table, {1, 2}).unanimous());
  CHECK(vote(table, {3}).open());
  CHECK_FALSE(vote(table, {0, 3}).open());  // half is not most
  core::Table old({"phase"});
  old.add({"bulk-decay"});
  CHECK_FALSE(abstained(old, 0));
  CHECK_THROWS_AS(vote(table, {}), std::invalid_argument);
  CHECK_THROWS_WITH(phase_order("solid"), ContainsSubstring("'solid'"));
  CHECK(phase_order("rank-collapse") == 5);
}

TEST_CASE("training_path: axes", "[figures]") {
  const Axis log = axis_of({0, 0.001, 0.01, 0.1});
  CHECK(log.logarithmic);
  CHECK(log.place(0) == Approx(0.0001));
  CHECK(log.place(0.01) == 0.01);
  CHECK(log.left < 0.0001);
  CHECK(log.ticks.size() == 4);
  CHECK(log.ticks.front().second == "0");
  const Axis linear = axis_of({0, 0.2, 0.5, 0.8});
  CHECK_FALSE(linear.logarithmic);
  CHECK(linear.place(0) == 0);
  CHECK_FALSE(axis_of({-1, 100}).logarithmic);
  CHECK(axis_of({100, 101, 1000}).ticks[1].second.empty());  // no room for its label
  CHECK(axis_of({100, 999, 1000}).ticks[1].second.empty());  // nor here: the ends come first
  CHECK(axis_of({100, 999, 1000}).ticks[2].second == "1000");
  CHECK_THROWS_AS(axis_of({}), std::invalid_argument);
}

TEST_CASE("training_path: short texts of numbers", "[figures]") {
  CHECK(short_text(0) == "0");
  CHECK(short_text(0.06) == "0.06");
  CHECK(short_text(0.0003) == "3e-4");
  CHECK(short_text(-0.0001) == "-1e-4");
  CHECK(short_text(1000) == "1000");
  CHECK(short_text(21000) == "2e4");
  CHECK(short_text(3e12) == "3e12");
}

TEST_CASE("training_path: ways to an SGD time and the last rows", "[figures]") {
  const tests::TemporaryFolder folder;
  const auto path = write_run(
      folder, "run", R"({"zip": {"training.batch_size": [], "training.learning_rate": []}})",
      "training.batch_size,training.learning_rate,replicate,epoch,layer\n"
      "16,0.002,0,40,fc1\n"
      "16,0.002,0,80,fc1\n"
      "4,0.002,0,40,fc1\n"
      "16,0.008,0,40,fc1\n"
      "16,0.008,0,40,fc2\n");
  const auto run = open_training(path);
  const Rows rows = layer_rows(run, "fc1");
  CHECK(rows == Rows{0, 1, 2, 3});
  CHECK(final_rows(run, "fc1") == Rows{1, 2, 3});
  const Start start = start_of(run, rows);
  CHECK(start.batch_size == 16);
  CHECK(start.learning_rate == 0.002);
  CHECK(start.epoch == 40);
  CHECK(way_of(run, 0, start) == Way::none);
  CHECK(way_of(run, 1, start) == Way::epochs);
  CHECK(way_of(run, 2, start) == Way::batch);
  CHECK(way_of(run, 3, start) == Way::rate);
  CHECK_THROWS_WITH(layer_rows(run, "fc3"), ContainsSubstring("layer = fc3"));
}

TEST_CASE("training_path: the bound of the effective rank", "[figures]") {
  const tests::TemporaryFolder folder;
  const auto path =
      write_run(folder, "run", R"({"training.batch_size": [1, 16]})",
                "training.batch_size,replicate,layer,cols,sgd_time,train_accuracy,matrix_entropy\n"
                "0.5,0,fc1,128,12,0.9,1\n"
                "0.5,1,fc1,128,8,0.9,0.5\n"
                "16,0,fc1,128,12,0.9,0\n"
                "0.5,2,fc1,128,12,0.15,1\n");
  const auto run = open_training(path);
  const RankBound bound = rank_bound(run, 0);
  CHECK(bound.scale == Approx(0.5 * 0.1 / (0.002 * 0.5)));  // 50, below 64
  CHECK(bound.active);
  CHECK_FALSE(rank_bound(run, 1).active);  // decay S = 4: the start is not forgotten
  CHECK_FALSE(rank_bound(run, 2).active);  // 1600
  CHECK_FALSE(rank_bound(run, 3).active);  // as good as guessing
  CHECK(effective_rank(run.records(), 0) == Approx(128));
  CHECK(effective_rank(run.records(), 1) == Approx(std::sqrt(128.0)));
  CHECK(effective_rank(run.records(), 2) == Approx(1));
}

TEST_CASE("maps and paths: runs of another shape are refused", "[figures][errors]") {
  const tests::TemporaryFolder folder;
  const auto run =
      write_run(folder, "batch_size", batch_sweep, batch_records(2, "heavy-tailed", "false"));
  const auto map =
      tests::shell(fmt::format("{} {} {}", RMTLAB_FIG28, run.string(), folder.file("map")));
  CHECK(map.code == 1);
  CHECK_THAT(map.err, ContainsSubstring("sweeps 1 parameters"));
  const auto path = tests::shell(
      fmt::format("{} {} {}", RMTLAB_FIG31, folder.file("absent"), folder.file("path")));
  CHECK(path.code == 1);
  CHECK_THAT(path.err, ContainsSubstring("is not a run"));
}

TEST_CASE("maps: a cell has the vote of its replicates", "[figures]") {
  const tests::TemporaryFolder folder;
  std::string records =
      "training.batch_size,training.weight_decay,replicate,epoch,layer,stable_rank,ks_all,"
      "outlier_trace_fraction,lambda_max_over_lambda_plus,alpha,phase,abstained\n";
  const auto add = [&](const char* setting, int replicate, const char* rest) {
    records += fmt::format("{},{},40,fc1,{}\n", setting, replicate, rest);
  };
  for (int r = 0; r < 3; ++r) {
    add("64,0", r, "30,0.1,0.1,1.3,5,bleeding-out,false");
    add("64,0.01", r, "28,0.1,0.1,1.1,5,bleeding-out,false");
    add("1,0", r,
        r == 0 ? "20,0.2,0.4,5,2.5,bulk-decay,true" : "10,0.3,0.6,9,2.2,heavy-tailed,true");
    if (r > 0) add("1,0.01", r, "5,0.9,,,,rank-collapse,false");  // no bulk, no tail
  }
  const auto run =
      write_run(folder, "map",
                R"({"training.batch_size": [64, 1], "training.weight_decay": [0, 0.01]})", records);
  REQUIRE(
      tests::shell(fmt::format("{} {} {}", RMTLAB_FIG28, run.string(), folder.file("m"))).code ==
      0);
  for (const char* file : {"m.pdf", "m.png"})
    CHECK(std::filesystem::file_size(folder.file(file)) > 1000);
  const auto drawn = core::Table::read_csv(folder.file("m.csv"));
  CHECK(drawn.where("panel", "stable rank").size() == 5);  // four cells and one disagreement
  CHECK(drawn.where("series", "replicates disagree").size() == 4);  // three panels and the key
  const auto cells = core::Table::read_csv(folder.file("m_cells.csv"));
  REQUIRE(cells.size() == 4);  // from the large batch to the small, decay rising
  CHECK(cells.text(0, "phase") == "bleeding-out");
  CHECK(cells.text(0, "phase_at_ratio_1.2") == "bulk+spikes");
  CHECK(cells.text(1, "phase_at_ratio_1.2") == "bleeding-out");
  CHECK(cells.text(2, "training.batch_size") == "1");
  CHECK(cells.text(2, "phase") == "heavy-tailed");
  CHECK(cells.text(2, "replicates_of_phase") == "2");
  CHECK(cells.text(2, "replicates_abstained") == "3");
  CHECK(cells.number(2, "stable_rank") == 10);
  CHECK(cells.text(3, "replicates") == "2");
  CHECK(cells.text(3, "tail_exponent").empty());
}

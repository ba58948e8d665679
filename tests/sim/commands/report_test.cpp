// SPDX-License-Identifier: MIT
// rmtlab report: the page of a run that takes milliseconds.
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "sim/core/table.hpp"
#include "tests/catch.hpp"
#include "tests/sim/commands/program.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using tests::rmtlab_program;

namespace {

const char* const configuration =
    "experiment: universality\n"
    "seed: 1\n"
    "replicates: 3\n"
    "sweep:\n"
    "  ensemble.name: [gaussian, uniform]\n"
    "  shape.cols: [40, 60, 80]\n";

// A run of 18 tasks in `folder`/run; `arguments` are added to the command.
std::string small_run(const tests::TemporaryFolder& folder, const std::string& arguments = "") {
  const auto file = folder.write("small.yaml", configuration);
  const std::string run = folder.file("run");
  const auto outcome = rmtlab_program("run " + file + " --output " + run + ' ' + arguments);
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  return run;
}

// The page of a run, written beside it.
std::string page_of(const std::string& run, const std::string& output) {
  const auto outcome = rmtlab_program("report '" + run + "' -o '" + output + "'");
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  CHECK(outcome.out == output + '\n');
  return core::read_file(output);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// What is wrong with the nesting of the tags; empty if every one is closed in its place.
std::string nesting_error(const std::string& page) {
  std::vector<std::string> open;
  for (auto at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const auto end = page.find_first_of(" >\n", at);
    const std::string name = page.substr(at + 1, end - at - 1);
    if (name == "!DOCTYPE" || name == "meta" || name == "img") continue;
    if (name.front() != '/') {
      open.push_back(name);
      continue;
    }
    if (open.empty() || open.back() != name.substr(1))
      return fmt::format("<{}> at {} where {} is open", name, at,
                         open.empty() ? "nothing" : open.back());
    open.pop_back();
  }
  return open.empty() ? "" : open.back() + " is never closed";
}

}  // namespace

TEST_CASE("report: a self-contained page with everything in its order, the same bytes twice",
          "[commands][repro]") {
  const tests::TemporaryFolder folder;
  const std::string run = small_run(folder);
  const std::string page = page_of(run, folder.file("deep/page.html"));
  CHECK_THAT(page, StartsWith("<!DOCTYPE html>\n<html lang=\"en\">") && EndsWith("</html>\n") &&
                       ContainsSubstring("name=\"viewport\"") && ContainsSubstring("<title>run: "));
  CHECK(nesting_error(page).empty());
  CHECK(nesting_error("<main><p></main></p>") == "</main> at 9 where p is open");

  std::size_t last = 0;
  for (const char* part :
       {"<h1>", "Status: complete: 18 of 18 tasks done", "swept: shape.cols", "40, 60, 80",
        "<h2>Summary</h2>", "<h2>Pictures</h2>", "<h3>Along shape.cols</h3>", "line 2: uniform",
        "<h3>Spectra</h3>", "<h2>Configuration</h2>", "aspect_ratio: ", "<h2>Provenance</h2>",
        "BLAS kernel", "<h2>Records</h2>", "All 18 rows"}) {
    const auto at = page.find(part, last);
    INFO(part);
    REQUIRE(at != std::string::npos);
    last = at;
  }
  // The sweep and the spectra, both with a text for those who do not see them.
  CHECK(count(page, "<img src=\"data:image/png;base64,iVBORw0KGgo") == 2);
  CHECK(count(page, "\" alt=\"") == 2);
  CHECK(count(page, "</tr>\n") > 18);
  CHECK(page.size() < 3'000'000);

  // Nothing outside is needed, and nothing of this machine is told.
  for (const char* absent : {"http", "<script", "<link", "<a ", "@import", "url("}) {
    INFO(absent);
    CHECK(count(page, absent) == 0);
  }
  CHECK(count(page, folder.path().string()) == 0);

  CHECK(rmtlab_program("report " + run).out == run + "/report.html\n");
  CHECK(core::read_file(run + "/report.html") == page);
}

TEST_CASE("report: of a part of the run it says so and shows what there is", "[commands]") {
  const tests::TemporaryFolder folder;
  const std::string run = small_run(folder, "--shard 0/3");
  REQUIRE_FALSE(std::filesystem::exists(run + "/records.csv"));
  const auto outcome = rmtlab_program("report " + run);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.err, ContainsSubstring("is not finished: the report is about 6 of 18 tasks"));
  const std::string page = core::read_file(run + "/report.html");
  CHECK_THAT(page, ContainsSubstring("Status: partial: 6 of 18 tasks done, 0 failed, 12 left") &&
                       ContainsSubstring("All 6 rows") && ContainsSubstring("--resume"));
  CHECK(count(page, "data:image/png") == 2);  // the spectra are in the journal
  CHECK(nesting_error(page).empty());
}

TEST_CASE("report: a run without records yet has a page without pictures", "[commands]") {
  const tests::TemporaryFolder folder;
  const std::string run = folder.file("run");
  REQUIRE(rmtlab_program("run configs/smoke/training.yaml --time-limit 0 --output " + run).code ==
          75);
  const std::string page = page_of(run, folder.file("page.html"));
  CHECK_THAT(page, ContainsSubstring("Status: partial: 0 of 6 tasks done, 0 failed, 6 left") &&
                       ContainsSubstring("No task is done yet.") &&
                       ContainsSubstring("There are none yet."));
  CHECK(count(page, "<img") == 0);
  CHECK(nesting_error(page).empty());
}

TEST_CASE("report: texts of the run cannot become tags, commands or paths", "[commands][errors]") {
  const tests::TemporaryFolder folder;
  const std::string made = small_run(folder, "outputs=[]");
  const std::string run = folder.file("a <b> & 'c'");
  std::filesystem::rename(made, run);
  // A text, as CSV quotes it, with tags, quotes and a command for gnuplot.
  const std::string hostile = "<i>&'`touch " + folder.file("touched") + "`";
  core::write_atomically(run + "/records.csv",
                         replaced(core::read_file(run + "/records.csv"), "uniform", hostile));
  const std::string failure =
      "[{\"task\": 3, \"point\": \"x\", \"replicate\": 0, \"message\": \"cannot <open> "
      "/home/someone/data/x.npy\"}]";
  core::write_atomically(run + "/manifest.json",
                         replaced(replaced(core::read_file(run + "/manifest.json"),
                                           "\"failures\": []", "\"failures\": " + failure),
                                  "\"status\": \"complete\"", "\"status\": \"failed\""));
  const auto outcome = rmtlab_program("report \"" + run + '"');
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  const std::string page = core::read_file(run + "/report.html");
  CHECK_THAT(page, ContainsSubstring("<title>a &lt;b&gt; &amp; &#39;c&#39;: ") &&
                       ContainsSubstring("&lt;i&gt;&amp;&#39;`touch ") &&
                       ContainsSubstring("finished with failures") &&
                       ContainsSubstring("task 3: x replicate 0: cannot &lt;open&gt; x.npy"));
  CHECK(count(page, "<i>") + count(page, "<b>") + count(page, "<open>") == 0);
  CHECK(count(page, "/home/") == 0);
  CHECK(nesting_error(page).empty());
  CHECK_FALSE(std::filesystem::exists(folder.file("touched")));
}

TEST_CASE("report: panels show what follows the sweep before what does not", "[commands]") {
  const tests::TemporaryFolder folder;
  const std::string run = small_run(folder, "outputs=[]");
  // Beside the recorded columns: one that follows shape.cols with a spread over replicates, one that
  // does so in the same order, one that is the spread alone, one that the settings fix.
  const auto records = core::Table::read_csv(run + "/records.csv");
  auto columns = records.columns();
  for (const char* added : {"aimless", "fixed", "follows", "follows_too"})
    columns.emplace_back(added);
  core::Table more(columns);
  for (std::size_t row = 0; row < records.size(); ++row) {
    std::vector<std::string> cells;
    for (const auto& column : records.columns()) cells.push_back(records.text(row, column));
    const double cols = records.number(row, "shape.cols");
    const double spread = records.number(row, "replicate") + 0.1 * static_cast<double>(row % 2);
    cells.push_back(fmt::format("{}", spread));
    cells.push_back(fmt::format("{}", 2 * cols));
    cells.push_back(fmt::format("{}", cols + spread));
    cells.push_back(fmt::format("{}", 1 / (cols + spread)));
    more.add(cells);
  }
  core::write_atomically(run + "/records.csv", more.csv());
  const std::string page = page_of(run, folder.file("page.html"));
  const auto begin = page.find("\" alt=\"");
  const std::string alt = page.substr(begin, page.find("\">", begin) - begin);
  CHECK_THAT(alt, ContainsSubstring("panels along shape.cols: ") &&
                      ContainsSubstring("; follows from 41.1 to 81.1"));
  const auto follows = alt.find("; follows from"), aimless = alt.find("aimless from"),
             fixed = alt.find("fixed from");
  CHECK(follows < aimless);  // npos if there was no room for it
  CHECK(follows < fixed);
  CHECK(count(alt, "follows_too") == 0);
  CHECK_THAT(page, ContainsSubstring("follows_too (as follows)"));
}

TEST_CASE("report: a training is shown along its sweep, along its epochs, and with its spectra",
          "[commands][slow]") {
  const tests::TemporaryFolder folder;
  const std::string run = folder.file("run");
  REQUIRE(rmtlab_program("run configs/smoke/training.yaml --output " + run).code == 0);
  const std::string page = page_of(run, folder.file("page.html"));
  CHECK(count(page, "data:image/png") == 3);
  CHECK_THAT(page,
             ContainsSubstring("<h3>Along training.batch_size</h3>") &&
                 ContainsSubstring("the smallest to the largest of up to 2 rows. Of each task "
                                   "the last epoch is shown.") &&
                 ContainsSubstring("<h3>Along epoch</h3>") &&
                 ContainsSubstring("line 3: batch_size 100") &&
                 ContainsSubstring("shares of the values of phase; ") &&
                 ContainsSubstring("with the Marchenko-Pastur density: batch_size 1; "
                                   "batch_size 16; batch_size 100.") &&
                 ContainsSubstring("3 of the 3 kept for its first replicate"));
  CHECK(nesting_error(page).empty());
}

TEST_CASE("report: what cannot be reported is said with the way out", "[commands][errors]") {
  const tests::TemporaryFolder folder;
  const auto absent = rmtlab_program("report " + folder.file("absent"));
  CHECK(absent.code == 2);
  CHECK_THAT(absent.err, ContainsSubstring("absent is not a directory; a run is one"));
  const auto nothing = rmtlab_program("report " + folder.path().string());
  CHECK(nothing.code == 2);
  CHECK_THAT(nothing.err,
             ContainsSubstring("is not a run of rmtlab (no manifest.json); a run is what"));
  CHECK(rmtlab_program("report").code == 2);
  CHECK_THAT(rmtlab_program("report --help").out,
             ContainsSubstring("rmtlab report results/demo -o demo.html"));

  const std::string run = folder.file("run");
  REQUIRE(rmtlab_program("run configs/smoke/training.yaml --time-limit 0 --output " + run).code ==
          75);
  const auto directory = rmtlab_program("report " + run + " -o " + folder.path().string());
  CHECK(directory.code == 2);
  CHECK_THAT(directory.err, ContainsSubstring("is a directory; name the file: -o "));
  const auto unwritable = rmtlab_program("report " + run + " -o /proc/none/report.html");
  CHECK(unwritable.code == 1);
  CHECK_THAT(unwritable.err, ContainsSubstring("/proc/none"));
}

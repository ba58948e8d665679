// SPDX-License-Identifier: MIT
/// \file
/// \brief Micro-benchmarks. Each pair `<what>/ours` and `<what>/<peer>` runs the same work in the
/// same process; the table at the end prints peer / ours. The cases are in the other files of this
/// folder and register themselves.
///
/// Usage   OPENBLAS_NUM_THREADS=1 build/bin/rmtlab_bench [--benchmark_filter=REGEX]
#include <algorithm>
#include <cstdio>
#include <map>
#include <string>

#include <benchmark/benchmark.h>
#include <cblas.h>

namespace {

// Collects times and prints the ratios after the usual table.
class RatioReporter : public benchmark::ConsoleReporter {
public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const std::string name = run.benchmark_name();
      const auto slash = name.find('/');
      // An argument of the case follows after a second slash: it is no part of the name.
      const auto end = std::min(name.find('/', slash + 1), name.size());
      times_[name.substr(0, slash)][name.substr(slash + 1, end - slash - 1)] =
          run.GetAdjustedCPUTime();
    }
  }
  void print_ratios() const {
    std::printf("\n%-28s %-12s %s\n", "what", "peer", "peer / ours");
    for (const auto& [what, by_name] : times_)
      for (const auto& [name, time] : by_name)
        if (name != "ours" && by_name.contains("ours"))
          std::printf("%-28s %-12s %.2f\n", what.c_str(), name.c_str(), time / by_name.at("ours"));
  }

private:
  std::map<std::string, std::map<std::string, double>> times_;
};

}  // namespace

int main(int argc, char** argv) {
  openblas_set_num_threads(1);
  benchmark::Initialize(&argc, argv);
  RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.print_ratios();
  return 0;
}

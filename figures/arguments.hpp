// SPDX-License-Identifier: MIT
/// \file
/// \brief Command line of a figure program: where the run is and where the figure goes.
#pragma once

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

namespace rmtlab::figures {

/// Name of the program without its folder.
inline std::string program_name(char** argv) {
  return std::filesystem::path(argv[0]).filename().string();
}

/// Does the `work` of a program that writes `output`: an error ends as one line and exit code 1.
template <class Work>
int report(const std::string& program, const char* output, Work work) {
  try {
    work();
    std::printf("%s.png\n", output);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program.c_str(), error.what());
    return 1;
  }
}

/// `figNN_topic RUN OUTPUT`: reads the run directory, writes OUTPUT.pdf, .png and .csv.
/// `draw(run, stem)` does the work; errors end as one line and exit code 1, misuse as 2.
template <class Draw>
int figure_main(int argc, char** argv, Draw draw) {
  const std::string program = program_name(argv);
  if (argc != 3) {
    std::fprintf(stderr,
                 "usage: %s RUN OUTPUT\n  RUN     directory of a finished run\n"
                 "  OUTPUT  path without extension; .pdf, .png and .csv are written\n",
                 program.c_str());
    return 2;
  }
  return report(program, argv[2],
                [&] { draw(std::filesystem::path(argv[1]), std::filesystem::path(argv[2])); });
}

/// `figNN_topic OUTPUT`: a figure of laws alone, without a run. `draw(stem)` does the work.
template <class Draw>
int law_figure_main(int argc, char** argv, Draw draw) {
  const std::string program = program_name(argv);
  if (argc != 2) {
    std::fprintf(stderr,
                 "usage: %s OUTPUT\n"
                 "  OUTPUT  path without extension; .pdf, .png and .csv are written\n",
                 program.c_str());
    return 2;
  }
  return report(program, argv[1], [&] { draw(std::filesystem::path(argv[1])); });
}

}  // namespace rmtlab::figures

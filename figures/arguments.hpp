// SPDX-License-Identifier: MIT
/// \file
/// \brief Command line of a figure program: where the run is and where the figure goes.
#pragma once

#include <cstdio>
#include <exception>
#include <filesystem>

namespace rmtlab::figures {

/// `figNN_topic RUN OUTPUT`: reads the run directory, writes OUTPUT.pdf, .png and .csv.
/// `draw(run, stem)` does the work; errors end as one line and exit code 1, misuse as 2.
template <class Draw>
int figure_main(int argc, char** argv, Draw draw) {
  const std::filesystem::path program = std::filesystem::path(argv[0]).filename();
  if (argc != 3) {
    std::fprintf(stderr,
                 "usage: %s RUN OUTPUT\n  RUN     directory of a finished run\n"
                 "  OUTPUT  path without extension; .pdf, .png and .csv are written\n",
                 program.c_str());
    return 2;
  }
  try {
    draw(std::filesystem::path(argv[1]), std::filesystem::path(argv[2]));
    std::printf("%s.png\n", argv[2]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program.c_str(), error.what());
    return 1;
  }
}

}  // namespace rmtlab::figures

// SPDX-License-Identifier: MIT
#include "figures/gnuplot.hpp"

#include <stdexcept>

#include <gnuplot-iostream.h>

namespace rmtlab::figures {

void run_gnuplot(const std::string& script, const std::filesystem::path& output) {
  {
    Gnuplot gnuplot("gnuplot");  // the destructor waits for the program to end
    gnuplot << script << std::flush;
  }
  std::error_code error;
  if (!std::filesystem::exists(output) || std::filesystem::file_size(output, error) == 0)
    throw std::runtime_error("gnuplot wrote no " + output.extension().string() +
                             " file (is gnuplot with cairo installed? on Debian: gnuplot-nox)");
}

}  // namespace rmtlab::figures

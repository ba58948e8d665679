// SPDX-License-Identifier: MIT
/// \file
/// \brief The laws against the project's own rows of high precision, tests/reference/laws.csv.
///
/// Made by tests/reference/make_law_reference.cpp and by make_tracy_widom_table --reference.
#include <cmath>
#include <fstream>
#include <limits>

#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"
#include "theory/law_catalogue.hpp"

using namespace rmtlab;

namespace {

theory::NamedParameters parameters_from(const std::string& text) {
  theory::NamedParameters parameters;
  std::istringstream stream(text);
  for (std::string one; std::getline(stream, one, ';');) {
    const auto equals = one.find('=');
    parameters[one.substr(0, equals)] = one.substr(equals + 1);
  }
  return parameters;
}

}  // namespace

TEST_CASE("laws: the project's own rows of high precision", "[theory][accuracy]") {
  std::ifstream file(std::string(RMTLAB_SOURCE_DIR) + "/tests/reference/laws.csv");
  REQUIRE(file);
  std::string line;
  std::getline(file, line);
  REQUIRE(line == "law,parameters,x,cdf,sf");
  int rows = 0;
  while (std::getline(file, line)) {
    const auto fields = tests::split_at_commas(line);
    REQUIRE(fields.size() == 5);
    CAPTURE(line);
    const theory::Law law = theory::make_law(fields[0], parameters_from(fields[1]));
    const double x = std::stod(fields[2]), cdf = std::stod(fields[3]), sf = std::stod(fields[4]);
    CHECK(std::abs(law.cdf(x) - cdf) <= 2e-15);
    CHECK(std::abs(law.sf(x) - sf) <= 2e-15);
    // Relative accuracy in both tails; beside an edge one rounding of x costs more, and the rows hold
    // the double itself.
    CHECK(std::abs(law.sf(x) / sf - 1) <= 1e-12);
    CHECK(std::abs(law.cdf(x) / cdf - 1) <= 1e-12);
    // Negative control: the same bound refuses a value a little beside, where the law has any mass.
    if (cdf > 1e-6 && sf > 1e-6)
      CHECK(std::abs(law.cdf(x + 1e-9 * (1 + std::abs(x))) - cdf) > 2e-15);
    ++rows;
  }
  CHECK(rows >= 100);
}

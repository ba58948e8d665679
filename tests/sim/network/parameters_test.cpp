// SPDX-License-Identifier: MIT
#include "sim/network/parameters.hpp"

#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace rmtlab::network {
namespace {

TEST_CASE("parameters: shapes, size and names follow the widths", "[network]") {
  const Parameters<float> parameters({784, 128, 10});
  CHECK(parameters.layers() == 2);
  CHECK(parameters.weights(0).size() == std::size_t{784} * 128);
  CHECK(parameters.biases(0).size() == 128);
  CHECK(parameters.weights(1).size() == std::size_t{128} * 10);
  CHECK(parameters.size() == std::size_t{784} * 128 + 128 + 128 * 10 + 10);
  CHECK(layer_name(0) == "fc1");
  CHECK(widths_text(parameters.widths()) == "784-128-10");
  for (std::size_t l = 0; l < 2; ++l)
    CHECK(reinterpret_cast<std::uintptr_t>(parameters.weights(l).data()) % 64 == 0);
}

TEST_CASE("parameters: flat and assign are inverse, in the documented order", "[network]") {
  Parameters<double> parameters({2, 3, 2});
  std::vector<double> values(parameters.size());
  std::iota(values.begin(), values.end(), 0.0);
  parameters.assign(values);
  CHECK(parameters.flat() == values);
  CHECK(parameters.weights(0)[1 * 3 + 2] == 5);  // input 1, output 2
  CHECK(parameters.biases(0)[0] == 6);
  CHECK(parameters.weights(1)[0] == 9);
  CHECK(parameters.biases(1)[1] == 16);
}

TEST_CASE("parameters: refuse shapes that make no network", "[network][errors]") {
  CHECK_THROWS_AS(Parameters<float>({784}), std::invalid_argument);
  CHECK_THROWS_WITH(Parameters<float>({784, 0, 10}),
                    ContainsSubstring("Parameters: widths = 784-0-10 (must be two or more"));
  Parameters<float> parameters({2, 3});
  CHECK_THROWS_WITH(parameters.assign(std::vector<float>(8)),
                    ContainsSubstring("Parameters::assign: 8 values for the 9 of a network 2-3"));
}

}  // namespace
}  // namespace rmtlab::network

// SPDX-License-Identifier: MIT
#include "sim/core/array_file.hpp"

#include "sim/core/atomic_file.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace rmtlab;

namespace {

void write_sample(const std::filesystem::path& path) {
  core::ArrayFileWriter writer(path);
  const std::vector<float> weights(10000, 0.5F);
  writer.write("a=1/replicate=0", {"fc1/eigenvalues", {3}, std::vector<double>{1, 2, 0.1}});
  writer.write("a=1/replicate=0", {"fc1/initial_weights", {100, 100}, weights});
  writer.write("a=2/replicate=0", {"fc1/initial_weights", {100, 100}, weights});
  writer.close();
}

}  // namespace

TEST_CASE("array_file: arrays come back with shape and bits", "[core][property]") {
  const tests::TemporaryFolder folder;
  write_sample(folder.path() / "x.h5");
  const auto values = core::read_array(folder.path() / "x.h5", "a=1/replicate=0/fc1/eigenvalues");
  CHECK(values.shape == std::vector<std::size_t>{3});
  CHECK(values.values == std::vector<double>{1, 2, 0.1});
  const auto weights =
      core::read_array(folder.path() / "x.h5", "a=2/replicate=0/fc1/initial_weights");
  CHECK(weights.shape == std::vector<std::size_t>{100, 100});
  CHECK(weights.values[9999] == 0.5);
}

TEST_CASE("array_file: equal arrays are stored once", "[core]") {
  const tests::TemporaryFolder folder;
  write_sample(folder.path() / "x.h5");
  CHECK(std::filesystem::file_size(folder.path() / "x.h5") < 60000);  // one copy is 40000 bytes
}

TEST_CASE("array_file: equal contents give equal bytes", "[core][repro]") {
  const tests::TemporaryFolder folder;
  write_sample(folder.path() / "x.h5");
  write_sample(folder.path() / "y.h5");
  CHECK(core::read_file(folder.path() / "x.h5") == core::read_file(folder.path() / "y.h5"));
}

TEST_CASE("array_file: a missing array is named", "[core][errors]") {
  const tests::TemporaryFolder folder;
  write_sample(folder.path() / "x.h5");
  CHECK_THROWS_WITH(core::read_array(folder.path() / "x.h5", "nothing"),
                    Catch::Matchers::ContainsSubstring("cannot find 'nothing' in"));
}

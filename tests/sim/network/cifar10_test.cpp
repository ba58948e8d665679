// SPDX-License-Identifier: MIT
#include "sim/network/cifar10.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace rmtlab::network {
namespace {

// A record whose pixel is value(channel, row, column).
template <class Value>
std::string image(int label, Value&& value) {
  std::string bytes(1, static_cast<char>(label));
  for (int channel = 0; channel < 3; ++channel)
    for (int row = 0; row < 32; ++row)
      for (int column = 0; column < 32; ++column)
        bytes.push_back(static_cast<char>(value(channel, row, column)));
  return bytes;
}

std::string constant(int label, int pixel) {
  return image(label, [&](int, int, int) { return pixel; });
}

TEST_CASE("cifar10: crop, order and standardisation of one image", "[network]") {
  const tests::TemporaryFolder folder;
  // The border, which must not be seen, is bright; inside, red is 0 but for one pixel.
  const auto pixel = [](int channel, int row, int column) {
    if (row < 2 || row > 29 || column < 2 || column > 29) return 255;
    if (channel == 0) return row == 2 && column == 4 ? 51 : 0;
    return channel == 1 ? 102 : 204;
  };
  const Cifar10Images images =
      read_cifar10(folder.write("a.bin", image(7, pixel) + image(7, pixel)));
  REQUIRE(images.count() == 2);
  const DataSplit data = split_cifar10(images, {1, 1}, core::Stream(1));
  CHECK(data.train.dimension == 2352);
  CHECK(data.train.classes == 10);
  CHECK(data.train.labels == std::vector<Label>{7});
  CHECK(data.train.inputs == data.test.inputs);
  const auto x = data.train.input(0);

  // In units of 1/5: 784 pixels of 0 (one of 1), of 2 and of 4.
  const double mean = (1 + 784 * 2 + 784 * 4) / 2352.0;
  const double square = (1 + 784 * 4 + 784 * 16) / 2352.0;
  const double deviation = std::sqrt(square - mean * mean);
  const auto expected = [&](double value) { return (value - mean) / deviation; };
  CHECK_THAT(x[0], WithinAbs(expected(0), 1e-6));  // row 2, column 2: red
  CHECK_THAT(x[1], WithinAbs(expected(2), 1e-6));  // green
  CHECK_THAT(x[2], WithinAbs(expected(4), 1e-6));  // blue
  CHECK_THAT(x[6], WithinAbs(expected(1), 1e-6));  // row 2, column 4: red
  double sum = 0, norm2 = 0;
  for (const float value : x) {
    sum += double(value);
    norm2 += double(value) * double(value);
  }
  CHECK_THAT(sum, WithinAbs(0, 1e-3));
  CHECK_THAT(norm2, WithinAbs(2352, 1e-2));
}

TEST_CASE("cifar10: an image of one colour is zero, not infinite", "[network][limit]") {
  const tests::TemporaryFolder folder;
  const Cifar10Images images =
      read_cifar10(folder.write("a.bin", constant(0, 77) + constant(1, 200)));
  const DataSplit data = split_cifar10(images, {1, 1}, core::Stream(1));
  // The mean of d numbers below 1 is off by at most d eps/2, and that is divided by 1/sqrt(d).
  for (const Dataset* part : {&data.train, &data.test}) {
    const auto [low, high] = std::minmax_element(part->inputs.begin(), part->inputs.end());
    CHECK(std::max(-*low, *high) < 2352 * 1.2e-16 * std::sqrt(2352.0));
  }
  // A single deviating pixel of one grey level: the floor 1/sqrt(d) of the deviation acts.
  const auto spot = [](int channel, int row, int column) {
    return channel == 0 && row == 10 && column == 10 ? 78 : 77;
  };
  const Cifar10Images spots = read_cifar10(folder.write("b.bin", image(0, spot) + image(0, spot)));
  const DataSplit split = split_cifar10(spots, {1, 1}, core::Stream(1));
  const float largest = *std::max_element(split.train.inputs.begin(), split.train.inputs.end());
  CHECK_THAT(largest, WithinAbs((1 - 1.0 / 2352) / 255 * std::sqrt(2352.0), 1e-6));
}

TEST_CASE("cifar10: training and test images are different ones, by the stream",
          "[network][repro]") {
  const tests::TemporaryFolder folder;
  std::string bytes;
  for (int i = 0; i < 10; ++i) bytes += image(i, [&](int c, int r, int k) { return c + r + k; });
  const Cifar10Images images = read_cifar10(folder.write("a.bin", bytes));
  const auto labels = [&](std::uint64_t seed) {
    const DataSplit data = split_cifar10(images, {6, 4}, core::Stream(seed));
    std::vector<Label> all = data.train.labels;
    all.insert(all.end(), data.test.labels.begin(), data.test.labels.end());
    return all;
  };
  CHECK(labels(1) == labels(1));
  CHECK(labels(1) != labels(2));
  auto sorted = labels(1);
  std::sort(sorted.begin(), sorted.end());
  CHECK(sorted == std::vector<Label>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("cifar10: damaged files are refused with the byte", "[network][errors]") {
  const tests::TemporaryFolder folder;
  const std::string two = constant(3, 1) + constant(4, 2);
  CHECK_THROWS_WITH(read_cifar10(folder.write("cut.bin", two.substr(0, 4000))),
                    ContainsSubstring("cut.bin: ends at byte 4000, within the image of 3073 bytes "
                                      "at byte 3073"));
  CHECK_THROWS_WITH(read_cifar10(folder.write("label.bin", two + constant(10, 0))),
                    ContainsSubstring("label 10 at byte 6146 (must be < 10 classes)"));
  CHECK_THROWS_WITH(read_cifar10(folder.write("empty.bin", "")), ContainsSubstring("is empty"));
  CHECK_THROWS_WITH(read_cifar10(folder.file("absent.bin")),
                    ContainsSubstring("absent.bin: cannot be opened"));
  CHECK_THROWS_WITH(read_cifar10(folder.path()), ContainsSubstring("is a directory"));
  const Cifar10Images images = read_cifar10(folder.write("two.bin", two));
  CHECK_THROWS_WITH(
      split_cifar10(images, {2, 1}, core::Stream(1)),
      ContainsSubstring("has 2 images, train_samples = 2 and test_samples = 1 need 3"));
  CHECK_THROWS_AS(split_cifar10(images, {0, 1}, core::Stream(1)), std::domain_error);
}

}  // namespace
}  // namespace rmtlab::network

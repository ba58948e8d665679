// SPDX-License-Identifier: MIT
// The data sets of the experiment `training`, through the experiment and from files.
#include "sim/experiments/training_data.hpp"

#include <limits>

#include "sim/io/npz.hpp"
#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;

namespace {

using experiments::DataKind;
using experiments::DataParameters;
using experiments::make_data;

core::Configuration load(const std::string& data, const std::string& rest = "",
                         const std::string& epochs = "1") {
  return tests::load_experiment("training",
                                rest + "parameters:\n  data: {" + data +
                                    "}\n  network: {hidden_widths: [50]}\n"
                                    "  training: {batch_size: 32, learning_rate: 1e-3, epochs: " +
                                    epochs + "}\n");
}

// Of the initial network, which is the same along a sweep: a function of the test set.
double initial_loss(const core::Configuration& c, std::size_t point) {
  const auto result = tests::run_task(c, point, 0);
  REQUIRE(result.rows.size() == 1);
  return tests::number(result.rows[0], "test_loss");
}

const std::string small =
    "train_samples: 90, test_samples: 40, input_dimension: 60, input_norm2: 20, classes: 3, ";

// `count` images of 2 x 3 pixels and labels k mod 3, as an archive.
std::vector<io::NamedArray> images(std::uint64_t count, const std::string& part) {
  io::NpyArray x{{count, 2, 3}, std::vector<std::uint8_t>()},
      y{{count}, std::vector<std::uint8_t>()};
  for (std::uint64_t k = 0; k < count; ++k) {
    for (std::uint64_t i = 0; i < 6; ++i)
      std::get<std::vector<std::uint8_t>>(x.values).push_back(
          static_cast<std::uint8_t>(37 * k + 11 * i * i));
    std::get<std::vector<std::uint8_t>>(y.values).push_back(static_cast<std::uint8_t>(k % 3));
  }
  return {{"x_" + part, x}, {"y_" + part, y}};
}

DataParameters from_archive(const std::string& path) {
  DataParameters data;
  data.kind = DataKind::npz;
  data.images = path;
  data.teacher.train_samples = 12;
  data.teacher.test_samples = 5;
  data.teacher.classes = 3;
  return data;
}

std::string big_endian(const std::vector<std::uint32_t>& numbers) {
  std::string bytes;
  for (const std::uint32_t number : numbers)
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(number >> shift);
  return bytes;
}

std::string text(const io::NpyArray& array) {
  const auto& values = std::get<std::vector<std::uint8_t>>(array.values);
  return {values.begin(), values.end()};
}

}  // namespace

TEST_CASE("training data: every synthetic kind runs through the experiment", "[experiments]") {
  const std::vector<std::string> kinds = {
      "kind: gaussian_mixture, clusters: 2, snr: 5",
      "kind: gaussian_mixture, snr: 5, covariance: toeplitz, correlation: 0.9",
      "kind: single_index, snr: 3",
      "kind: teacher, snr: 3, covariance: toeplitz",
  };
  for (const auto& kind : kinds) {
    CAPTURE(kind);
    const auto c = load(small + kind);
    const auto result = tests::run_task(c, 0, 0);
    REQUIRE(result.rows.size() == 1);
    CHECK(tests::cell(result.rows[0], "rows") == core::Value(std::int64_t{60}));
    CHECK(result.rows == tests::run_task(c, 0, 0).rows);
  }
  const auto c = load("kind: modular_addition, classes: 31, train_share: 0.4, input_norm2: 2");
  const auto result = tests::run_task(c, 0, 0);
  REQUIRE(result.rows.size() == 1);
  CHECK(tests::cell(result.rows[0], "rows") == core::Value(std::int64_t{62}));
  // round(0.4 * 961) = 384 pairs in batches of 32.
  CHECK(tests::cell(result.rows[0], "steps") == core::Value(std::int64_t{12}));
}

TEST_CASE("training data: settings matter where they apply, and only there", "[experiments]") {
  const auto differ = [](const std::string& data, const std::string& swept) {
    const auto c = load(small + data, "sweep: {" + swept + "}\n", "0");
    return initial_loss(c, 0) != initial_loss(c, 1);
  };
  CHECK(differ("kind: teacher", "data.snr: [0, 1]"));
  CHECK(differ("kind: teacher", "data.covariance: [power_law, toeplitz]"));
  CHECK(differ("kind: teacher, covariance: toeplitz", "data.correlation: [0.1, 0.5]"));
  CHECK_FALSE(differ("kind: teacher", "data.correlation: [0.1, 0.5]"));
  CHECK_FALSE(differ("kind: teacher, covariance: toeplitz", "data.covariance_exponent: [0, 2]"));
  CHECK_FALSE(differ("kind: teacher", "data.clusters: [1, 2]"));
  CHECK(differ("kind: gaussian_mixture, snr: 2", "data.clusters: [1, 2]"));
  CHECK(differ("kind: gaussian_mixture", "data.snr: [1, 2]"));
  CHECK_FALSE(differ("kind: gaussian_mixture, snr: 2", "data.teacher_hidden: [8, 16]"));
  CHECK(differ("kind: single_index", "data.snr: [0, 2]"));
}

TEST_CASE("training data: what does not fit together is refused", "[experiments][errors]") {
  CHECK_THROWS_WITH(
      load("kind: gaussian_mixture"),
      ContainsSubstring("data.snr' is needed for data.kind gaussian_mixture (must be > 0)"));
  CHECK_THROWS_WITH(load("kind: modular_addition, classes: 600"),
                    ContainsSubstring("must be at most 512 for data.kind modular_addition"));
  CHECK_THROWS_WITH(load("kind: npz"),
                    ContainsSubstring("is needed for data.kind npz and not set"));
  CHECK_THROWS_WITH(load("covariance: toeplitz, correlation: 1"),
                    ContainsSubstring("'parameters.data.correlation' must be"));
  CHECK_THROWS_WITH(load("kind: gaussian_mixtures"),
                    ContainsSubstring("did you mean 'gaussian_mixture'?"));
}

TEST_CASE("training data: an archive gives the same samples as IDX files", "[experiments]") {
  const tests::TemporaryFolder folder;
  const auto arrays = images(20, "train");
  io::write_npz(folder.file("a.npz"), arrays);
  DataParameters data = from_archive(folder.file("a.npz"));
  const auto found = make_data(data, core::Stream(151));
  data.kind = DataKind::idx;
  data.images = folder.write("i", big_endian({2051, 20, 2, 3}) + text(arrays[0].array));
  data.labels = folder.write("l", big_endian({2049, 20}) + text(arrays[1].array));
  const auto expected = make_data(data, core::Stream(151));
  CHECK(found.train.inputs == expected.train.inputs);
  CHECK(found.train.labels == expected.train.labels);
  CHECK(found.test.inputs == expected.test.inputs);
  CHECK(found.test.labels == expected.test.labels);
  CHECK(make_data(data, core::Stream(152)).train.inputs != expected.train.inputs);
}

TEST_CASE("training data: an archive's test part is used, labels may be a column",
          "[experiments]") {
  const tests::TemporaryFolder folder;
  auto arrays = images(12, "train");
  const auto test = images(6, "test");
  arrays.insert(arrays.end(), test.begin(), test.end());
  // The test labels are all 2, so that one can see where they come from.
  arrays[3].array = {{6, 1}, std::vector<std::int64_t>(6, 2)};
  io::write_npz(folder.file("a.npz"), arrays);
  const auto data = make_data(from_archive(folder.file("a.npz")), core::Stream(153));
  CHECK(data.train.samples() == 12);
  CHECK(data.test.labels == std::vector<network::Label>(5, 2));
  CHECK(data.train.dimension == 6);
  CHECK(std::abs(network::mean_norm2(data.train) - 96.04) < 1e-4);  // rounding of floats

  const auto c = load("kind: npz, train_samples: 12, test_samples: 5, classes: 3, images: " +
                      folder.file("a.npz"));
  CHECK_THROWS_WITH(tests::run_task(c, 0, 0),
                    ContainsSubstring("no layer has min(N, M) >= 50"));  // 6 inputs are too few
}

TEST_CASE("training data: damaged or unfit archives are refused by array",
          "[experiments][errors]") {
  const tests::TemporaryFolder folder;
  const auto refused = [&](auto change, const std::string& message) {
    auto arrays = images(20, "train");
    change(arrays);
    io::write_npz(folder.file("a.npz"), arrays);
    CAPTURE(message);
    CHECK_THROWS_WITH(make_data(from_archive(folder.file("a.npz")), core::Stream(1)),
                      ContainsSubstring(message));
  };
  using Arrays = std::vector<io::NamedArray>;
  refused([](Arrays& a) { a[0].name = "X_train"; },
          "a.npz: has no array 'x_train'; did you mean 'X_train'?");
  refused([](Arrays& a) { a[0].name = "pictures"; },
          "a.npz: has no array 'x_train' (it has pictures, y_train)");
  refused(
      [](Arrays& a) {
        a.push_back({"y_test", a[1].array});
      },
      "a.npz: has no array 'x_test' (it has x_train, y_train, y_test)");
  refused(
      [](Arrays& a) {
        a[0].array = {{20}, std::vector<float>(20)};
      },
      "a.npz: x_train: has shape (20,) (must be (samples, ...), of two dimensions or more");
  refused(
      [](Arrays& a) {
        a[0].array.shape = {0, 6}, a[0].array.values = std::vector<float>();
      },
      "a.npz: x_train: has shape (0, 6)");
  refused(
      [](Arrays& a) {
        a[1].array = {{19}, std::vector<std::uint8_t>(19)};
      },
      "a.npz: y_train: has shape (19,) (must be (20,) or (20, 1), as there are samples)");
  refused(
      [](Arrays& a) {
        a[1].array = {{20, 3}, std::vector<std::uint8_t>(60)};
      },
      "a.npz: y_train: has shape (20, 3)");
  refused(
      [](Arrays& a) {
        a[1].array = {{20}, std::vector<double>(20)};
      },
      "a.npz: y_train: has element type <f8 (must be whole numbers)");
  refused(
      [](Arrays& a) {
        std::vector<std::int64_t> y(20);
        y[4] = -1;
        a[1].array = {{20}, y};
      },
      "a.npz: y_train: label -1 of sample 4 (must be >= 0 and < 3 classes)");
  refused(
      [](Arrays& a) {
        a[1].array = {{20}, std::vector<std::uint8_t>(20, 3)};
      },
      "a.npz: y_train: label 3 of sample 0 (must be >= 0 and < 3 classes)");
  refused(
      [](Arrays& a) {
        std::vector<float> x(60);
        x[3 * 7 + 2] = std::numeric_limits<float>::quiet_NaN();
        a[0].array = {{20, 3}, x};
      },
      "a.npz: x_train: sample 7, number 2 (from 0) is nan (must be finite)");
  refused(
      [](Arrays& a) {
        a[0].array = {{20, 3}, std::vector<float>(60, 0.1F)};
      },
      "a.npz: x_train: the 12 training samples are all equal");
  refused([](Arrays& a) { a = images(16, "train"); },
          "a.npz: x_train has 16 samples, train_samples = 12 and test_samples = 5 need 17");
  const std::string cut = folder.write("cut.npz", "PK\x03\x04 and so on");
  CHECK_THROWS_WITH(make_data(from_archive(cut), core::Stream(1)),
                    ContainsSubstring("cut.npz: ends at byte 14 without the directory"));
  CHECK_THROWS_WITH(make_data(from_archive(folder.file("absent.npz")), core::Stream(1)),
                    ContainsSubstring("absent.npz: cannot be read"));
}

// SPDX-License-Identifier: MIT
#include "sim/experiments/training_data.hpp"

#include <cmath>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/io/file_bytes.hpp"
#include "sim/io/npz.hpp"
#include "sim/network/cifar10.hpp"
#include "sim/network/gaussian_mixture.hpp"
#include "sim/network/idx.hpp"
#include "sim/network/modular_addition.hpp"
#include "sim/network/sample_table.hpp"
#include "sim/network/single_index.hpp"

namespace rmtlab::experiments {

using core::at_least;
using core::non_negative;
using core::positive;

namespace {

void declare_gaussian_inputs(core::Schema& schema, DataParameters& data) {
  using network::Covariance;
  auto& law = data.teacher;
  schema.integer("input_dimension", law.input_dimension, at_least(1),
                 "Gaussian inputs (teacher, gaussian_mixture, single_index): their number d");
  schema.choice<Covariance>(
      "covariance", law.covariance,
      {{"power_law", Covariance::power_law}, {"toeplitz", Covariance::toeplitz}},
      "Gaussian inputs: independent with falling variances, or equal variances and correlation "
      "rho^|i-j|; gaussian_mixture: within a cluster");
  schema.number("covariance_exponent", law.covariance_exponent, non_negative(),
                "power_law: the variance of input i is proportional to i^-a; natural images have "
                "a near 1, 0 is white noise");
  schema.number("correlation", law.correlation,
                core::Bounds{.lower = -1, .upper = 1, .open_lower = true, .open_upper = true},
                "toeplitz: rho");
  schema.number("snr", law.snr, non_negative(),
                "signal to noise: teacher, single_index: variance of output or projection over "
                "that of noise added before the label is taken, 0 means no noise; "
                "gaussian_mixture: squared distance of the means from their centre over the "
                "variance along it within a cluster, must be > 0");
}

void declare_files(core::Schema& schema, DataParameters& data) {
  schema.text(
      "images", data.images, "a path",
      "idx: file of images, plain or .gz; cifar10: file of the binary version; npz: archive "
      "with x_train, y_train and perhaps x_test, y_test");
  schema.text("labels", data.labels, "a path", "idx: file of labels, plain or .gz");
}

const char* name_of(DataKind kind) {
  switch (kind) {
    case DataKind::teacher:
      return "teacher";
    case DataKind::gaussian_mixture:
      return "gaussian_mixture";
    case DataKind::single_index:
      return "single_index";
    case DataKind::modular_addition:
      return "modular_addition";
    case DataKind::idx:
      return "idx";
    case DataKind::cifar10:
      return "cifar10";
    case DataKind::npz:
      return "npz";
  }
  return "";
}

network::ModularAdditionConfig modular_addition(const DataParameters& data) {
  return {data.teacher.classes, data.train_share, data.teacher.input_norm2};
}

network::SplitConfig split_config(const DataParameters& data) {
  return {data.teacher.train_samples, data.teacher.test_samples, data.teacher.input_norm2,
          data.teacher.classes};
}

// One array of an archive, shared by the functions that read its rows.
struct Array {
  std::string label;
  std::string bytes;
  io::NpyHeader header;

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(fmt::format("{}: {}", label, what));
  }
};

bool is_known_array(const std::string& name) {
  return name == "x_train" || name == "y_train" || name == "x_test" || name == "y_test";
}

std::shared_ptr<const Array> read_array(const io::NpzFile& archive, const std::string& name) {
  if (!archive.contains(name)) {
    std::vector<std::string> others = archive.names();
    std::erase_if(others, is_known_array);
    const auto similar = core::similar_names(name, others);
    if (!similar.empty())
      throw std::runtime_error(fmt::format("{}: has no array '{}'; did you mean '{}'?",
                                           archive.name(), name, similar.front()));
  }
  auto array = std::make_shared<Array>();
  array->label = archive.label(name);
  array->bytes = archive.read(name);
  array->header = io::parse_npy_header(array->bytes, array->label);
  return array;
}

// Numbers in a sample.
std::size_t sample_size(const Array& x) {
  const auto& shape = x.header.shape;
  std::size_t size = 1;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) size *= shape[axis];
  if (shape.size() < 2 || shape[0] == 0 || size == 0)
    x.fail(
        fmt::format("has shape {} (must be (samples, ...), of two dimensions or more, not empty)",
                    io::shape_text(shape)));
  return size;
}

void check_finite(const Array& x, std::size_t dimension) {
  if (io::is_integer(x.header)) return;
  std::vector<double> row(dimension);
  for (std::size_t s = 0; s < x.header.shape[0]; ++s) {
    io::npy_row(x.bytes, x.header, s, row);
    for (std::size_t i = 0; i < dimension; ++i)
      if (!std::isfinite(row[i]))
        x.fail(fmt::format("sample {}, number {} (from 0) is {} (must be finite)", s, i, row[i]));
  }
}

std::vector<network::Label> read_classes(const Array& y, std::size_t samples, std::size_t classes) {
  const auto& shape = y.header.shape;
  const bool is_list = shape.size() == 1 || (shape.size() == 2 && shape[1] == 1);
  if (!is_list || shape[0] != samples)
    y.fail(fmt::format("has shape {} (must be ({},) or ({}, 1), as there are samples)",
                       io::shape_text(shape), samples, samples));
  if (!io::is_integer(y.header))
    y.fail(fmt::format("has element type {} (must be whole numbers)", y.header.dtype));
  std::vector<network::Label> labels;
  labels.reserve(samples);
  for (std::size_t s = 0; s < samples; ++s) {
    double label = 0;
    io::npy_row(y.bytes, y.header, s, {&label, 1});
    if (!(label >= 0 && label < static_cast<double>(classes)))
      y.fail(
          fmt::format("label {} of sample {} (must be >= 0 and < {} classes)", label, s, classes));
    labels.push_back(static_cast<network::Label>(label));
  }
  return labels;
}

// `part` is "train" or "test".
network::SampleTable read_part(const io::NpzFile& archive, const std::string& part,
                               std::size_t classes) {
  const auto x = read_array(archive, "x_" + part), y = read_array(archive, "y_" + part);
  network::SampleTable table{x->label, "samples", sample_size(*x), {}, {}};
  check_finite(*x, table.dimension);
  table.labels = read_classes(*y, x->header.shape[0], classes);
  table.read = [x](std::size_t row, std::span<double> values) {
    io::npy_row(x->bytes, x->header, row, values);
  };
  return table;
}

network::DataSplit read_npz_data(const DataParameters& data, const core::Stream& stream) {
  const std::string bytes = io::read_bytes(data.images);
  const io::NpzFile archive(bytes, io::display_name(data.images));
  const network::SplitConfig config = split_config(data);
  const network::SampleTable train = read_part(archive, "train", config.classes);
  if (!archive.contains("x_test") && !archive.contains("y_test"))
    return network::split_table(train, config, stream);
  return network::split_tables(train, read_part(archive, "test", config.classes), config, stream);
}

// The images first, so that they are what a message names if both files are absent.
network::DataSplit read_idx_data(const DataParameters& data, const core::Stream& stream) {
  const auto images = network::read_idx_images(data.images);
  const auto labels = network::read_idx_labels(data.labels);
  return network::split_idx(images, labels, split_config(data), stream);
}

// Without label noise.
network::DataSplit clean_data(const DataParameters& data, const core::Stream& stream) {
  const network::SyntheticConfig& synthetic = data.teacher;
  switch (data.kind) {
    case DataKind::teacher:
      return network::make_teacher(data.teacher, stream);
    case DataKind::gaussian_mixture:
      return network::make_gaussian_mixture({synthetic, data.clusters}, stream);
    case DataKind::single_index:
      return network::make_single_index(synthetic, stream);
    case DataKind::modular_addition:
      return network::make_modular_addition(modular_addition(data), stream);
    case DataKind::idx:
      return read_idx_data(data, stream);
    case DataKind::cifar10:
      return network::split_cifar10(network::read_cifar10(data.images),
                                    {data.teacher.train_samples, data.teacher.test_samples},
                                    stream);
    case DataKind::npz:
      return read_npz_data(data, stream);
  }
  return {};
}

}  // namespace

void declare_data(core::Schema& schema, DataParameters& data) {
  schema.choice<DataKind>("kind", data.kind,
                          {{"teacher", DataKind::teacher},
                           {"gaussian_mixture", DataKind::gaussian_mixture},
                           {"single_index", DataKind::single_index},
                           {"modular_addition", DataKind::modular_addition},
                           {"idx", DataKind::idx},
                           {"cifar10", DataKind::cifar10},
                           {"npz", DataKind::npz}},
                          "synthetic: teacher, labelled by a fixed random network; "
                          "gaussian_mixture, classes of Gaussian clusters; single_index, labelled "
                          "by quantiles of one projection; modular_addition, (a + b) mod K of two "
                          "numbers, one-hot. From files: idx, MNIST's format; cifar10, 28 x 28 "
                          "crops, each image standardised; npz, NumPy's arrays");
  schema.integer("train_samples", data.teacher.train_samples, at_least(1),
                 "samples to learn from (modular_addition: see train_share)");
  schema.integer("test_samples", data.teacher.test_samples, at_least(1),
                 "samples to judge by (modular_addition: all the rest)");
  schema.number("input_norm2", data.teacher.input_norm2, positive(),
                "all but cifar10: mean of ||x||^2, for idx and npz after centring; it sets the "
                "largest stable learning rate; modular_addition: 2 gives zeros and ones");
  schema.integer("classes", data.teacher.classes, core::between(2, 65536),
                 "number of classes K; modular_addition: the modulus, at most 512");
  declare_gaussian_inputs(schema, data);
  schema.integer("teacher_hidden", data.teacher.hidden, at_least(1),
                 "teacher: hidden units of the labelling network");
  schema.number("zipf", data.teacher.zipf, non_negative(),
                "teacher: handicap zipf ln(k + 1) of class k; 0 gives classes of equal size");
  schema.integer("clusters", data.clusters, at_least(1), "gaussian_mixture: clusters per class");
  schema.number("train_share", data.train_share,
                core::Bounds{.lower = 0, .upper = 1, .open_lower = true, .open_upper = true},
                "modular_addition: share of the K^2 pairs to learn from");
  schema.number("label_noise", data.label_noise, core::between(0, 1),
                "share of the training samples that get a random class; 1: random labels");
  declare_files(schema, data);
}

std::vector<std::pair<std::string, std::string>> data_files(const DataParameters& data) {
  if (data.kind == DataKind::idx)
    return {{"data.images", data.images}, {"data.labels", data.labels}};
  if (data.kind == DataKind::cifar10 || data.kind == DataKind::npz)
    return {{"data.images", data.images}};
  return {};
}

void complain_about_data(const DataParameters& data, std::vector<core::Complaint>& list) {
  for (const auto& [path, file] : data_files(data))
    if (file.empty())
      list.push_back({path,
                      fmt::format("is needed for data.kind {} and not set", name_of(data.kind)),
                      {fmt::format("give it on the command line: {}=PATH", path)},
                      true});
  const std::size_t classes = data.teacher.classes;
  if (data.kind == DataKind::cifar10 && classes != network::Cifar10Images::classes)
    list.push_back({"data.classes", "must be 10 for data.kind cifar10", {}});
  if (data.kind == DataKind::idx && classes > 256)
    list.push_back({"data.classes", "must be at most 256 for data.kind idx", {}});
  if (data.kind == DataKind::modular_addition && classes > network::modular_addition_limit)
    list.push_back({"data.classes",
                    fmt::format("must be at most {} for data.kind modular_addition",
                                network::modular_addition_limit),
                    {"the inputs of all pairs take 8 K^3 bytes"}});
  if (data.kind == DataKind::gaussian_mixture && !(data.teacher.snr > 0))
    list.push_back({"data.snr",
                    "is needed for data.kind gaussian_mixture (must be > 0) and not set",
                    {"for labels that say nothing set label_noise: 1"}});
}

std::size_t train_samples(const DataParameters& data) {
  return data.kind == DataKind::modular_addition
             ? network::modular_addition_samples(modular_addition(data))
             : data.teacher.train_samples;
}

std::optional<std::size_t> input_dimension(const DataParameters& data) {
  switch (data.kind) {
    case DataKind::teacher:
    case DataKind::gaussian_mixture:
    case DataKind::single_index:
      return data.teacher.input_dimension;
    case DataKind::modular_addition:
      return 2 * data.teacher.classes;
    case DataKind::cifar10:
      return 2352;
    case DataKind::idx:
    case DataKind::npz:
      return std::nullopt;
  }
  return std::nullopt;
}

network::DataSplit make_data(const DataParameters& data, const core::Stream& stream) {
  network::DataSplit split = clean_data(data, stream);
  if (data.label_noise > 0)
    network::randomise_labels(split.train, data.label_noise, stream.child("label_noise"));
  return split;
}

}  // namespace rmtlab::experiments

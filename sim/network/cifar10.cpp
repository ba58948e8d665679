// SPDX-License-Identifier: MIT
#include "sim/network/cifar10.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

using Images = Cifar10Images;
constexpr std::size_t record = 1 + Images::pixels_per_image;  // bytes
constexpr std::size_t border = 2, crop = Images::side - 2 * border;
constexpr std::size_t dimension = crop * crop * Images::channels;

// Appends the inputs of one image.
void append(const std::uint8_t* pixels, std::vector<float>& inputs) {
  std::array<double, dimension> x;
  double mean = 0;
  std::size_t at = 0;
  for (std::size_t row = border; row < border + crop; ++row)
    for (std::size_t column = border; column < border + crop; ++column)
      for (std::size_t channel = 0; channel < Images::channels; ++channel) {
        x[at] = pixels[(channel * Images::side + row) * Images::side + column] / 255.0;
        mean += x[at++] / dimension;
      }
  double variance = 0;
  for (const double value : x) variance += (value - mean) * (value - mean) / dimension;
  const double deviation = std::max(std::sqrt(variance), 1 / std::sqrt(double{dimension}));
  for (const double value : x) inputs.push_back(static_cast<float>((value - mean) / deviation));
}

Dataset gather(const Images& images, std::span<const std::uint32_t> chosen) {
  Dataset data{dimension, Images::classes, {}, {}};
  data.inputs.reserve(chosen.size() * dimension);
  for (const std::uint32_t image : chosen) {
    append(images.pixels.data() + image * Images::pixels_per_image, data.inputs);
    data.labels.push_back(images.labels[image]);
  }
  return data;
}

}  // namespace

Cifar10Images read_cifar10(const std::filesystem::path& file) {
  Images images{file.string(), {}, {}};
  const auto fail = [&](const std::string& what) {
    throw std::runtime_error(fmt::format("{}: {}", images.source, what));
  };
  if (std::filesystem::is_directory(file)) fail("is a directory");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail("cannot be opened");
  std::array<char, record> bytes{};
  for (std::size_t position = 0;; position += record) {
    stream.read(bytes.data(), bytes.size());
    const auto got = static_cast<std::size_t>(stream.gcount());
    if (got == 0) break;
    if (got < record)
      fail(fmt::format("ends at byte {}, within the image of {} bytes at byte {}", position + got,
                       record, position));
    const auto label = static_cast<std::uint8_t>(bytes[0]);
    if (label >= Images::classes)
      fail(fmt::format("label {} at byte {} (must be < {} classes)", label, position,
                       Images::classes));
    images.labels.push_back(label);
    images.pixels.insert(images.pixels.end(), bytes.begin() + 1, bytes.end());
  }
  if (images.count() == 0) fail("is empty");
  return images;
}

DataSplit split_cifar10(const Cifar10Images& images, const Cifar10Config& config,
                        const core::Stream& stream) {
  if (config.train_samples == 0 || config.test_samples == 0)
    throw std::domain_error(
        fmt::format("split_cifar10: train_samples, test_samples = {}, {} (must be >= 1)",
                    config.train_samples, config.test_samples));
  if (images.count() < config.train_samples ||
      images.count() - config.train_samples < config.test_samples)
    throw std::runtime_error(
        fmt::format("{} has {} images, train_samples = {} and test_samples = {} need {}",
                    images.source, images.count(), config.train_samples, config.test_samples,
                    config.train_samples + config.test_samples));
  const std::vector<std::uint32_t> order =
      stream.child("split").permutation(static_cast<std::uint32_t>(images.count()));
  return {gather(images, {order.data(), config.train_samples}),
          gather(images, {order.data() + config.train_samples, config.test_samples})};
}

}  // namespace rmtlab::network

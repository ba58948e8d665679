// SPDX-License-Identifier: MIT
#include "sim/network/idx.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

namespace rmtlab::network {
namespace {

constexpr std::uint32_t image_magic = 2051, label_magic = 2049;
constexpr std::size_t image_header = 16, label_header = 8;  // bytes

// A plain or compressed file: gzread passes on what is not compressed.
class Reader {
public:
  explicit Reader(const std::filesystem::path& file) : name_(file.string()) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) fail("is a directory");
    errno = 0;
    handle_.reset(gzopen(name_.c_str(), "rb"));
    if (!handle_)
      fail(fmt::format("cannot be opened ({})", errno ? std::strerror(errno) : "out of memory"));
  }

  [[nodiscard]] const std::string& name() const { return name_; }

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(fmt::format("{}: {}", name_, what));
  }

  // Big-endian.
  std::uint32_t number(const char* meaning) {
    std::array<std::uint8_t, 4> bytes{};
    if (const std::size_t got = read(bytes); got < bytes.size())
      fail(fmt::format("ends at byte {}, within the {} at byte {}", position_, meaning,
                       position_ - got));
    std::uint32_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8U | byte;
    return value;
  }

  // The rest of the file, which must be `promised` bytes. Grows with what is there: a damaged
  // header may promise more than the machine has.
  std::vector<std::uint8_t> rest(std::uint64_t promised, const char* unit) {
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint8_t> block(std::size_t{1} << 16U);
    std::size_t got = 0;
    while ((got = read(block)) > 0) {
      if (bytes.size() + got > promised)
        fail(fmt::format("holds more than the {} bytes of {} that its header promises", promised,
                         unit));
      bytes.insert(bytes.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got));
    }
    if (bytes.size() < promised)
      fail(fmt::format("holds {} bytes of {}, its header promises {}", bytes.size(), unit,
                       promised));
    return bytes;
  }

private:
  // Reads up to bytes.size() bytes, fewer only at the end of the file.
  std::size_t read(std::span<std::uint8_t> bytes) {
    const int got = gzread(handle_.get(), bytes.data(), static_cast<unsigned>(bytes.size()));
    int code = Z_OK;
    const char* message = gzerror(handle_.get(), &code);
    // A stream cut short is reported as Z_BUF_ERROR, beside the bytes that could be had.
    if (got < 0 || (code != Z_OK && code != Z_STREAM_END))
      fail(fmt::format("cannot be decompressed after byte {} ({})",
                       position_ + static_cast<std::size_t>(std::max(got, 0)), message));
    position_ += static_cast<std::size_t>(got);
    return static_cast<std::size_t>(got);
  }

  struct Close {
    void operator()(gzFile file) const { gzclose(file); }
  };
  std::string name_;
  std::unique_ptr<gzFile_s, Close> handle_;
  std::size_t position_ = 0;  // in the decompressed data
};

void check_magic(Reader& reader, std::uint32_t expected) {
  const std::uint32_t magic = reader.number("magic number");
  if (magic == expected) return;
  const bool for_images = expected == image_magic;
  std::string text = fmt::format("magic number at byte 0 is {} (must be {} for {})", magic,
                                 expected, for_images ? "images" : "labels");
  if (magic == (for_images ? label_magic : image_magic))
    text += fmt::format("; this is a file of {}: are the files of images and labels exchanged?",
                        for_images ? "labels" : "images");
  reader.fail(text);
}

std::size_t positive(Reader& reader, const char* meaning, std::size_t byte) {
  const std::uint32_t value = reader.number(meaning);
  if (value == 0) reader.fail(fmt::format("{} at byte {} is 0", meaning, byte));
  return value;
}

void check(const IdxImages& images, const IdxLabels& labels, const IdxConfig& config) {
  check_split("split_idx", config);
  if (config.classes > 256)
    throw std::domain_error(
        fmt::format("split_idx: classes = {} (must be 2 to 256)", config.classes));
  if (images.count != labels.labels.size())
    throw std::runtime_error(fmt::format("{} has {} images, {} has {} labels", images.source,
                                         images.count, labels.source, labels.labels.size()));
  for (std::size_t i = 0; i < labels.labels.size(); ++i)
    if (labels.labels[i] >= config.classes)
      throw std::runtime_error(fmt::format("{}: label {} at byte {} (must be < {} classes)",
                                           labels.source, labels.labels[i], label_header + i,
                                           config.classes));
}

}  // namespace

IdxImages read_idx_images(const std::filesystem::path& file) {
  Reader reader(file);
  check_magic(reader, image_magic);
  IdxImages images;
  images.source = reader.name();
  images.count = positive(reader, "number of images", 4);
  images.rows = positive(reader, "number of rows", 8);
  images.columns = positive(reader, "number of columns", image_header - 4);
  // Three numbers of 32 bits can exceed 64: no file holds that, so the product may saturate.
  const std::uint64_t image_size = std::uint64_t{images.rows} * images.columns;
  const bool huge = image_size > UINT64_MAX / images.count;
  images.pixels = reader.rest(huge ? UINT64_MAX : images.count * image_size, "pixels");
  return images;
}

IdxLabels read_idx_labels(const std::filesystem::path& file) {
  Reader reader(file);
  check_magic(reader, label_magic);
  const std::size_t count = positive(reader, "number of labels", 4);
  return {reader.name(), reader.rest(count, "labels")};
}

DataSplit split_idx(const IdxImages& images, const IdxLabels& labels, const IdxConfig& config,
                    const core::Stream& stream) {
  check(images, labels, config);
  const std::size_t d = images.pixels_per_image();
  SampleTable table{images.source, "images", d, {}, {}};
  table.labels.assign(labels.labels.begin(), labels.labels.end());
  table.read = [&](std::size_t image, std::span<double> values) {
    std::copy_n(images.pixels.data() + image * d, d, values.begin());
  };
  return split_table(table, config, stream);
}

}  // namespace rmtlab::network

// SPDX-License-Identifier: MIT
#include "sim/io/file_bytes.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace rmtlab::io {
namespace {

std::string system_reason() { return std::generic_category().message(errno); }

std::ifstream open_for_reading(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw std::runtime_error(fmt::format("{}: is a directory (expected a file)", path));
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(fmt::format("{}: cannot be read: {}", path, system_reason()));
  return file;
}

std::string read_to_end(std::istream& stream, const std::string& name, std::uintmax_t expected) {
  std::string content;
  content.reserve(expected);
  std::string block(std::size_t{1} << 18, '\0');
  do {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    content.append(block, 0, static_cast<std::size_t>(stream.gcount()));
  } while (stream);
  if (stream.bad()) throw std::runtime_error(fmt::format("{}: cannot be read to its end", name));
  return content;
}

/// A file under a temporary name that disappears unless it is renamed.
class TemporaryFile {
public:
  explicit TemporaryFile(const std::string& target)
      : path_(fmt::format("{}.partial-{}", target, ::getpid())),
        descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail();
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  TemporaryFile(TemporaryFile&&) = delete;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(path_.c_str());
  }

  void write(const std::string& content) const {
    std::size_t done = 0;
    while (done < content.size()) {
      const ssize_t written = ::write(descriptor_, content.data() + done, content.size() - done);
      if (written < 0 && errno != EINTR) fail();
      if (written > 0) done += static_cast<std::size_t>(written);
    }
  }

  void rename_to(const std::string& target) {
    if (::fsync(descriptor_) != 0) fail();
    const int descriptor = descriptor_;
    descriptor_ = -1;
    // Network file systems report a full disk only here.
    if (::close(descriptor) != 0) fail();
    if (std::rename(path_.c_str(), target.c_str()) != 0) fail();
    renamed_ = true;
  }

private:
  [[noreturn]] void fail() const {
    throw std::runtime_error(fmt::format("{}: cannot be written: {}", path_, system_reason()));
  }

  std::string path_;
  int descriptor_;
  bool renamed_ = false;
};

}  // namespace

std::string display_name(const std::string& path) { return path == "-" ? "standard input" : path; }

std::string read_bytes(const std::string& path) {
  if (path == "-") return read_to_end(std::cin, display_name(path), 0);
  std::ifstream file = open_for_reading(path);
  std::error_code no_size;  // a pipe has none
  const std::uintmax_t size = std::filesystem::file_size(path, no_size);
  return read_to_end(file, path, no_size ? 0 : size);
}

void replace_file(const std::string& path, const std::string& content) {
  if (std::filesystem::exists(path) && !std::filesystem::is_regular_file(path)) {
    throw std::runtime_error(fmt::format("{}: cannot be written: is not a regular file", path));
  }
  TemporaryFile file(path);
  file.write(content);
  file.rename_to(path);
}

}  // namespace rmtlab::io

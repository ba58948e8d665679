// SPDX-License-Identifier: MIT
#include "sim/core/atomic_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace rmtlab::core {
namespace {

[[noreturn]] void fail(const char* what, const std::filesystem::path& path) {
  throw std::runtime_error(std::string("cannot ") + what + ' ' + path.string() + ": " +
                           std::strerror(errno));
}

class Descriptor {
public:
  Descriptor(const std::filesystem::path& path, int flags)
      : value_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (value_ < 0) fail("open", path);
  }
  ~Descriptor() { ::close(value_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int value() const { return value_; }

private:
  int value_;
};

void sync(const std::filesystem::path& path, int flags) {
  const Descriptor descriptor(path, flags);
  // Some network file systems cannot sync a folder; the rename itself is still atomic there.
  if (::fsync(descriptor.value()) != 0 && errno != EINVAL && errno != ENOTSUP) fail("sync", path);
}

}  // namespace

void write_atomically(const std::filesystem::path& path,
                      const std::function<void(const std::filesystem::path&)>& write) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  // The process id keeps two writers of the same file apart; the last rename wins.
  const std::filesystem::path temporary =
      folder / ('.' + path.filename().string() + ".tmp" + std::to_string(::getpid()));
  try {
    write(temporary);
    sync(temporary, O_RDONLY);
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail("rename to", path);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
  sync(folder, O_RDONLY | O_DIRECTORY);
}

void write_atomically(const std::filesystem::path& path, std::string_view contents) {
  write_atomically(path, [&](const std::filesystem::path& temporary) {
    const Descriptor file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    std::string_view left = contents;
    while (!left.empty()) {
      const ssize_t written = ::write(file.value(), left.data(), left.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("write", temporary);
      left.remove_prefix(static_cast<std::size_t>(written));
    }
  });
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    errno = std::filesystem::exists(path) ? (std::filesystem::is_directory(path) ? EISDIR : errno)
                                          : ENOENT;
    fail("read", path);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace rmtlab::core

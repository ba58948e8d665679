// SPDX-License-Identifier: MIT
#include "sim/io/npz.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <zip.h>

#include "sim/io/file_bytes.hpp"
#include "sim/io/text_rows.hpp"

namespace rmtlab::io {
namespace {

constexpr std::string_view suffix = ".npy";

class ZipError {
public:
  ZipError() { zip_error_init(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;
  ~ZipError() { zip_error_fini(&error_); }
  zip_error_t* get() { return &error_; }
  [[nodiscard]] int code() const { return zip_error_code_zip(&error_); }
  std::string text() { return zip_error_strerror(&error_); }

private:
  zip_error_t error_{};
};

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, FreeSource>;

struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using File = std::unique_ptr<zip_file_t, CloseFile>;

[[noreturn]] void fail_to_open(std::string_view bytes, const std::string& name, ZipError& error) {
  if (!is_zip(bytes))
    throw std::runtime_error(
        fmt::format("{}: byte 0: expected the signature of a zip archive, "
                    "found {}",
                    name, quoted(bytes.substr(0, 4))));
  if (error.code() == ZIP_ER_NOZIP)
    throw std::runtime_error(fmt::format(
        "{}: ends at byte {} without the directory that closes a zip archive (cut short?)", name,
        bytes.size()));
  throw std::runtime_error(
      fmt::format("{}: damaged zip archive of {} bytes: {}", name, bytes.size(), error.text()));
}

/// An archive that is given up unless it was closed.
struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

[[noreturn]] void fail_to_write(const std::string& path, const std::string& reason) {
  throw std::runtime_error(fmt::format("{}: cannot be written: {}", path, reason));
}

void add_entry(const std::string& path, zip_t* archive, const std::string& name,
               const std::string& content) {
  constexpr zip_uint16_t midnight = 0, first_of_january_1980 = 1U << 5U | 1U;
  Source source(zip_source_buffer(archive, content.data(), content.size(), 0));
  if (!source) fail_to_write(path, zip_strerror(archive));
  const zip_int64_t index = zip_file_add(archive, name.c_str(), source.get(), ZIP_FL_ENC_UTF_8);
  if (index < 0) fail_to_write(path, zip_strerror(archive));
  static_cast<void>(source.release());  // the archive has it
  const auto entry = static_cast<zip_uint64_t>(index);
  if (zip_set_file_compression(archive, entry, ZIP_CM_STORE, 0) != 0 ||
      zip_file_set_dostime(archive, entry, midnight, first_of_january_1980, 0) != 0)
    fail_to_write(path, zip_strerror(archive));
}

std::string content_of(const std::string& path, zip_source_t* source) {
  zip_stat_t status;
  if (zip_source_stat(source, &status) != 0 || zip_source_open(source) != 0)
    fail_to_write(path, zip_error_strerror(zip_source_error(source)));
  std::string content(status.size, '\0');
  const zip_int64_t got = zip_source_read(source, content.data(), content.size());
  zip_source_close(source);
  if (got < 0 || static_cast<zip_uint64_t>(got) != status.size)
    fail_to_write(path, zip_error_strerror(zip_source_error(source)));
  return content;
}

void check_names(const std::vector<NamedArray>& arrays) {
  if (arrays.empty()) throw std::invalid_argument("write_npz: no arrays");
  std::set<std::string> seen;
  for (const NamedArray& named : arrays) {
    if (named.name.empty()) throw std::invalid_argument("write_npz: an array has no name");
    if (!seen.insert(named.name).second)
      throw std::invalid_argument(fmt::format("write_npz: two arrays are called '{}'", named.name));
  }
}

}  // namespace

bool is_zip(std::string_view bytes) {
  using namespace std::string_view_literals;
  const std::string_view signature = bytes.substr(0, 4);
  return signature == "PK\x03\x04"sv || signature == "PK\x05\x06"sv;
}

void NpzFile::Close::operator()(zip* archive) const { zip_discard(archive); }

NpzFile::NpzFile(std::string_view bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {
  ZipError error;
  if (!is_zip(bytes_)) fail_to_open(bytes_, name_, error);  // libzip takes "" for an empty archive
  Source source(zip_source_buffer_create(bytes_.data(), bytes_.size(), 0, error.get()));
  if (source) archive_.reset(zip_open_from_source(source.get(), ZIP_RDONLY, error.get()));
  if (!archive_) fail_to_open(bytes_, name_, error);
  static_cast<void>(source.release());  // the archive has it
  const zip_int64_t entries = zip_get_num_entries(archive_.get(), 0);
  std::set<std::string> seen;
  for (zip_int64_t i = 0; i < entries; ++i) {
    const char* entry = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0);
    if (!entry)
      throw std::runtime_error(fmt::format("{}: damaged zip archive: entry {} has no name ({})",
                                           name_, i, zip_strerror(archive_.get())));
    std::string text = entry;
    if (!seen.insert(text).second)
      throw std::runtime_error(fmt::format("{}: holds two entries called '{}'", name_, text));
    if (text.ends_with(suffix))
      names_.push_back(text.substr(0, text.size() - suffix.size()));
    else
      others_.push_back(std::move(text));
  }
}

bool NpzFile::contains(std::string_view array) const {
  return std::find(names_.begin(), names_.end(), array) != names_.end();
}

std::string NpzFile::label(std::string_view array) const {
  return fmt::format("{}: {}", name_, array);
}

std::string NpzFile::read(const std::string& array) const {
  if (!contains(array))
    throw std::runtime_error(fmt::format(
        "{}: has no array '{}' (it has {})", name_, array,
        names_.empty() ? std::string("none") : fmt::to_string(fmt::join(names_, ", "))));
  const auto fail = [&](const std::string& what) {
    throw std::runtime_error(fmt::format("{}: {}", label(array), what));
  };
  const std::string entry = array + std::string(suffix);
  zip_stat_t status;
  if (zip_stat(archive_.get(), entry.c_str(), 0, &status) != 0) fail(zip_strerror(archive_.get()));
  if ((status.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && status.encryption_method != ZIP_EM_NONE)
    fail("is encrypted, which is not supported");
  const File file(zip_fopen_index(archive_.get(), status.index, 0));
  if (!file) fail(fmt::format("cannot be read: {}", zip_strerror(archive_.get())));
  std::string content, block(std::size_t{1} << 18U, '\0');
  zip_int64_t got = 0;
  while ((got = zip_fread(file.get(), block.data(), block.size())) > 0)
    content.append(block, 0, static_cast<std::size_t>(got));
  // The checksum is compared once all bytes are there.
  if (got < 0)
    fail(fmt::format("damaged: cannot be read after byte {} of {} ({})", content.size(),
                     status.size, zip_file_strerror(file.get())));
  if (content.size() != status.size)
    fail(fmt::format("damaged: ends at byte {} of {}", content.size(), status.size));
  return content;
}

void write_npz(const std::string& path, const std::vector<NamedArray>& arrays) {
  check_names(arrays);
  ZipError error;
  const Source sink(zip_source_buffer_create(nullptr, 0, 0, error.get()));
  if (!sink) fail_to_write(path, error.text());
  zip_source_keep(sink.get());  // one for the archive
  Archive archive(zip_open_from_source(sink.get(), ZIP_TRUNCATE, error.get()));
  if (!archive) {
    zip_source_free(sink.get());
    fail_to_write(path, error.text());
  }
  std::vector<std::string> contents;  // must live until the archive is closed
  contents.reserve(arrays.size());
  for (const NamedArray& named : arrays) {
    contents.push_back(npy_bytes(named.array));
    add_entry(path, archive.get(), named.name + std::string(suffix), contents.back());
  }
  if (zip_close(archive.get()) != 0) fail_to_write(path, zip_strerror(archive.get()));
  static_cast<void>(archive.release());
  replace_file(path, content_of(path, sink.get()));
}

}  // namespace rmtlab::io

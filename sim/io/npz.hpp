// SPDX-License-Identifier: MIT
/// \file
/// \brief NumPy's .npz files: zip archives whose entries are .npy files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/io/npy.hpp"

struct zip;

namespace rmtlab::io {

/// Whether `bytes` begin like a zip archive (an empty one included).
bool is_zip(std::string_view bytes);

/**
 * \brief The arrays of one archive, stored or compressed.
 *
 * An array's name is that of its entry without ".npy", as in NumPy. Its content is checked against the
 * archive's checksum (CRC-32) and size when it is read, and memory grows with what is there, not with
 * what the directory promises.
 */
class NpzFile {
public:
  /// \param bytes the whole file, which must outlive the object; \param name stands in front of every
  ///   message.
  /// \throws std::runtime_error with the file's length if it ends without the directory that closes an
  ///   archive (cut short), with the reason if the directory is inconsistent, and if two entries have
  ///   one name.
  NpzFile(std::string_view bytes, std::string name);

  /// In front of messages.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// Names of the arrays in the archive's order.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  /// Names of the entries that are no .npy files.
  [[nodiscard]] const std::vector<std::string>& others() const { return others_; }
  [[nodiscard]] bool contains(std::string_view array) const;

  /// "archive.npz: x_train", for messages about an array.
  [[nodiscard]] std::string label(std::string_view array) const;

  /// The .npy file of an array.
  /// \throws std::runtime_error naming archive and array: there is none of this name (with those there
  ///   are), it is encrypted, compressed by an unknown method, or damaged (with the byte of the array
  ///   after which it cannot be read).
  [[nodiscard]] std::string read(const std::string& array) const;

private:
  struct Close {
    void operator()(zip* archive) const;
  };
  std::string_view bytes_;
  std::string name_;
  std::unique_ptr<zip, Close> archive_;
  std::vector<std::string> names_, others_;
};

struct NamedArray {
  std::string name;
  NpyArray array;
};

/**
 * \brief Writes arrays as an archive that NumPy's `load` reads.
 *
 * Entries are stored, not compressed, in the order given and dated 1980-01-01, so equal arrays give
 * equal bytes. The file appears complete or not at all (replace_file).
 * \throws std::invalid_argument if there are no arrays, a name is empty or given twice, or a shape does
 *   not fit its values; std::runtime_error if the file cannot be written.
 */
void write_npz(const std::string& path, const std::vector<NamedArray>& arrays);

}  // namespace rmtlab::io

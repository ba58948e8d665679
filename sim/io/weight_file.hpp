// SPDX-License-Identifier: MIT
/// \file
/// \brief The weight matrices in a file, whatever its format.
#pragma once

#include <string>
#include <vector>

#include <armadillo>

namespace rmtlab::io {

struct NamedMatrix {
  std::string name;          ///< of the tensor in the file; the file's stem if it has no names
  arma::mat values;          ///< as stored: rows and columns are not exchanged
  std::string source_dtype;  ///< element type in the file: "<f4", "text", ...
};

/// A tensor that is left out, and why.
struct SkippedTensor {
  std::string name;
  std::string reason;
};

struct WeightFile {
  std::vector<NamedMatrix> matrices;  ///< in the file's order
  std::vector<SkippedTensor> skipped;
};

/**
 * \brief Reads every matrix of a weight file.
 *
 * The format is known by the first bytes of the file, else by its extension: NumPy's .npy (one
 * array) and .npz (an archive of them), .safetensors, or text (.txt, .csv, .tsv, .dat, or any file that begins with
 * a row of numbers). `-` is standard input, in any of them. Vectors, scalars, tensors of three or more
 * dimensions and empty arrays are listed under `skipped`; so are arrays of an archive whose type is
 * not known, its other entries, and tensors of a safetensors file that are not F64, F32, F16 or BF16.
 *
 * \throws std::runtime_error naming the file: absent, a directory, malformed (as the reader of its
 *   format says), or of no known format, with the list of formats.
 */
WeightFile read_weight_file(const std::string& path);

/// The formats that can be read, one a line, for help texts: "NumPy array (.npy)".
std::vector<std::string> supported_weight_formats();

}  // namespace rmtlab::io

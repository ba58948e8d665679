// SPDX-License-Identifier: MIT
/// \file
/// \brief SHA-256 of bytes and files: identities of streams, checksums of records, hashes of inputs.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace rmtlab::core {

using Sha256Digest = std::array<unsigned char, 32>;

Sha256Digest sha256(std::string_view bytes);

/// Lower-case hexadecimal, 64 characters.
std::string sha256_hex(std::string_view bytes);

/// \throws std::runtime_error naming the path if the file cannot be read.
std::string sha256_hex_of_file(const std::filesystem::path& path);

}  // namespace rmtlab::core

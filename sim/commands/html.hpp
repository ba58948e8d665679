// SPDX-License-Identifier: MIT
/// \file
/// \brief Text and pictures as they stand in an HTML page.
#pragma once

#include <string>
#include <string_view>

namespace rmtlab::commands {

/// `text` with `& < > " '` as character references: safe between tags and in quoted attributes.
/// Control characters that HTML does not allow become U+FFFD.
std::string escaped(std::string_view text);

/// "data:image/png;base64,...": the bytes of a PNG file as the address of an image (RFC 2397, 4648).
std::string png_address(std::string_view bytes);

/// `text` without the folders of paths that are absolute or lead out of the working folder: "cannot
/// open /home/me/x.npy" becomes "cannot open x.npy", "../me/x.npy" becomes "x.npy". Pages are
/// published; the folders of a machine are not.
std::string without_folders(const std::string& text);

}  // namespace rmtlab::commands

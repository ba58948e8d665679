// SPDX-License-Identifier: MIT
#include "sim/commands/html.hpp"

#include <algorithm>
#include <cstdint>
#include <regex>

namespace rmtlab::commands {

std::string escaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else if (c == '\'')
      result += "&#39;";
    else if ((code < 0x20 && c != '\n' && c != '\t') || code == 0x7f)
      result += "\xEF\xBF\xBD";
    else
      result += c;
  }
  return result;
}

std::string png_address(std::string_view bytes) {
  static constexpr char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text = "data:image/png;base64,";
  text.reserve(text.size() + bytes.size() * 4 / 3 + 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= n ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

std::string without_folders(const std::string& text) {
  static const std::regex folders(
      R"((^|[\s'"=(\[,])((\.\./)+([^\s/'",()\[\]]+/)*|/([^\s/'",()\[\]]+/)+))");
  return std::regex_replace(text, folders, "$1");
}

}  // namespace rmtlab::commands

// SPDX-License-Identifier: MIT
#include "sim/commands/html.hpp"

#include <regex>

#include <openssl/evp.h>

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
  const std::string head = "data:image/png;base64,";
  std::string text = head + std::string(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + head.size()),
                                      reinterpret_cast<const unsigned char*>(bytes.data()),
                                      static_cast<int>(bytes.size()));
  text.resize(head.size() + static_cast<std::size_t>(written));  // without the closing zero
  return text;
}

std::string without_folders(const std::string& text) {
  static const std::regex folders(
      R"((^|[\s'"=(\[,])((\.\./)+([^\s/'",()\[\]]+/)*|/([^\s/'",()\[\]]+/)+))");
  return std::regex_replace(text, folders, "$1");
}

}  // namespace rmtlab::commands

// SPDX-License-Identifier: MIT
#include "sim/commands/report_picture_text.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "sim/core/atomic_file.hpp"

namespace rmtlab::commands {
namespace {

namespace fs = std::filesystem;

// A folder for the files that gnuplot writes.
class ScratchFolder {
public:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "rmtlab-report-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error("no temporary folder can be made in " +
                               fs::temp_directory_path().string());
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// At most `most` characters of UTF-8, the last one a full stop where something is missing.
std::string shortened(const std::string& text, std::size_t most) {
  std::size_t characters = 0, end = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (continues_character(text[i])) continue;
    if (characters == most - 1) end = i;
    ++characters;
  }
  return characters <= most ? text : text.substr(0, end) + '.';
}

}  // namespace

std::string colour_name(const std::string& code) {
  const auto at =
      std::ranges::find_if(line_colours, [&](const NamedColour& c) { return code == c.code; });
  return at == line_colours.end() ? code : at->name;
}

std::string literal(const std::string& text, std::size_t most) {
  std::string result;
  for (const char c : shortened(text, most)) {
    if (c == '`')
      result += '\'';  // a back-quoted word is a command to gnuplot
    else if (static_cast<unsigned char>(c) < 0x20)
      result += ' ';
    else if (std::string_view("_^{}@&~\\").find(c) != std::string_view::npos)
      (result += '\\') += c;
    else
      result += c;
  }
  return result;
}

std::string png_of(const figures::Figure& figure) {
  const ScratchFolder folder;
  figure.save(folder.path() / "picture");
  return core::read_file(folder.path() / "picture.png");
}

}  // namespace rmtlab::commands

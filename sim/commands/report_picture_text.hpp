// SPDX-License-Identifier: MIT
/// \file
/// \brief Names and numbers in the pictures of a report, and the picture's bytes.
#pragma once

#include <array>
#include <string>

#include "figures/plot.hpp"

namespace rmtlab::commands {

/// A colour with its name, for those who do not see the picture.
struct NamedColour {
  const char* code;
  const char* name;
};

inline constexpr std::array<NamedColour, 8> line_colours{
    {{figures::colour::blue, "blue"},
     {figures::colour::vermillion, "vermillion"},
     {figures::colour::green, "green"},
     {figures::colour::orange, "orange"},
     {figures::colour::purple, "purple"},
     {figures::colour::sky, "sky blue"},
     {figures::colour::black, "black"},
     {figures::colour::grey, "grey"}}};

/// "blue"; the code itself of a colour without a name.
std::string colour_name(const std::string& code);

/// `text` as gnuplot's enhanced mode draws it literally, shortened to `most` characters.
std::string literal(const std::string& text, std::size_t most);

/// The PNG of a figure. \throws std::runtime_error if gnuplot is missing or refuses the figure.
std::string png_of(const figures::Figure& figure);

}  // namespace rmtlab::commands

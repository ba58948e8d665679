// SPDX-License-Identifier: MIT
/// \file
/// \brief A matrix written as text, one row a line.
#pragma once

#include <string>
#include <string_view>

#include <armadillo>

namespace rmtlab::io {

/// The N x M matrix whose N rows are the lines of `content`, as TextRows reads them (blanks or
/// commas, `#` comments, a header of words). `name` stands in front of messages.
/// \throws std::runtime_error "name:line: found ..., expected ..." for text that is no number or a
///   row of another length than the first; naming the file if it has no rows.
arma::mat parse_text_matrix(std::string_view content, const std::string& name);

}  // namespace rmtlab::io
